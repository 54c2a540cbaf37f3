"""Hostile or sloppy HTML to a small tree: parsed by nh3 as a browser would, read from what nh3 writes.

nh3 writes well-formed markup (quoted attributes, everything escaped, all
elements closed), so one regular expression reads it. Nothing here is trusted
further on: the cleaner keeps what it knows and drops the rest.
"""

import html
import re
from dataclasses import dataclass, field
from typing import TypeAlias

import nh3

from articles.body.names import names
from articles.body.policy import REFERENCE_ATTRIBUTES, SCHEMES

MAX_TREE_DEPTH = 100
"""Elements further inside are unwrapped, so that a recursive walk is safe."""

INLINE = names("a b strong i em cite dfn var s del strike code kbd samp tt sub sup span font")
BLOCKS = names(
    "p div section article header footer main aside nav address hgroup figure figcaption ul ol menu li dl dt dd "
    "h1 h2 h3 h4 h5 h6 blockquote pre center details summary fieldset form legend "
    "table caption thead tbody tfoot tr td th"
)
VOID = frozenset(("br", "hr"))
DROPPED_WITH_CONTENT = names(
    "script style title template noscript noframes iframe object embed applet svg math canvas video audio map "
    "select option textarea button datalist xml frameset"
)
_CELL = frozenset(("colspan", "rowspan", "scope"))

_parser = nh3.Cleaner(
    tags=set(INLINE | BLOCKS | VOID),
    clean_content_tags=set(DROPPED_WITH_CONTENT),
    attributes={
        **{tag: {"style"} for tag in INLINE | BLOCKS},
        "a": {"href", "style"},
        "ol": {"start"},
        "td": set(_CELL),
        "th": set(_CELL),
        "figure": set(REFERENCE_ATTRIBUTES),
        "div": set(REFERENCE_ATTRIBUTES),
    },
    link_rel=None,
    url_schemes=SCHEMES,
)

TOKEN = re.compile(r'<(/?)([a-z][a-z0-9]*)((?: [a-z-]+="[^"]*")*)>|([^<]+)')
"""One token of nh3's output: closing slash, tag, attributes; or text."""

_ATTRIBUTE = re.compile(r' ([a-z-]+)="([^"]*)"')


@dataclass(slots=True)
class Element:
    """A tag, its attributes with entities resolved, and what stands in it."""

    tag: str
    attributes: dict[str, str] = field(default_factory=dict)
    children: "list[Node]" = field(default_factory=list)


Node: TypeAlias = Element | str


def attributes_of(markup: str) -> dict[str, str]:
    """The attributes in ``markup``, one token's third group."""
    return {name: html.unescape(value) for name, value in _ATTRIBUTE.findall(markup)} if markup else {}


def parse(source: str, cleaner: nh3.Cleaner = _parser, void: frozenset[str] = VOID) -> Element:
    """The tree of ``source``, under a root named ``body``. Adjacent strings may follow each other.

    An import passes a ``cleaner`` that lets through what it goes on to translate, and the ``void`` tags among that.
    """
    root = Element("body")
    open_elements = [root]
    for match in TOKEN.finditer(cleaner.clean(source)):
        closing, tag, attributes, text = match.groups()
        if text:
            open_elements[-1].children.append(html.unescape(text) if "&" in text else text)
        elif tag in void:
            open_elements[-1].children.append(Element(tag, attributes_of(attributes)))
        elif closing:
            if len(open_elements) > 1:
                open_elements.pop()
        else:
            _open(Element(tag, attributes_of(attributes)), open_elements)
    return root


def _open(element: Element, open_elements: list[Element]) -> None:
    """Add ``element`` inside the innermost open one; too deep, its children go to its parent."""
    if len(open_elements) < MAX_TREE_DEPTH:
        open_elements[-1].children.append(element)
        open_elements.append(element)
    else:
        open_elements.append(open_elements[-1])
