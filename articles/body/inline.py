"""Running text as a flat list of pieces, each with its marks: no nesting to go wrong, one spelling for each look."""

import html
import re
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from articles.body.links import clean_href
from articles.body.tree import Element

MARKS = ("strong", "em", "s", "code", "sub", "sup")
"""In the order in which they are written, inside a link."""

MARK_OF = {
    **dict.fromkeys(("b", "strong"), "strong"),
    **dict.fromkeys(("i", "em", "cite", "dfn", "var"), "em"),
    **dict.fromkeys(("s", "del", "strike"), "s"),
    **dict.fromkeys(("code", "kbd", "samp", "tt"), "code"),
    "sub": "sub",
    "sup": "sup",
}
BLANK = " \t\n\r\f\xa0"
_BLANKS = re.compile(r"[ \t\n\r\f\xa0]{2,}|[\t\n\r\f]")
_INVISIBLE = re.compile(r"[\s\u200b-\u200f\u2060\u00ad\u2800\u3164]*")
_BOLD = re.compile(r"(?<![\w-])font-weight:\s*(bold|[6-9]00|normal|[1-5]00)")
_ITALIC = re.compile(r"(?<![\w-])font-style:\s*(italic|oblique|normal)")
_STRUCK = re.compile(r"(?<![\w-])text-decoration(?:-line)?:[^;]*line-through")
_RAISED = re.compile(r"(?<![\w-])vertical-align:\s*(super|sub)\b")


class Style(NamedTuple):
    """How a piece of text looks: the address it links to, and its marks."""

    href: str = ""
    marks: frozenset[str] = frozenset()


class Piece(NamedTuple):
    """A piece of running text; ``"\\n"`` in ``BREAK`` alone stands for a line break."""

    text: str
    style: Style


BREAK = Piece("\n", Style("break"))
PLAIN = Style()


def styled(element: Element, style: Style) -> Style:
    """The style inside the inline ``element`` when ``style`` holds around it."""
    marks = style.marks
    if mark := MARK_OF.get(element.tag):
        marks |= {mark}
    if css := element.attributes.get("style"):
        marks = _from_css(css.lower(), marks)
    href = clean_href(element.attributes.get("href", "")) if element.tag == "a" else ""
    return Style(href or style.href, marks)


def _from_css(css: str, marks: frozenset[str]) -> frozenset[str]:
    """What Google Docs and Word say by ``style`` rather than by tags."""
    if found := _BOLD.search(css):
        marks = marks | {"strong"} if found[1] in {"bold", "600", "700", "800", "900"} else marks - {"strong"}
    if found := _ITALIC.search(css):
        marks = marks - {"em"} if found[1] == "normal" else marks | {"em"}
    if _STRUCK.search(css):
        marks |= {"s"}
    if found := _RAISED.search(css):
        marks |= {"sup" if found[1] == "super" else "sub"}
    return marks


def paragraphs(pieces: Iterable[Piece]) -> Iterator[list[Piece]]:
    """The pieces with blanks joined and trimmed, split where two line breaks follow each other."""
    paragraph: list[Piece] = []
    for line in _lines(pieces):
        trimmed = _trimmed(line)
        if trimmed:
            paragraph += [BREAK, *trimmed] if paragraph else trimmed
        elif paragraph:
            yield paragraph
            paragraph = []
    if paragraph:
        yield paragraph


def one_line(pieces: Iterable[Piece]) -> list[Piece]:
    """The pieces as one paragraph, whatever breaks they hold."""
    joined: list[Piece] = []
    for paragraph in paragraphs(pieces):
        joined += [BREAK, *paragraph] if joined else paragraph
    return joined


def _lines(pieces: Iterable[Piece]) -> Iterator[list[Piece]]:
    line: list[Piece] = []
    for piece in pieces:
        if piece is BREAK:
            yield line
            line = []
        else:
            line.append(piece)
    yield line


def _trimmed(line: list[Piece]) -> list[Piece]:
    """One blank between words, none at the ends; nothing if nothing is visible."""
    if all(_INVISIBLE.fullmatch(piece.text) for piece in line):
        return []
    kept: list[Piece] = []
    after_blank = True
    for text, style in line:
        joined = text if text.isprintable() and "  " not in text else _BLANKS.sub(" ", text)
        if after_blank:
            joined = joined.lstrip(BLANK)
        if joined:
            kept.append(Piece(joined, style))
            after_blank = joined[-1] in BLANK
    while kept:
        last = kept.pop()
        if text := last.text.rstrip(BLANK):
            return [*kept, Piece(text, last.style)]
    return kept


def markup(pieces: Iterable[Piece], without: frozenset[str] = frozenset()) -> str:
    """The pieces as HTML, with the marks ``without`` left out. Equal neighbours share their tags."""
    out: list[str] = []
    open_tags: list[str] = []
    for piece in pieces:
        if piece is BREAK:
            _close_to(open_tags, 0, out)
            out.append("<br>")
            continue
        wanted = _tags(piece.style, without)
        shared = 0
        while shared < min(len(open_tags), len(wanted)) and open_tags[shared] == wanted[shared]:
            shared += 1
        _close_to(open_tags, shared, out)
        for tag in wanted[shared:]:
            out.append(f"<{tag}>")
            open_tags.append(tag)
        out.append(html.escape(piece.text, quote=False))
    _close_to(open_tags, 0, out)
    return "".join(out)


def _tags(style: Style, without: frozenset[str]) -> list[str]:
    tags = [f'a href="{html.escape(style.href)}"'] if style.href else []
    return tags + [mark for mark in MARKS if mark in style.marks and mark not in without]


def _close_to(open_tags: list[str], count: int, out: list[str]) -> None:
    while len(open_tags) > count:
        out.append(f"</{open_tags.pop().partition(' ')[0]}>")
