"""XML as a small tree, read safely: no outside entity is ever fetched, and depth, size and time have an end.

Built on ``pyexpat`` itself rather than a package around it: namespaces are
resolved here, so that a feed with a forgotten ``xmlns`` can still be read.
"""

import html
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from urllib.parse import urljoin
from xml.parsers import expat

from django.utils.translation import gettext as _

from syndication.wires.items import Refused
from syndication.wires.xml_repair import has_undeclared_signs, repaired

MOST_BYTES = 10_000_000
"""Characters of one document. The largest of 1,900 sample files has 200,000."""

MOST_DEPTH = 100
"""Elements inside one another; the deepest of the samples has 24."""

MOST_NODES = 400_000
MOST_SECONDS = 10.0
"""Of a processor, so that a busy machine refuses nothing; 400,000 elements take one."""

MOST_ATTRIBUTES = 200

MOST_ENTITIES, ENTITY_LENGTH = 100, 200
"""Own entities of a document, and characters of each; none may hold another."""

_NETSCAPE = "rdf/simple/0.9/"

NAMESPACES = {
    "http://www.w3.org/2005/atom": "atom",
    "http://purl.org/atom/ns#": "atom",
    "http://purl.org/rss/1.0/": "rss",
    f"http://my.netscape.com/{_NETSCAPE}": "rss",
    f"http://channel.netscape.com/{_NETSCAPE}": "rss",
    "http://purl.org/net/rss1.1#": "rss",
    "http://backend.userland.com/rss2": "rss",
    "http://www.w3.org/1999/02/22-rdf-syntax-ns#": "rdf",
    "http://purl.org/dc/elements/1.1/": "dc",
    "http://purl.org/dc/elements/1.0/": "dc",
    "http://purl.org/dc/terms/": "dcterms",
    "http://purl.org/rss/1.0/modules/content/": "content",
    "http://search.yahoo.com/mrss/": "media",
    "http://search.yahoo.com/mrss": "media",
    "http://www.w3.org/1999/xhtml": "xhtml",
    "http://iptc.org/std/nar/2006-10-01/": "nar",
    "http://iptc.org/std/nitf/2006-10-18/": "nitf",
    "http://www.w3.org/xml/1998/namespace": "xml",
}
"""Short names of the namespaces that are read, by address in small letters; of others the prefix stands for itself."""

VOID = frozenset(
    ["br", "hr", "img", "input", "link", "meta", "wbr", "col", "area", "base", "embed", "source", "track", "param"]
)


@dataclass(slots=True, eq=False)
class Node:
    """An element: ``name`` is ``dc:creator``, or ``title`` where the namespace is the document's own."""

    name: str
    attributes: dict[str, str] = field(default_factory=dict)
    children: "list[Node | str]" = field(default_factory=list)
    base: str = ""
    space: str = ""
    """The address of its namespace, as the document wrote it."""

    complete: bool = False
    """Whether its end was read; in a document that breaks off, the last elements have none."""

    @property
    def local(self) -> str:
        """The name without its namespace."""
        return self.name.rpartition(":")[2]

    def elements(self) -> "Iterator[Node]":
        """The elements right inside."""
        return (child for child in self.children if isinstance(child, Node))

    def all(self, *names: str) -> "list[Node]":
        """The elements right inside that have one of these names."""
        return [child for child in self.elements() if child.name in names]

    def first(self, *names: str) -> "Node | None":
        """The first element inside that has the first of these names that any has."""
        for name in names:
            for child in self.elements():
                if child.name == name:
                    return child
        return None

    def find(self, path: str) -> "Node | None":
        """The first element down a path of local names: ``head/docdata``."""
        here: Node | None = self
        for part in path.split("/"):
            here = next((child for child in here.elements() if child.local == part), None) if here else None
        return here

    def walk(self) -> "Iterator[Node]":
        """Itself and every element inside, in the order of the document."""
        waiting = [self]
        while waiting:
            node = waiting.pop()
            yield node
            waiting.extend(reversed(list(node.elements())))

    def text(self) -> str:
        """All text inside."""
        parts: list[str] = []
        waiting: list[Node | str] = [self]
        while waiting:
            node = waiting.pop()
            if isinstance(node, str):
                parts.append(node)
            else:
                waiting.extend(reversed(node.children))
        return "".join(parts)

    def inner_html(self) -> str:
        """What is inside as HTML, every name without its namespace."""
        return "".join(_markup(child) for child in self.children)


def _markup(node: "Node | str") -> str:
    if isinstance(node, str):
        return html.escape(node, quote=False)
    tag = node.local
    attributes = "".join(
        f' {name}="{html.escape(value)}"' for name, value in node.attributes.items() if ":" not in name
    )
    if tag in VOID and not node.children:
        return f"<{tag}{attributes}>"
    return f"<{tag}{attributes}>{node.inner_html()}</{tag}>"


