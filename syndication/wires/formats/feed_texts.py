"""Words and markup of feeds: plain words with markup, empty ones, unknown kinds, what could run in a browser."""

import base64
import binascii
import re
from collections.abc import Iterator

from django.utils.translation import gettext as _

from articles.body.names import names
from syndication.wires.formats import feed_words as known
from syndication.wires.formats.feed_values import is_media_type
from syndication.wires.xml_tree import Node

TEXTS = frozenset(("title", "subtitle", "summary", "content", "rights", "tagline", "info", "copyright"))
"""Atom's elements that say what kind of text they hold."""

_KINDS = {"", "text", "html", "xhtml"}
_MARKUP = re.compile(r"</?[A-Za-z][^<>]{0,200}>|&(?:#\d+|#x[0-9A-Fa-f]+|[A-Za-z]+);")
_TAG = re.compile(r"</?[A-Za-z][^<>]{0,200}>")
_RUNS = re.compile(
    r"<(script|object|embed|applet|iframe|frame|meta|base|link|form|style|blink|platypus)\b"
    r"|\son[a-z]+\s*=|javascript:",
    re.IGNORECASE,
)
_STYLE = re.compile(r"\bstyle\s*=\s*(?:\"([^\"]*)\"|'([^']*)')", re.IGNORECASE)
_SAFE_STYLE = re.compile(
    r"\s*(?:(?:azimuth|background-color|border[a-z-]*|clear|color|cursor|direction|display|elevation|float|font[a-z-]*"
    r"|height|letter-spacing|line-height|overflow|pause[a-z-]*|pitch[a-z-]*|richness|speak[a-z-]*|speech-rate|stress"
    r"|text-[a-z-]+|unicode-bidi|vertical-align|voice-family|volume|white-space|width|padding[a-z-]*|margin[a-z-]*)"
    r"\s*:\s*[^;:()@\\]{0,60}(?:;|$)\s*)*"
)
_HUGE = re.compile(r"\d{4,}|-\d{2,}")
_HTML_TAGS = names(
    "a abbr acronym address area article aside b big blockquote br button caption center cite code col colgroup dd "
    "del dfn dir div dl dt em fieldset figure figcaption font footer form h1 h2 h3 h4 h5 h6 header hr i img input "
    "ins kbd label legend li main map mark menu nav ol optgroup option p pre q s samp section select small span "
    "strike strong sub sup table tbody td textarea tfoot th thead time tr tt u ul var ruby rb rp rt rtc rbc picture "
    "source video audio body html head title wbr"
)


def faults_of_text(node: Node, above: Node, is_atom: bool) -> tuple[list[str], bool]:
    """What is wrong with the words an element holds, and whether what is inside it has been judged with that."""
    if is_atom and node.name in TEXTS and ":" not in node.name:
        return list(_of_atom_text(node)), True
    if node.name in {"description", "content:encoded"} or node.name.startswith("xhtml:"):
        return list(_of_markup(node)), True
    is_source = is_atom and node.name == "source"
    found = [] if is_source else list(_of_plain(node, above, is_atom))
    return found, node.name in known.PLAIN and not is_source


def _said(words: str, node: Node) -> str:
    return words % {"name": node.name[:40]}


def _of_plain(node: Node, above: Node, is_atom: bool) -> Iterator[str]:
    has_elements = any(node.elements())
    is_plain = node.name in known.PLAIN or (node.name == "title" and not is_atom)
    if has_elements and is_plain:
        yield _said(_("“%(name)s” holds elements where words belong."), node)
    empty = not node.text().strip() and not has_elements
    if empty and ":" not in node.name and (not node.attributes or node.name == "generator"):
        yield _said(_("“%(name)s” is empty."), node)
    if is_plain and not has_elements and _MARKUP.search(node.text()):
        yield _said(_("“%(name)s” holds markup where plain words belong."), node)
    if node.name == "name" and re.search(r"\S@\S+\.\S", node.text()):
        yield _said(_("“%(name)s” holds a mail address."), node)


