"""Documents in JSON: found out what they are, and read with an end to their depth."""

import json
from typing import Any

from django.utils.translation import gettext as _

from syndication.wires.formats.json_feed import is_json_feed, read_json_feed
from syndication.wires.formats.ninjs import looks_like_ninjs, read_ninjs
from syndication.wires.items import Reading, Refused

MOST_DEPTH = 60
"""Objects and lists inside one another; the deepest of the samples has 12."""


def read_json(text: str, base: str) -> Reading:
    """A JSON Feed, a ninjs item, or a list of them in whatever wrapping. Raises ``Refused``."""
    value = _parsed(text)
    if is_json_feed(value):
        return read_json_feed(value, base)
    found = _stories(value)
    if not found:
        raise Refused(_("It is JSON, but neither a JSON Feed nor ninjs: no item with a “uri” is in it."))
    return read_ninjs(found)


def _parsed(text: str) -> Any:
    if _depth(text) > MOST_DEPTH:
        raise Refused(_("Its parts lie more than %(most)d deep inside one another.") % {"most": MOST_DEPTH})
    try:
        return json.loads(text, parse_constant=lambda _name: None)
    except (ValueError, RecursionError) as error:
        raise Refused(_("It is no JSON: %(problem)s.") % {"problem": str(error)[:120]}) from None


def _depth(text: str) -> int:
    """How deep brackets lie at most; those inside strings count too, which only makes it stricter by little."""
    depth = deepest = 0
    quoted = False
    skip = False
    for char in text:
        if skip:
            skip = False
        elif quoted:
            skip, quoted = char == "\\", char != '"'
        elif char == '"':
            quoted = True
        elif char in "[{":
            depth += 1
            deepest = max(deepest, depth)
        elif char in "]}":
            depth -= 1
    return deepest


def _stories(value: Any, depth: int = 0) -> list[dict[str, Any]]:
    """The items, which may stand alone, in a list, or under ``items``, ``item``, ``data`` or ``results``."""
    if depth > 4:  # noqa: PLR2004 - AP wraps them three times
        return []
    if isinstance(value, list):
        return [story for one in value for story in _stories(one, depth + 1)]
    if not isinstance(value, dict):
        return []
    if looks_like_ninjs(value):
        return [value]
    for name in ("items", "item", "data", "results", "newsItems"):
        if name in value and (found := _stories(value[name], depth + 1)):
            return found
    return []
