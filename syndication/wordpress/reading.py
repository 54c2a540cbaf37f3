"""Reading an export as a stream: one author, term or item after the other, whatever the size of the file.

Nothing of the outside is asked for, and nothing that a document type could
declare is taken: a file that has one is refused. Depth and length are capped.
Prefixes are read by what they are bound to, or as they stand where nobody bound them.
"""

import html
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import TypeAlias
from xml.parsers import expat

from django.utils.translation import gettext as _

from syndication.wordpress.text_stream import NotReadableError, Source, texts

MAX_DEPTH = 40
"""Elements inside one another; an export has six."""

MAX_TEXT = 4_000_000
"""Characters of one field; a longer one is left out, and its item says so."""

MAX_CHILDREN = 200_000
"""Fields, comments and metadata of one item."""

MOST_NAMES = 1_000
"""Names of elements that are remembered as ours; an export has some fifty."""

NAMESPACES = {
    "http://purl.org/rss/1.0/modules/content/": "content",
    "http://purl.org/dc/elements/1.1/": "dc",
    "http://wellformedweb.org/CommentAPI/": "wfw",
}

UNWANTED_META = ("_elementor_data", "_oembed_", "_wp_attachment_metadata", "_et_dynamic", "amazonS3_cache")
"""Beginnings of metadata that only fills memory."""

RECORDS = frozenset({"item", "wp:author", "wp:category", "wp:tag", "wp:term"})


@dataclass(slots=True)
class Node:
    """An element: its name with WordPress' own prefix, its attributes, its text, and what stands in it."""

    name: str
    attributes: dict[str, str] = field(default_factory=dict)
    text: str = ""
    children: "list[Node]" = field(default_factory=list)
    too_long: bool = False

    def get(self, name: str) -> str:
        """The text of the first child of this name, without blanks round it."""
        return next((child.text.strip() for child in self.children if child.name == name), "")

    def raw(self, name: str) -> str:
        """The same with its blanks."""
        return next((child.text for child in self.children if child.name == name), "")

    def all(self, name: str) -> "Iterator[Node]":
        """The children of this name."""
        return (child for child in self.children if child.name == name)


@dataclass
class Reading:
    """What is known of the file besides its records; ``fault`` says where and why it could not be read further."""

    channel: dict[str, str] = field(default_factory=dict)
    mended: Counter[str] = field(default_factory=Counter)
    fault: str = ""


Progress: TypeAlias = Callable[[int], None]


def records(file: Source, reading: Reading, progress: Progress = lambda _at: None) -> Iterator[Node]:
    """Every author, term and item of the export, each as soon as it is whole; ``progress`` is told the byte reached.

    What breaks the file off later is noted in ``reading.fault``. Raises
    ``NotReadableError`` for what is no export at all.
    """
    parser = _Parser(reading)
    pieces = texts(file, reading.mended)
    while not reading.fault:
        piece = next(pieces, None)
        try:
            parser.feed(piece)
        except expat.ExpatError as error:
            reading.fault = _in_words(error)
        yield from parser.taken()
        if piece is None:
            break
        progress(file.tell())
    if not parser.is_export:
        raise NotReadableError(reading.fault or _("This is no WordPress export: it has no <rss> with a <channel>."))


def _in_words(error: expat.ExpatError) -> str:
    words = expat.ErrorString(error.code)
    place = {"line": error.lineno, "column": error.offset, "why": words}
    return _("The file breaks off or is broken at line %(line)d, column %(column)d: %(why)s.") % place


