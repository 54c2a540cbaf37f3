"""A feed that breaks off in the middle: the items behind the break are read one by one."""

import re
from collections.abc import Callable

from django.utils.translation import gettext as _

from syndication.wires.items import MOST_ITEMS, Reading, Refused, line
from syndication.wires.xml_tree import Node, parse

MOST_TRIES = 200
"""Items that are read by themselves; a document with more broken ones is no feed."""

_OPENING = re.compile(r"<(item|entry)[\s>]")
_ROOT = re.compile(r"<(?:\w+:)?(?:rss|RDF|feed|channel)\b[^<>]{0,4000}>")


def salvaged(text: str, root: Node, found: Reading, base: str, read: Callable[[Node, str], Reading]) -> Reading:
    """``found`` with the items that follow the one at which reading stopped; that one is named as refused."""
    known = len(found.items) + len(found.refused)
    opened = _ROOT.search(text)
    head = opened[0] if opened else f"<{root.local}>"
    for part in _parts(text)[known:MOST_ITEMS][:MOST_TRIES]:
        one = _alone(head, part, base, read)
        found.items += one.items
        found.refused += one.refused
    return found


def _parts(text: str) -> list[str]:
    """The text of each item, from its opening to its end."""
    parts, place = [], 0
    while match := _OPENING.search(text, place):
        closing = f"</{match[1]}>"
        end = text.find(closing, match.end())
        if end < 0:
            break
        parts.append(text[match.start() : end + len(closing)])
        place = end + len(closing)
    return parts


def _alone(head: str, part: str, base: str, read: Callable[[Node, str], Reading]) -> Reading:
    name = head[1:].split(maxsplit=1)[0].rstrip(">").rstrip("/")
    head = head.rstrip(">").rstrip("/") + ">"
    try:
        root, problems = parse(f"{head}{part}</{name}>", base)
    except Refused as refused:
        return Reading("", refused=[(line(part, 80), str(refused))])
    if problems and not root.complete:
        return Reading("", refused=[(_title(root), problems[0])])
    return read(root, base)


def _title(root: Node) -> str:
    title = next((node for node in root.walk() if node.local == "title"), None)
    return line(title.text(), 80) if title is not None else _("an item")
