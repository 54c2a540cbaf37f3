"""A stored story as its reader meets it: paragraphs, headings, items, quotes, rows of tables, pictures, embeds."""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from articles.body import references
from articles.body.tree import Element, Node, parse

TEXT_LEVEL = frozenset(("a", "strong", "em", "s", "sub", "sup", "code", "br"))
CONTAINERS = {"ul": "item", "ol": "item", "blockquote": "quote"}
CELL_BREAK = " │ "


class Shape(StrEnum):
    """What a block is."""

    PARAGRAPH = "paragraph"
    HEADING = "heading"
    ITEM = "item"
    QUOTE = "quote"
    ROW = "row"
    PICTURE = "picture"
    GALLERY = "gallery"
    EMBED = "embed"
    RULE = "rule"


WRITTEN = frozenset((Shape.PARAGRAPH, Shape.HEADING, Shape.ITEM, Shape.QUOTE))
"""Blocks that can become one another without becoming something else."""


@dataclass(frozen=True, slots=True)
class Block:
    """One of them. ``text`` is its words, of a picture its caption; ``marked`` are its links (words, address) and
    the words it sets off (words, ""); ``images`` the library pictures it shows; ``url`` of an embed."""

    shape: Shape
    text: str = ""
    level: int = 0
    marked: tuple[tuple[str, str], ...] = ()
    images: tuple[int, ...] = ()
    url: str = ""
    detail: str = ""

    @property
    def words(self) -> list[str]:
        """Its words, for counting."""
        return self.text.split()


def blocks_of(source: str) -> list[Block]:
    """The blocks of a stored source, in order; empty ones are left out."""
    return [block for block in _walk(parse(source), Shape.PARAGRAPH, 0) if block.text or _is_thing(block)]


def _is_thing(block: Block) -> bool:
    return bool(block.images or block.url or block.shape is Shape.RULE)


def _walk(element: Element, shape: Shape, level: int) -> Iterator[Block]:
    """Blocks within, loose words between them as blocks of their own."""
    loose: list[Node] = []
    for child in element.children:
        if isinstance(child, str) or child.tag in TEXT_LEVEL:
            loose.append(child)
            continue
        yield from _written(loose, shape, level)
        loose = []
        yield from _block(child, shape, level)
    yield from _written(loose, shape, level)


def _block(element: Element, shape: Shape, level: int) -> Iterator[Block]:
    match element.tag:
        case "h2" | "h3" | "h4":
            yield from _written(element.children, Shape.HEADING, int(element.tag[1]))
        case "hr":
            yield Block(Shape.RULE)
        case "figure":
            yield from _figure(element)
        case "tr":
            yield from _row(element)
        case tag if tag in CONTAINERS:
            yield from _walk(element, Shape(CONTAINERS[tag]), level + 1)
        case _:
            yield from _walk(element, shape, level)


def _written(children: list[Node], shape: Shape, level: int) -> Iterator[Block]:
    marked: list[tuple[str, str]] = []
    text = _words(children, marked).strip()
    if text:
        yield Block(shape, text, level, tuple(marked))


def _words(children: list[Node], marked: list[tuple[str, str]]) -> str:
    parts = []
    for child in children:
        if isinstance(child, str):
            parts.append(" ".join(f"-{child}-".split())[1:-1])
        elif child.tag == "br":
            parts.append("\n")
        else:
            words = _words(child.children, marked)
            if child.tag in TEXT_LEVEL:
                marked.append((words.strip(), child.attributes.get("href", "")))
            parts.append(words)
    return "".join(parts)


def _row(element: Element) -> Iterator[Block]:
    marked: list[tuple[str, str]] = []
    cells = [_cell(cell, marked) for cell in element.children if isinstance(cell, Element)]
    if any(cells):
        yield Block(Shape.ROW, CELL_BREAK.join(cells), 0, tuple(marked))


def _cell(cell: Element, marked: list[tuple[str, str]]) -> str:
    return " ".join(_words([cell], marked).split())


def _figure(element: Element) -> Iterator[Block]:
    match references.read(element.attributes):
        case references.PictureReference() as picture:
            detail = " · ".join(filter(None, (picture.credit, "wide" if picture.wide else "")))
            yield Block(Shape.PICTURE, picture.caption, images=(picture.image_id,), detail=detail)
        case references.GalleryReference() as gallery:
            yield Block(Shape.GALLERY, gallery.caption, images=gallery.image_ids)
        case references.EmbedReference() as embed:
            yield Block(Shape.EMBED, embed.title, url=embed.url)