def parse(text: str, base: str = "") -> tuple[Node, list[str]]:
    """The root of a document, and what was odd about it.

    What is broken is repaired where that is safe; a document that breaks off
    gives what came before. Raises ``Refused``: no XML at all, beyond a limit,
    or entities that could be a bomb or lead outside.
    """
    if len(text) > MOST_BYTES:
        raise Refused(_("It is larger than %(most)d million characters.") % {"most": MOST_BYTES // 1_000_000})
    oddities = [_("It writes signs by names that XML does not know.")] if has_undeclared_signs(text) else []
    text = repaired(text)
    builder = _Builder(base)
    problem = builder.feed(text)
    if problem and "&" in text:
        builder = _Builder(base)
        problem = builder.feed(repaired(text, ampersands=True)) or _("Signs in it were not written as XML wants them.")
    if builder.root is None:
        raise Refused(_("It is no XML: %(problem)s.") % {"problem": problem or _("it is empty")})
    return builder.root, [*oddities, *builder.problems, *([problem] if problem else [])]


class _Builder:
    """Takes expat's events and makes nodes of them."""

    def __init__(self, base: str) -> None:
        self.root: Node | None = None
        self.problems: list[str] = []
        self._open: list[tuple[Node, dict[str, str]]] = []
        self._outside: tuple[str, dict[str, str]] = (base, {"": "", "xml": "xml"})
        self._nodes = self._entities = self._characters = 0
        self._ends_at = time.thread_time() + MOST_SECONDS
        self._parser = expat.ParserCreate(encoding="utf-8")
        self._parser.buffer_text = True
        self._parser.StartElementHandler = self._start
        self._parser.EndElementHandler = self._end
        self._parser.CharacterDataHandler = self._data
        self._parser.EntityDeclHandler = self._entity
        self._parser.ExternalEntityRefHandler = self._outside_entity
        self._parser.SetParamEntityParsing(expat.XML_PARAM_ENTITY_PARSING_NEVER)

    def feed(self, text: str) -> str:
        """Read it all; what stopped it, in words, or nothing. Raises ``Refused`` beyond a limit."""
        data = text.encode("utf-8", "replace")
        try:
            for start in range(0, len(data), 65_536):
                self._parser.Parse(data[start : start + 65_536], False)
                self._check_time()
            self._parser.Parse(b"", True)
        except expat.ExpatError as error:
            words = _("it is not well formed at line %(line)d (%(what)s)")
            return words % {"line": error.lineno, "what": expat.ErrorString(error.code)}
        return ""

    def _check_time(self) -> None:
        if time.thread_time() > self._ends_at:
            raise Refused(_("Reading it took longer than %(most)d seconds.") % {"most": int(MOST_SECONDS)})

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        self._nodes += 1
        if self._nodes > MOST_NODES or len(attributes) > MOST_ATTRIBUTES:
            raise Refused(_("It has more elements than any story would have."))
        if len(self._open) >= MOST_DEPTH:
            raise Refused(_("Its elements lie more than %(most)d deep inside one another.") % {"most": MOST_DEPTH})
        if self._nodes % 1_000 == 0:
            self._check_time()
        self._put(name, attributes)

    def _put(self, name: str, attributes: dict[str, str]) -> None:
        parent = self._open[-1] if self._open else None
        base, spaces = (parent[0].base, parent[1]) if parent else self._outside
        spaces = _spaces(spaces, attributes)
        prefix = name.rpartition(":")[0]
        named = {
            _qualified(key, spaces, attribute=True): value
            for key, value in attributes.items()
            if not key.startswith("xmlns")
        }
        node = Node(_qualified(name, spaces), named, base=_joined(base, named.get("xml:base", "")))
        node.space = spaces.get(f"@{prefix}", "")
        if parent:
            parent[0].children.append(node)
        else:
            self.root = node
        self._open.append((node, spaces))

    def _end(self, name: str) -> None:
        self._open.pop()[0].complete = True

    def _data(self, data: str) -> None:
        self._characters += len(data)
        if self._characters > 2 * MOST_BYTES:
            raise Refused(_("Its entities blow it up beyond measure."))
        if self._open:
            self._open[-1][0].children.append(data)

    def _entity(self, name: str, parameter: bool, value: str | None, *rest: str | None) -> None:
        self._entities += 1
        if value is None or parameter:
            self.problems.append(_("It names an entity outside itself, which was not fetched."))
            return
        if "&" in value or "%" in value or "<" in value or len(value) > ENTITY_LENGTH or self._entities > MOST_ENTITIES:
            raise Refused(_("It declares entities that could blow it up."))

    def _outside_entity(self, *rest: str | None) -> int:
        self.problems.append(_("It names an entity outside itself, which was not fetched."))
        return 1


def _spaces(outer: dict[str, str], attributes: dict[str, str]) -> dict[str, str]:
    declared = {key[6:]: value for key, value in attributes.items() if key == "xmlns" or key.startswith("xmlns:")}
    if not declared:
        return outer
    whole = {f"@{prefix}": address for prefix, address in declared.items()}
    return outer | whole | {prefix: _short(prefix, address) for prefix, address in declared.items()}


def _short(prefix: str, address: str) -> str:
    return NAMESPACES.get(address.strip().lower(), prefix or "")


def _qualified(name: str, spaces: dict[str, str], *, attribute: bool = False) -> str:
    prefix, colon, local = name.rpartition(":")
    space = spaces.get(prefix, prefix) if colon else ("" if attribute else spaces.get("", ""))
    if attribute and space == "rdf":
        return f"rdf:{local}"
    return local if space in {"", "rss", "atom", "nar", "nitf"} and not (attribute and colon) else f"{space}:{local}"


def _joined(base: str, more: str) -> str:
    try:
        return urljoin(base, more.strip()) if more else base
    except ValueError:
        return base
