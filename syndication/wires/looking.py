"""One look at a feed: what is new there is read and taken in; what went wrong is said on the feed."""

from datetime import datetime, timedelta
from email.message import Message
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import F, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from articles.permissions import Actor, require
from outbox import audit, effects
from outbox.fetching import Fetched, FetchRefused, fetch, only_if_changed
from syndication.models import Feed
from syndication.wires import folders
from syndication.wires.items import Reading, Refused, line
from syndication.wires.reading import read
from syndication.wires.receiving import Tally, fail, take_in
from syndication.wires.xml_tree import MOST_BYTES

LOOK = "wires.look"

SECONDS = 30.0
"""Until a feed must have come whole, redirects and names included."""

ACCEPT = "application/atom+xml, application/rss+xml, application/feed+json, application/json;q=0.9, */*;q=0.5"

LONGEST_PAUSE = timedelta(hours=6)


def look(feed: Feed) -> Tally:
    """Read what is new at the feed's place; never raises for what came from there."""
    now = timezone.now()
    tally = Tally()
    try:
        (_look_into_folder if feed.folder else _look_at_address)(feed, tally)
    except (Refused, FetchRefused) as refused:
        _note_failure(feed, now, str(refused))
    else:
        _note_success(feed, now)
    return tally


def ask(feed: Feed, *, actor: Actor) -> None:
    """Have a worker look as soon as it can. Raises ``PermissionDenied``."""
    require(actor is None or actor.has_perm("syndication.change_feed"), _("read this feed"))
    with transaction.atomic():
        _enqueue(feed, timezone.now())
        audit.record(actor, "asked for a look", feed)


def ask_due(now: datetime) -> int:
    """Have workers look at the feeds whose time has come, the longest waiting first; returns how many were asked for.

    It reads and fetches nothing itself. Any number of workers may call it: each feed is claimed by one.
    """
    due = Feed.objects.filter(is_on=True, next_at__lte=now).order_by("next_at", "id")
    return sum([claim(feed, now) for feed in due])


def claim(feed: Feed, now: datetime) -> bool:
    """Ask for a look unless another worker did: the next one is put off before this begins, so that no two begin."""
    with transaction.atomic():
        mine = Feed.objects.filter(pk=feed.pk, is_on=True, next_at=feed.next_at)
        claimed = bool(mine.update(next_at=now + pause_of(feed)))
        if claimed:
            _enqueue(feed, now, is_due=True)
    return claimed


def _enqueue(feed: Feed, now: datetime, *, is_due: bool = False) -> None:
    told = {"feed": feed.pk, "at": now.isoformat(), "due": is_due}
    effects.enqueue(LOOK, told, key=f"{LOOK}:{feed.pk}:{now.isoformat()}")


@effects.handler(LOOK, slow=True)
def _look_asked(payload: dict[str, Any], key: str) -> None:
    """Look, unless somebody has since it was asked for, or the feed was switched off before its turn came.

    An error that nobody foresaw counts as a look that failed: the feed is left alone until its next turn.
    """
    feed = Feed.objects.select_related("source").filter(pk=payload["feed"]).first()
    if feed is None or (payload["due"] and not feed.is_on):
        return
    if feed.asked_at is not None and feed.asked_at > datetime.fromisoformat(payload["at"]):
        return
    try:
        look(feed)
    except Exception:
        _note_failure(feed, timezone.now(), _("It could not be read, for a reason that stands in the log."))
        raise


def pause_of(feed: Feed) -> timedelta:
    """Until the next look: doubled for each that failed."""
    usual = timedelta(minutes=feed.every_minutes)
    return max(usual, min(usual * (1 << min(feed.failures, 10)), LONGEST_PAUSE))


def _look_at_address(feed: Feed, tally: Tally) -> None:
    if not settings.WIRES_FETCHING:
        raise Refused(_("The operator has not switched fetching on (WIRES_FETCHING)."))
    asked = {"Accept": ACCEPT, **only_if_changed(feed.etag, feed.last_modified)}
    came = fetch(feed.address, max_bytes=MOST_BYTES, seconds=SECONDS, headers=asked)
    if came.status == 304:  # noqa: PLR2004 - not modified
        return
    reading = read(came.body, base=came.url, encoding=_encoding(came))
    _add(tally, take_in(feed, reading))
    _note_reading(feed, reading)
    feed.etag = came.kept("etag", 300)
    feed.last_modified = came.kept("last-modified", 100)


def _note_reading(feed: Feed, reading: Reading) -> None:
    feed.format, feed.remarks = reading.format[:30], reading.problems


def _encoding(came: Fetched) -> str:
    told = Message()
    told["content-type"] = line(came.headers.get("content-type", ""), 200)
    return line(told.get_param("charset") or "", 30)


def _look_into_folder(feed: Feed, tally: Tally) -> None:
    for file in folders.delivered(feed):
        try:
            if file.content is None:
                raise Refused(_("It is larger than %(most)d MB.") % {"most": MOST_BYTES // 1_000_000})
            reading = read(file.content)
        except Refused as refused:
            fail(feed, file.name, str(refused), tally)
        else:
            _note_reading(feed, reading)
            _add(tally, take_in(feed, reading))
        folders.note_read(feed, file)


def _add(tally: Tally, more: Tally) -> None:
    for name, count in vars(more).items():
        setattr(tally, name, getattr(tally, name) + count)


def _note_success(feed: Feed, now: datetime) -> None:
    told: dict[str, Any] = {
        "etag": feed.etag,
        "last_modified": feed.last_modified,
        "format": feed.format,
        "remarks": feed.remarks,
    }
    _as_asked(feed).update(asked_at=now, read_at=now, failures=0, problem="", **told)


def _note_failure(feed: Feed, now: datetime, problem: str) -> None:
    _as_asked(feed).update(asked_at=now, failures=F("failures") + 1, problem=line(problem, 500))


def _as_asked(feed: Feed) -> QuerySet[Feed]:
    """Its row, unless the desk sent it elsewhere meanwhile: then nothing of this look is true of it."""
    return Feed.objects.filter(pk=feed.pk, address=feed.address, folder=feed.folder)