class _Parser:
    """Builds the records from what expat tells."""

    def __init__(self, reading: Reading) -> None:
        self.reading = reading
        self.expat = expat.ParserCreate("utf-8")
        self.expat.buffer_text = True
        self.expat.buffer_size = 1 << 16
        self.expat.UseForeignDTD(True)  # so that &nbsp; and its like are told instead of ending the file
        self.expat.ExternalEntityRefHandler = lambda *_asked: 1
        self.expat.SkippedEntityHandler = self._entity
        self.expat.StartDoctypeDeclHandler = self._refuse_doctype
        self.expat.EntityDeclHandler = self._refuse_doctype
        self.expat.StartElementHandler = self._start
        self.expat.EndElementHandler = self._end
        self.expat.CharacterDataHandler = self._text
        self.is_export = False
        self.path: list[str] = []
        self.prefixes: dict[str, str] = {}
        self.names: dict[str, str] = {}
        self.open: list[Node] = []
        self.parts: list[str] = []
        self.length = 0
        self.children = 0
        self.done: list[Node] = []

    def feed(self, piece: str | None) -> None:
        """Take in more, or the end. Raises ``ExpatError``, or ``NotReadableError`` for what is refused."""
        self.expat.Parse(piece or "", piece is None)

    def taken(self) -> list[Node]:
        """The records that became whole."""
        done, self.done = self.done, []
        return done

    def _refuse_doctype(self, *_declared: object) -> None:
        raise NotReadableError(_("The file has a document type (DTD), which no export has. It was not read further."))

    def _entity(self, name: str, _is_parameter: bool) -> None:
        self.reading.mended["entities of HTML"] += 1
        self._text(html.unescape(f"&{name};"))

    def _start(self, raw: str, attributes: dict[str, str]) -> None:
        if len(self.path) >= MAX_DEPTH:
            said = _("Elements stand %(most)d deep in one another, which no export does.")
            raise NotReadableError(said % {"most": MAX_DEPTH})
        if attributes:
            self._bind(attributes)
        name = self.names.get(raw) or self._name(raw)
        if len(self.path) < 2:  # noqa: PLR2004 - rss and channel
            self._check_root(name)
        self.path.append(name)
        if self.open or name in RECORDS:
            self._open(Node(name, attributes))
        self.parts, self.length = [], 0

    def _open(self, node: Node) -> None:
        if not self.open:
            self.children = 0
        self.children += 1
        if self.children > MAX_CHILDREN:
            said = _("One item holds more than %(most)s parts. It was not read further.")
            raise NotReadableError(said % {"most": f"{MAX_CHILDREN:,}"})
        if self.open:
            self.open[-1].children.append(node)
        self.open.append(node)

    def _end(self, _raw: str) -> None:
        name = self.path.pop()
        text = "".join(self.parts)
        if self.open:
            self._close(self.open.pop(), text)
        elif len(self.path) == 2:  # noqa: PLR2004 - in rss and channel: what the file says of the site
            self.reading.channel.setdefault(name, text.strip()[:500])
        self.parts, self.length = [], 0

    def _close(self, node: Node, text: str) -> None:
        if not node.children:
            node.text = text
        if self.length > MAX_TEXT:
            node.text, node.too_long = "", True
        if node.name == "wp:postmeta" and node.get("wp:meta_key").startswith(UNWANTED_META):
            self.open[-1].children.pop()
        if not self.open:
            self.done.append(node)

    def _text(self, text: str) -> None:
        self.length += len(text)
        if self.length <= MAX_TEXT:
            self.parts.append(text)

    def _check_root(self, name: str) -> None:
        if not self.path and name != "rss":
            said = _("This is no WordPress export: its first element is <%(name)s>, not <rss>.")
            raise NotReadableError(said % {"name": name[:60]})
        if len(self.path) == 1:
            if name != "channel":
                said = _("This is no WordPress export: <%(name)s> stands where <channel> should.")
                raise NotReadableError(said % {"name": name[:60]})
            self.is_export = True

    def _bind(self, attributes: dict[str, str]) -> None:
        for key, value in attributes.items():
            if key.startswith("xmlns:"):
                self.prefixes[key[6:]] = _own_prefix(key[6:], value)
                self.names.clear()

    def _name(self, raw: str) -> str:
        prefix, colon, local = raw.partition(":")
        name = f"{self.prefixes.get(prefix, prefix)}:{local}" if colon else raw
        if len(self.names) < MOST_NAMES:
            self.names[raw] = name
        return name


def _own_prefix(prefix: str, uri: str) -> str:
    if uri.startswith(("http://wordpress.org/export/", "https://wordpress.org/export/")):
        return "excerpt" if uri.rstrip("/").endswith("excerpt") else "wp"
    return NAMESPACES.get(uri, prefix)
