"""The audit trail in words."""

from typing import Any, NamedTuple

from django import template

from outbox.models import TOKEN, AuditEntry

register = template.Library()

APART = ("changes", TOKEN)
"""Details with a place of their own."""

LONGEST = 400
"""Characters of one value on a page."""


class Line(NamedTuple):
    """One detail of an entry: a value, or what it was and what it is."""

    name: str
    new: str
    old: str = ""
    pair: bool = False


@register.filter
def told_lines(entry: AuditEntry) -> list[Line]:
    """The details of ``entry``, a line for each."""
    details = entry.details if isinstance(entry.details, dict) else {}
    changed = details.get("changes")
    pairs = changed.items() if isinstance(changed, dict) else ()
    plain = [Line(str(name), _short(value)) for name, value in details.items() if name not in APART and value]
    return [*(_pair(name, value) for name, value in pairs), *plain]


def _pair(name: str, value: Any) -> Line:
    old_and_new = isinstance(value, list) and len(value) == 2 and all(isinstance(one, str) for one in value)  # noqa: PLR2004
    return Line(name, _short(value[1]), _short(value[0]), pair=True) if old_and_new else Line(name, _short(value))


def _short(value: Any) -> str:
    if isinstance(value, list):
        value = "; ".join(" ".join(map(str, one)) if isinstance(one, list) else str(one) for one in value)
    text = str(value)
    return text if len(text) <= LONGEST else text[:LONGEST] + "…"
