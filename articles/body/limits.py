"""What a story's text may be at most; checked before anything parses it."""

import re
from collections import Counter

from django.utils.translation import gettext as _

from articles.body.names import names

MAX_LENGTH = 500_000
"""Characters of HTML. The longest real story in a 12,000-article sample has a tenth of it."""

MAX_DEPTH = 1_000
"""Open tags at once. An HTML parser looks through all open elements for each
new one: 90,000 nested ``<div>`` took it 17 seconds, 1,000 take a blink."""

_TAG = re.compile(r"<(/?)([A-Za-z][^\s/>]*)")
_NEVER_NESTED = names(
    "p li dt dd td th tr thead tbody tfoot option br hr img input link meta wbr col area base embed source track"
)


class BodyRefused(ValueError):  # noqa: N818 -- named for what happened to the text
    """The text cannot be taken as it is; the message tells its writer why."""


class BodyTooLong(BodyRefused):
    """Longer than ``MAX_LENGTH``; it is never cut."""


class BodyTooDeep(BodyRefused):
    """More than ``MAX_DEPTH`` elements inside one another."""


def check_length(source: str) -> None:
    """Raise ``BodyTooLong`` if ``source`` is too long to be parsed."""
    if len(source) > MAX_LENGTH:
        raise BodyTooLong(
            _("The story has %(length)d characters of HTML; at most %(limit)d fit. Split it into parts.")
            % {"length": len(source), "limit": MAX_LENGTH}
        )


def check_depth(source: str) -> None:
    """Raise ``BodyTooDeep`` if ``source`` is nested too deeply to be parsed in reasonable time."""
    if source.count("<") > MAX_DEPTH and _depth(source) > MAX_DEPTH:
        raise BodyTooDeep(_("The story's HTML is nested too deeply. Paste it as plain text."))


def without_comments(source: str) -> str:
    """``source`` without ``<!-- … -->``, in one pass; Word hides hundreds of elements in them."""
    parts = source.split("<!--")
    kept = [parts[0]]
    for index, part in enumerate(parts[1:], start=1):
        _inside, end, outside = part.partition("-->")
        if not end:
            kept.extend("<!--" + rest for rest in parts[index:])
            break
        kept.append(outside)
    return "".join(kept)


def _depth(source: str) -> int:
    """The greatest number of elements open at once, never less than an HTML parser would find."""
    opened: Counter[str] = Counter()
    depth = deepest = 0
    for match in _TAG.finditer(source):
        name = match[2].lower()
        if name in _NEVER_NESTED:
            continue
        if not match[1]:
            opened[name] += 1
            depth += 1
            deepest = max(deepest, depth)
        elif opened[name]:
            opened[name] -= 1
            depth -= 1
    return deepest
