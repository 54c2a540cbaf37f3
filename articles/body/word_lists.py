"""Lists as Word puts them on the clipboard: paragraphs that only say in their style that they are list items."""

import re
from collections.abc import Iterator

from articles.body.tree import Element, Node

_LEVEL = re.compile(r"mso-list:\s*[^;]*\blevel([1-9])")
_IGNORE = re.compile(r"mso-list:\s*ignore", re.IGNORECASE)
_NUMBERED = re.compile(r"\s*[([]?(?:\d+|[a-zA-Z]|[ivxlcdmIVXLCDM]+)[.)\]]")


def with_lists(children: list[Node]) -> Iterator[Node]:
    """``children`` with each run of Word's list paragraphs replaced by real lists."""
    run: list[Element] = []
    for child in children:
        if isinstance(child, Element) and _level(child):
            run.append(child)
        elif not run or isinstance(child, Element) or child.strip():
            yield from _lists(run)
            run = []
            yield child
    yield from _lists(run)


def _level(element: Element) -> int:
    found = _LEVEL.search(element.attributes.get("style", ""))
    return int(found[1]) if found else 0


def _lists(run: list[Element]) -> list[Element]:
    """The items of ``run`` in lists, nested by their levels."""
    finished: list[Element] = []
    opened: list[tuple[int, Element]] = []
    for paragraph in run:
        level = _level(paragraph)
        marker = _take_marker(paragraph)
        tag = "ol" if _NUMBERED.match(marker) else "ul"
        while opened and (opened[-1][0] > level or (opened[-1][0] == level and opened[-1][1].tag != tag)):
            opened.pop()
        if not opened or opened[-1][0] < level:
            fresh = Element(tag)
            (opened[-1][1].children if opened else finished).append(fresh)
            opened.append((level, fresh))
        opened[-1][1].children.append(Element("li", children=paragraph.children))
    return finished


def _take_marker(element: Element) -> str:
    """Remove Word's own bullet or number from ``element`` and return it."""
    for index, child in enumerate(element.children):
        if not isinstance(child, Element):
            continue
        if _IGNORE.search(child.attributes.get("style", "")):
            del element.children[index]
            return text_of(child)
        if marker := _take_marker(child):
            return marker
    return ""


def text_of(node: Node) -> str:
    """All text in ``node``."""
    return node if isinstance(node, str) else "".join(text_of(child) for child in node.children)
