"""One look at a feed: what is new there is read and taken in; what went wrong is said on the feed."""

from datetime import datetime, timedelta
from email.message import Message
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from articles.permissions import Actor, require
from outbox import audit, effects
from outbox.fetching import Fetched, FetchRefused, fetch
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
        effects.enqueue(LOOK, {"feed": feed.pk}, key=f"{LOOK}:{feed.pk}:{timezone.now().isoformat()}")
        audit.record(actor, "asked for a look", feed)


@effects.handler(LOOK, outside=True)
def _look_asked(payload: dict[str, Any], key: str) -> None:
    feed = Feed.objects.select_related("source").filter(pk=payload["feed"]).first()
    if feed is not None:
        look(feed)


def due(now: datetime) -> list[Feed]:
    """Feeds whose time has come, the longest waiting first."""
    return list(Feed.objects.filter(is_on=True, next_at__lte=now).select_related("source").order_by("next_at", "id"))


def claim(feed: Feed, now: datetime) -> bool:
    """Whether this worker may look: the next look is put off before it begins, so that no two begin it."""
    mine = Feed.objects.filter(pk=feed.pk, is_on=True, next_at=feed.next_at)
    return bool(mine.update(next_at=now + pause_of(feed)))


def pause_of(feed: Feed) -> timedelta:
    """Until the next look: doubled for each that failed."""
    usual = timedelta(minutes=feed.every_minutes)
    return max(usual, min(usual * (1 << min(feed.failures, 10)), LONGEST_PAUSE))


def _look_at_address(feed: Feed, tally: Tally) -> None:
    if not settings.WIRES_FETCHING:
        raise Refused(_("The operator has not switched fetching on (WIRES_FETCHING)."))
    came = fetch(feed.address, max_bytes=MOST_BYTES, seconds=SECONDS, headers=_asked(feed))
    if came.status == 304:  # noqa: PLR2004 - not modified
        return
    reading = read(came.body, base=came.url, encoding=_encoding(came))
    _add(tally, take_in(feed, reading))
    _note_reading(feed, reading)
    feed.etag = line(came.headers.get("etag", ""), 300)
    feed.last_modified = line(came.headers.get("last-modified", ""), 100)


def _note_reading(feed: Feed, reading: Reading) -> None:
    feed.format, feed.remarks = reading.format[:30], reading.problems


def _asked(feed: Feed) -> dict[str, str]:
    asked = {"Accept": ACCEPT}
    if feed.etag.isascii() and feed.etag:
        asked["If-None-Match"] = feed.etag
    if feed.last_modified.isascii() and feed.last_modified:
        asked["If-Modified-Since"] = feed.last_modified
    return asked


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
    Feed.objects.filter(pk=feed.pk).update(asked_at=now, read_at=now, failures=0, problem="", **told)


def _note_failure(feed: Feed, now: datetime, problem: str) -> None:
    Feed.objects.filter(pk=feed.pk).update(asked_at=now, failures=F("failures") + 1, problem=line(problem, 500))
