"""What the checklist reads in a story's stored source: headings, links, tables, pictures, and its plain text."""

import html
from dataclasses import dataclass, field
from typing import NamedTuple

from articles.body import MAX_LENGTH, references
from articles.body.tree import TOKEN, attributes_of

MOST_LINKS = 2_000
"""Links of one story that are read."""

_LINES = frozenset(("h1", "h2", "h3", "h4", "h5", "h6", "p", "li", "td", "th", "blockquote", "div"))


class Heading(NamedTuple):
    """A heading and its level, 2 to 4 in a clean source."""

    level: int
    text: str


class Link(NamedTuple):
    """A link as it is stored, and the words that carry it."""

    href: str
    text: str


@dataclass
class Story:
    """What stands in a source, in order."""

    text: str = ""
    headings: list[Heading] = field(default_factory=list)
    links: list[Link] = field(default_factory=list)
    captions: dict[int, str] = field(default_factory=dict)
    """By library picture: the caption it has here."""

    embeds: list[str] = field(default_factory=list)
    bold_lines: list[str] = field(default_factory=list)
    """Paragraphs that are bold from end to end."""

    bare_tables: int = 0
    """Tables without a header cell."""

    empty: int = 0
    """Paragraphs and figures with nothing in them."""


def read(source: str) -> Story:
    """Read a stored source in one pass, of one too long to be stored only the beginning."""
    reader = _Reader()
    for match in TOKEN.finditer(source[:MAX_LENGTH]):
        closing, tag, attributes, text = match.groups()
        if text is not None:
            reader.words(html.unescape(text))
        elif closing:
            reader.close(tag)
        else:
            reader.open(tag, attributes_of(attributes))
    reader.story.text = "".join(reader.pieces)
    return reader.story


class _Reader:
    """The line and the link being read, and what was found so far."""

    def __init__(self) -> None:
        self.story = Story()
        self.pieces: list[str] = []
        self.line: list[str] = []
        self.plain = False
        self.bold = 0
        self.href = ""
        self.link: list[str] | None = None
        self.has_header = False

    def words(self, text: str) -> None:
        self.pieces.append(text)
        self.line.append(text)
        self.plain = self.plain or (not self.bold and bool(text.strip()))
        if self.link is not None:
            self.link.append(text)

    def open(self, tag: str, attributes: dict[str, str]) -> None:
        if tag in _LINES:
            self.line, self.plain = [], False
        match tag:
            case "strong" | "b":
                self.bold += 1
            case "a":
                self.href, self.link = attributes.get("href", ""), []
            case "table":
                self.has_header = False
            case "th":
                self.has_header = True
            case "br":
                self.words("\n")
            case "figure":
                self._figure(attributes)

    def close(self, tag: str) -> None:
        match tag:
            case "h1" | "h2" | "h3" | "h4" | "h5" | "h6":
                self.story.headings.append(Heading(int(tag[1]), self._line()))
            case "strong" | "b":
                self.bold = max(0, self.bold - 1)
            case "a" if self.link is not None:
                self._link(self.link)
            case "table":
                self.story.bare_tables += not self.has_header
            case "p":
                self._paragraph(self._line())
        if tag in _LINES:
            self.pieces.append("\n")

    def _line(self) -> str:
        return " ".join("".join(self.line).split())

    def _link(self, words: list[str]) -> None:
        if len(self.story.links) < MOST_LINKS:
            self.story.links.append(Link(self.href, " ".join("".join(words).split())))
        self.link = None

    def _paragraph(self, text: str) -> None:
        if not text:
            self.story.empty += 1
        elif not self.plain:
            self.story.bold_lines.append(text)

    def _figure(self, attributes: dict[str, str]) -> None:
        match references.read(attributes):
            case references.PictureReference(image_id=image_id, caption=caption):
                self.story.captions.setdefault(image_id, caption)
            case references.GalleryReference(image_ids=image_ids):
                for image_id in image_ids:
                    self.story.captions.setdefault(image_id, "")
            case references.EmbedReference(url=url):
                self.story.embeds.append(url)
            case None:
                self.story.empty += 1