def _of_atom_text(node: Node) -> Iterator[str]:
    kind = node.attributes.get("type", "").strip()
    old = "mode" in node.attributes
    is_content = node.name == "content"
    if "type" in node.attributes and not kind:
        yield _said(_("“%(name)s” says of no kind that it is."), node)
    if kind not in _KINDS and not old and not (is_content and is_media_type(kind)) and "/" not in kind:
        yield _said(_("“%(name)s” is of a kind that nobody knows."), node)
    if (
        kind not in _KINDS
        and not old
        and (not is_content or kind.startswith(("multipart/", "message/")) or not is_media_type(kind))
    ):
        yield _said(_("“%(name)s” is of a kind that cannot stand there."), node)
    yield from _of_source(node, kind)
    if not node.text().strip() and not any(node.elements()) and "src" not in node.attributes:
        yield _said(_("“%(name)s” is empty."), node)
    yield from _by_kind(node, kind, old)
    yield from _of_markup(node)


def _of_source(node: Node, kind: str) -> Iterator[str]:
    if "src" in node.attributes:
        if kind in {"text", "html", "xhtml"}:
            yield _said(_("“%(name)s” is of a kind that cannot stand there."), node)
        if node.text().strip() or any(node.elements()):
            yield _said(_("“%(name)s” lies elsewhere and holds words all the same."), node)


def _by_kind(node: Node, kind: str, old: bool) -> Iterator[str]:
    elements = list(node.elements())
    if old or "/" in kind:
        yield from _of_media(node, kind, elements)
        return
    if kind == "xhtml":
        wrapped = (
            len(elements) == 1 and elements[0].local == "div" and elements[0].space == "http://www.w3.org/1999/xhtml"
        )
        if not wrapped:
            yield _said(_("“%(name)s” says XHTML and has no div of it."), node)
        elif not any(elements[0].elements()) and _TAG.search(node.text()):
            yield _said(_("“%(name)s” says XHTML, and its markup is written as words."), node)
        elif any(not one.space for one in elements[0].walk()):
            yield _said(_("“%(name)s” says XHTML and holds elements that are none of it."), node)
    elif elements:
        yield _said(_("“%(name)s” holds elements where words belong."), node)
    elif kind != "html" and re.search(rf"{_TAG.pattern}|&(?:lt|gt|amp|nbsp|#\d+);", node.text()):
        yield _said(_("“%(name)s” holds markup and does not say so."), node)


def _of_media(node: Node, kind: str, elements: list[Node]) -> Iterator[str]:
    if kind.endswith(("+xml", "/xml")) and node.name == "content":
        if (
            len(elements) != 1
            or any(isinstance(child, str) and child.strip() for child in node.children)
            or ("xhtml" in kind and elements[0].local != "html")
        ):
            yield _said(_("“%(name)s” is no whole document of its kind."), node)
    elif (
        kind.startswith(("image/", "audio/", "video/", "application/"))
        and "src" not in node.attributes
        and not elements
    ):
        try:
            base64.b64decode("".join(node.text().split()), validate=True)
        except (binascii.Error, ValueError):
            yield _said(_("“%(name)s” is not packed as its kind wants it."), node)


def _of_markup(node: Node) -> Iterator[str]:
    """Of markup, escaped or not: what could run, styles that could hide or cover, elements nobody knows."""
    markup = node.inner_html() if any(node.elements()) else node.text()
    if _RUNS.search(markup) or any(not _is_known(one) for one in node.walk() if one is not node):
        yield _said(_("“%(name)s” holds what a browser could run, or nobody knows: it is taken out."), node)
    for match in _STYLE.finditer(markup):
        style = match[1] if match[1] is not None else match[2]
        if not _SAFE_STYLE.fullmatch(style) or _HUGE.search(style):
            yield _said(_("“%(name)s” holds styles, which are taken out."), node)


def _is_known(node: Node) -> bool:
    if node.space not in {"", "http://www.w3.org/1999/xhtml"} and not node.name.startswith("xhtml:"):
        return False
    return node.local in _HTML_TAGS and not any(name.startswith("on") for name in node.attributes)
