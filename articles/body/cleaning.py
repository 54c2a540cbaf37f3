"""From whatever arrives (the editor, a paste, an import, an attack) to the stored source."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from articles.body import inline, limits, references, tables, word_lists
from articles.body.inline import BREAK, PLAIN, Piece, Style
from articles.body.policy import stored_form
from articles.body.tree import BLOCKS, VOID, Element, Node, parse

MAX_NESTING = 6
"""Lists and quotes inside one another; what is deeper joins its parent."""

HEADINGS = {"h1": "h2", "h2": "h2", "h3": "h3", "h4": "h4", "h5": "h4", "h6": "h4"}
_CONTROL = {code: None for code in range(32) if chr(code) not in "\t\n\r\f"} | {127: None, 0xFEFF: None}


def clean(source: str) -> str:
    """The source to store for ``source``: clean HTML with references only, one block a line.

    Cleaning what is clean changes nothing. Raises ``limits.BodyRefused`` for
    text too long or too deeply nested; its message is for the writer.
    """
    limits.check_length(source)
    text = limits.without_comments(source.encode("utf-8", "ignore").decode().translate(_CONTROL))
    if not text.strip():
        return ""
    limits.check_depth(text)
    flow = Flow("top", word="mso-list" in text)
    flow.walk(parse(text).children)
    flow.flush()
    limits.check_length("\n".join(block.html for block in flow.blocks))
    return "\n".join(stored_form.clean(block.html) for block in flow.blocks)


@dataclass(frozen=True, slots=True)
class Block:
    """A finished block: its tag, and its HTML; of a paragraph also what is inside."""

    tag: str
    html: str
    inner: str = ""


Place = Literal["top", "nested"]


class Flow:
    """Collects the blocks of one place: the body, or a list item, quote or table cell.

    A nested place holds paragraphs and lists only; pictures and other figures
    found there move behind the block they were in (``hoisted``).
    """

    def __init__(self, place: Place, nesting: int = 0, *, word: bool = False, hoisted: list[Block] | None = None):
        self.place = place
        self.nesting = nesting
        self.word = word
        self.hoisted: list[Block] = [] if hoisted is None else hoisted
        self.blocks: list[Block] = []
        self.run: list[Piece] = []
        self.heading = ""

    # Text

    def walk(self, children: Iterable[Node], style: Style = PLAIN) -> None:
        """Take in ``children``, styled as ``style``."""
        if self.word and isinstance(children, list):
            children = word_lists.with_lists(children)
        for child in children:
            if isinstance(child, str):
                self.run.append(Piece(child, style))
            elif child.tag in BLOCKS or child.tag in VOID:
                self._block(child, style)
            else:
                self.walk(child.children, inline.styled(child, style))

    def flush(self) -> None:
        """Turn the running text into paragraphs, or into the heading it stands in."""
        pieces, self.run = self.run, []
        if not pieces:
            return
        if self.heading:
            if inner := inline.markup(inline.one_line(pieces), without=frozenset(("strong",))):
                self.blocks.append(Block(self.heading, f"<{self.heading}>{inner}</{self.heading}>"))
            return
        for paragraph in inline.paragraphs(pieces):
            inner = inline.markup(paragraph)
            self.blocks.append(Block("p", f"<p>{inner}</p>", inner))

    # Blocks

    def _block(self, element: Element, style: Style) -> None:
        if element.tag == "br":
            self.run.append(BREAK)
            return
        self.flush()
        if references.is_reference(element.attributes):
            self._reference(element)
        elif self.heading:
            self.walk(element.children, style)
        elif element.tag in HEADINGS and self.place == "top":
            self.heading = HEADINGS[element.tag]
            self.walk(element.children, style)
            self.flush()
            self.heading = ""
        else:
            self._structure(element, style)
        self.flush()

    def _structure(self, element: Element, style: Style) -> None:
        match element.tag:
            case "ul" | "ol" | "menu" if self.nesting < MAX_NESTING:
                self._list(element, style)
            case "blockquote" if self.place == "top":
                inside = self._inside(element.children, style)
                self._add("blockquote", "".join(block.html for block in inside))
            case "table" if self.place == "top":
                self._table(element, style)
            case "hr" if self.place == "top":
                self.blocks.append(Block("hr", "<hr>"))
            case "hr":
                pass
            case "pre":
                self._preformatted(element, style)
            case "figure" if _is_picture_only(element):
                pass
            case _:
                self.walk(element.children, style)

    def _reference(self, element: Element) -> None:
        reference = references.read(element.attributes)
        if reference is not None:
            self.hoisted.append(Block("figure", reference.markup()))
        if self.place == "top":
            self._put_hoisted()

    def _put_hoisted(self) -> None:
        self.blocks += self.hoisted
        self.hoisted.clear()

    def _inside(self, children: Iterable[Node], style: Style) -> list[Block]:
        """The blocks of a place within this one."""
        flow = Flow("nested", self.nesting + 1, word=self.word, hoisted=self.hoisted)
        flow.walk(children, style)
        flow.flush()
        return flow.blocks

    def _add(self, tag: str, inner: str, attributes: str = "") -> None:
        if inner:
            self.blocks.append(Block(tag, f"<{tag}{attributes}>{inner}</{tag}>"))
        if self.place == "top":
            self._put_hoisted()

    def _preformatted(self, element: Element, style: Style) -> None:
        """Lines stay lines, as breaks."""
        self.walk(_with_breaks(element).children, style)

    # Lists

    def _list(self, element: Element, style: Style) -> None:
        tag = "ol" if element.tag == "ol" else "ul"
        items: list[list[Block]] = []
        for child in _elements(element):
            inside = self._inside([child] if child.tag in {"ul", "ol"} else child.children, style)
            if child.tag in {"ul", "ol"} and items:
                items[-1] += inside
            elif inside:
                items.append(inside)
        if len(items) == 1 and all(block.tag != "p" for block in items[0]):
            self.blocks += items[0]  # a list whose only item is a list says nothing more than that list
            items = []
        start = element.attributes.get("start", "")
        numbered_from = f' start="{int(start)}"' if tag == "ol" and _is_start(start) else ""
        self._add(tag, "".join(f"<li>{_compact(item)}</li>" for item in items), numbered_from)

    # Tables

    def _table(self, element: Element, style: Style) -> None:
        rows: list[tables.Row] = []
        for part in _elements(element):
            if part.tag == "caption":
                self.walk([Element("strong", children=part.children)], style)
                self.flush()
            rows += [self._row(row, part.tag == "thead", style) for row in _elements(part) if row.tag == "tr"]
        if markup := tables.markup(rows):
            self.blocks.append(Block("table", markup))
        self._put_hoisted()

    def _row(self, row: Element, in_head: bool, style: Style) -> tables.Row:
        return [
            tables.Cell(
                content=_compact(self._inside(cell.children, style)),
                header=cell.tag == "th" or in_head,
                columns=_span(cell, "colspan"),
                rows=_span(cell, "rowspan"),
                scope=cell.attributes.get("scope", "").lower(),
            )
            for cell in _elements(row)
        ]


def _elements(element: Element) -> Iterable[Element]:
    """The elements in ``element``; text that stands between them in a list gets an item of its own."""
    for child in element.children:
        if isinstance(child, Element):
            yield child
        elif child.strip():
            yield Element("li", children=[child])


def _compact(blocks: list[Block]) -> str:
    """The inside of a list item or cell: bare text where one paragraph is followed by lists at most."""
    texts = [block for block in blocks if block.tag == "p"]
    if len(texts) == 1 and blocks[0] is texts[0]:
        return texts[0].inner + "".join(block.html for block in blocks[1:])
    return "".join(block.html for block in blocks)


def _is_picture_only(figure: Element) -> bool:
    """Whether a foreign figure loses all it showed with its picture; its caption alone would mean nothing."""
    rest = (child for child in figure.children if isinstance(child, str) or child.tag != "figcaption")
    captions = any(isinstance(child, Element) and child.tag == "figcaption" for child in figure.children)
    return captions and not "".join(word_lists.text_of(node) for node in rest).strip()


def _with_breaks(element: Element) -> Element:
    """A copy in which every line end is a ``<br>``."""
    children: list[Node] = []
    for child in element.children:
        if isinstance(child, Element):
            children.append(_with_breaks(child))
            continue
        for index, line in enumerate(child.replace("\r\n", "\n").split("\n")):
            children += [Element("br"), line] if index else [line]
    return Element(element.tag, element.attributes, children)


def _is_start(text: str) -> bool:
    return text.isascii() and text.isdigit() and 1 < int(text[:6]) <= 99_999 and len(text) < 6  # noqa: PLR2004


def _span(cell: Element, name: str) -> int:
    text = cell.attributes.get(name, "")
    return max(1, int(text)) if text.isascii() and text.isdigit() and len(text) < 4 else 1  # noqa: PLR2004
