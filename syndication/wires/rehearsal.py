"""What a rule would have done to the newest items; nothing is written.

Items are read newest first, at most ``MOST_ITEMS`` of them and at most
``MOST_CHARACTERS`` of text, so that a rehearsal takes a second or two.
"""

from dataclasses import dataclass, field
from datetime import datetime

from syndication.models import Feed, WireItem, WireRule
from syndication.models.wire import WireState
from syndication.wires.items import Item
from syndication.wires.mapping import Mapped, mapped, rules_in_force

MOST_ITEMS = 500
MOST_CHARACTERS = 4_000_000
READ_AT_ONCE = 100


@dataclass(frozen=True)
class Met:
    """An item for which something would be different: what becomes of it now, and what would."""

    pk: int
    headline: str
    feed: Feed
    arrived_at: datetime
    before: Mapped
    after: Mapped


@dataclass
class Rehearsal:
    """What came out of one. ``alone`` counts the items that the rule meets, whether or not it changes anything."""

    looked_at: int = 0
    alone: int = 0
    since: datetime | None = None
    changed: list[Met] = field(default_factory=list)


def rehearse(wanted: WireRule | None, *, instead_of: WireRule | None = None) -> Rehearsal:
    """``wanted`` is ``None`` where a rule is to go. Three queries and one for each hundred items."""
    before = rules_in_force()
    after = [rule for rule in before if instead_of is None or rule.pk != instead_of.pk]
    if wanted is not None and wanted.is_on:
        after = sorted([*after, wanted], key=lambda rule: (rule.position, rule.pk or float("inf")))
    found, read = Rehearsal(), 0
    feeds = Feed.objects.in_bulk()
    for row in (
        WireItem.objects.exclude(state__in=(WireState.FAILED, WireState.ASIDE))
        .order_by("-changed_at", "-id")[:MOST_ITEMS]
        .iterator(READ_AT_ONCE)
    ):
        item = Item.from_json(row.story)
        read += len(item.html)
        if read > MOST_CHARACTERS:
            break
        found.looked_at, found.since = found.looked_at + 1, row.changed_at
        feed = feeds[row.feed_id]
        if wanted is not None:
            found.alone += mapped(item, feed, [wanted]) != mapped(item, feed, [])
        was, would = mapped(item, feed, before), mapped(item, feed, after)
        if was != would:
            found.changed.append(Met(row.pk, row.headline, feed, row.arrived_at, was, would))
    return found
