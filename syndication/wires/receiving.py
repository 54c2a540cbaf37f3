"""Taking in what was read: each item once, however often it is sent, and each new version as what it is."""

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import IntegrityError
from django.utils import timezone
from django.utils.translation import gettext as _

from articles.permissions import Actor
from outbox import audit
from pagecache.writing import writing
from syndication.models import Feed, WireItem, WireRule
from syndication.models.feed import Drafting
from syndication.models.wire import WireState
from syndication.models.wire_rule import RuleAction
from syndication.wires import alike, mapping, versions
from syndication.wires.drafting import judged, why_not
from syndication.wires.items import Item, Reading, Signal, line
from syndication.wires.taking import draft_of

URGENT = {"1", "2", "3"}
AT_ONCE = 500
MOST_PAST, PAST_LENGTH = 500, 16
"""Earlier versions that are recognised, and signs of the digest that are kept of each."""

SYSTEM: Actor = None


@dataclass
class Tally:
    """What became of the items of one document."""

    arrived: int = 0
    updated: int = 0
    unchanged: int = 0
    failed: int = 0


def take_in(feed: Feed, reading: Reading) -> Tally:
    """Store every item that is new or has new words, and act on what it says; each in a transaction of its own."""
    tally, rules = Tally(), mapping.rules_in_force()
    items = [judged(item) for item in reading.items]
    here = _here(feed, items)
    seen = [here.get(item.digest()) for item in items]
    tally.unchanged += len(seen) - seen.count(None)
    pks = [pk or _take_in_item(feed, item, rules, tally) for item, pk in zip(items, seen, strict=True)]
    pks += [fail(feed, label, reason, tally) for label, reason in reading.refused]
    _mark_seen(pks)
    return tally


def _here(feed: Feed, items: Sequence[Item]) -> dict[str, int]:
    """The rows whose newest words are those of an item, by digest: what most of a feed is at most looks."""
    here: dict[str, int] = {}
    keys = [key_of(item.guid) for item in items]
    for start in range(0, len(keys), AT_ONCE):
        rows = WireItem.objects.filter(feed=feed, key__in=keys[start : start + AT_ONCE])
        here |= dict(rows.order_by().values_list("digest", "pk"))
    return here


def _take_in_item(feed: Feed, item: Item, rules: Iterable[WireRule], tally: Tally) -> int:
    """One item; returns its row's number."""
    try:
        return _take_in_once(feed, item, rules, tally)
    except IntegrityError:  # another worker was faster by a moment, so that now it is there
        return _take_in_once(feed, item, rules, tally)


def _take_in_once(feed: Feed, item: Item, rules: Iterable[WireRule], tally: Tally) -> int:
    with writing():
        row = WireItem.objects.select_for_update(of=("self",)).filter(feed=feed, key=key_of(item.guid)).first()
        if row is None:
            row = _new(feed, item, rules)
            tally.arrived += 1
        elif _is_known(row, item.digest()):
            tally.unchanged += 1
        elif _is_older(row, item):
            row.past = _with_past(row, item.digest())
            row.save(update_fields=["past"])
            tally.unchanged += 1
        else:
            versions.follow(_renewed(row, item), feed)
            tally.updated += 1
    return row.pk


def fail(feed: Feed, label: str, reason: str, tally: Tally) -> int:
    """Note what could not be read, once; returns its row's number."""
    with writing():
        key = key_of(f"failed\n{label}\n{reason}")
        row, made = WireItem.objects.get_or_create(
            feed=feed,
            key=key,
            defaults={"state": WireState.FAILED, "headline": line(label), "reason": line(reason, 500)},
        )
    tally.failed += made
    tally.unchanged += not made
    return row.pk


def key_of(guid: str) -> str:
    """SHA-256 of an identity."""
    return hashlib.sha256(guid.encode("utf-8", "replace")).hexdigest()


def _new(feed: Feed, item: Item, rules: Iterable[WireRule]) -> WireItem:
    row = WireItem(feed=feed, key=key_of(item.guid), guid=item.guid)
    _write_words(row, item)
    how = mapping.mapped(item, feed, rules)
    row.state, row.reason = _first_state(item, how)
    row.save()
    marks = alike.marks_of(item)
    alike.keep(row, marks)
    row.copy_of = alike.original_of(row, marks, timezone.now())
    if row.copy_of is not None:
        row.save(update_fields=["copy_of"])
    audit.record(SYSTEM, "arrived", row, feed=str(feed))
    if row.state == WireState.WAITING and row.copy_of is None and _is_drafted(feed, how):
        _draft(row)
    return row


def _first_state(item: Item, how: mapping.Mapped) -> tuple[str, str]:
    if item.signal in {Signal.KILL, Signal.WITHHELD}:
        return WireState.KILLED, _("The agency took it back before it was read here.")
    reason = why_not(item)
    if reason:
        return WireState.ASIDE, reason
    if how.action == RuleAction.IGNORE:
        return WireState.IGNORED, _("A rule of the desk ignores it.")
    return WireState.WAITING, ""


def _is_drafted(feed: Feed, how: mapping.Mapped) -> bool:
    return feed.drafts == Drafting.AT_ONCE or how.action == RuleAction.DRAFT


def _draft(row: WireItem) -> None:
    """A draft at once; what no article can hold stays with its reason."""
    try:
        with writing():
            draft_of(row, actor=SYSTEM)
    except (ValidationError, ValueError) as error:
        words = " ".join(getattr(error, "messages", [str(error)]))
        WireItem.objects.filter(pk=row.pk).update(state=WireState.FAILED, reason=line(words, 500))


def _renewed(row: WireItem, item: Item) -> WireItem:
    before = row.digest
    _write_words(row, item)
    row.past = _with_past(row, before)
    row.changed_at = timezone.now()
    if row.state in {WireState.ASIDE, WireState.FAILED}:
        row.reason = why_not(item)
        row.state = WireState.ASIDE if row.reason else WireState.WAITING
    row.save()
    alike.keep(row, alike.marks_of(item))
    return row


def _write_words(row: WireItem, item: Item) -> None:
    row.version, row.digest, row.story = item.version[:40], item.digest(), item.to_json()
    row.headline, row.word_count = line(item.headline), len(item.text.split())
    row.is_urgent = item.urgency in URGENT
    row.embargo_until, row.sent_at = item.embargo_until, item.sent_at


def _is_known(row: WireItem, digest: str) -> bool:
    """Whether these very words are here, or were before: a file that is delivered again takes nothing back."""
    return row.digest == digest or digest[:PAST_LENGTH] in row.past


def _with_past(row: WireItem, digest: str) -> list[str]:
    return [*row.past, digest[:PAST_LENGTH]][-MOST_PAST:]


def _is_older(row: WireItem, item: Item) -> bool:
    """Whether a later version is here already: by number where both have one, else by when they were sent."""
    here, there = row.version, item.version
    if here.isdecimal() and there.isdecimal() and here.isascii() and there.isascii() and here != there:
        return int(there) < int(here)
    if row.sent_at and item.sent_at:
        return _moment(item.sent_at) < _moment(row.sent_at)
    return False


def _moment(value: datetime) -> datetime:
    return value.replace(microsecond=0)


def _mark_seen(pks: list[int]) -> None:
    now = timezone.now()
    for start in range(0, len(pks), AT_ONCE):
        WireItem.objects.filter(pk__in=pks[start : start + AT_ONCE]).update(seen_at=now)
