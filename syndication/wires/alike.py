"""Items that say nearly the same, from whichever feed: found by the marks that also tell comments apart."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.db.models import Count

from comments.likeness import keys_of
from comments.models import Mark
from syndication.models import WireItem, WireMark
from syndication.models.wire import WireState
from syndication.wires.items import Item

ENOUGH_MARKS = 7
"""Of twelve. Two texts share a mark with the square of their overlap: 0.85 of it is found in 92 of 100 cases, 0.4 in
fewer than one of a thousand. Unrelated news in one language overlaps by 0.1 to 0.3."""

SHORTEST = 200
"""Characters of text from which likeness tells something: flashes of one line are alike by chance."""

WITHIN = timedelta(days=4)
MOST_CHARACTERS = 20_000


def marks_of(item: Item) -> frozenset[int]:
    """What the item's text is recognised by; nothing of a short one."""
    text = item.text[:MOST_CHARACTERS]
    if len(text) < SHORTEST:
        return frozenset()
    return frozenset(key.value for key in keys_of(text) if key.kind == Mark.Kind.NEAR)


def keep(row: WireItem, marks: Iterable[int]) -> None:
    """Store the marks of an item in place of those it had."""
    row.marks.all().delete()
    WireMark.objects.bulk_create(WireMark(item=row, value=value) for value in sorted(marks))


def original_of(row: WireItem, marks: frozenset[int], now: datetime) -> WireItem | None:
    """The first item of the last days that says nearly the same as ``row``; never one that is itself a copy."""
    if len(marks) < ENOUGH_MARKS:
        return None
    near = WireMark.objects.filter(value__in=marks, item__changed_at__gte=now - WITHIN).exclude(item=row.pk)
    near = near.exclude(item__state__in=(WireState.FAILED, WireState.ASIDE))
    found = near.values("item", "item__copy_of").annotate(shared=Count("pk")).filter(shared__gte=ENOUGH_MARKS)
    best = found.order_by("-shared", "item").first()
    if best is None:
        return None
    first = best["item__copy_of"] or best["item"]
    return WireItem.objects.filter(pk=first).exclude(pk=row.pk).first()
