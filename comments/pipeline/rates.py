"""How many comments one source may send in ten minutes, counted in the database by the minute.

A submission is counted in a short transaction of its own, before anything is
stored: every source's rows are locked in one order, so that parallel posts
neither slip past a limit nor wait for one another longer than the count takes.
What is refused here is not counted, so the moment in ``Retry-After`` holds
however often somebody tries before it; what a later step refuses stays counted.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import F, QuerySet
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from comments.models import Arrivals
from comments.pipeline.draft import Draft
from comments.refusals import TooManyError

WINDOW = timedelta(minutes=10)
STRETCH = timedelta(minutes=1)
"""A limit holds for the present stretch and those before it that began less than ``WINDOW`` ago."""


@dataclass(frozen=True)
class Source:
    """Whose comments are counted, how many are taken in ten minutes, and what is said of more."""

    key: str
    limit: int
    words: str | Promise


def sources_of(draft: Draft) -> list[Source]:
    """What one comment counts for; a connection without an address (a Unix socket) counts for no block.

    The limits are settings, see ``docs/operators.md``. An e-mail address may
    be typed by anybody, so its limit is no smaller than a connection's: who
    wants to lock somebody out gains ten minutes, for ten comments of their own.
    """
    found = [
        Source(
            f"article:{draft.article.pk}",
            settings.COMMENTS_RATE_ARTICLE,
            _("Very many comments arrive under this article just now."),
        ),
        Source(
            f"email:{hashed('email', draft.email)}",
            settings.COMMENTS_RATE_EMAIL,
            _("Many comments came with this email address just now."),
        ),
    ]
    if draft.address_block:
        words = _("Many comments came from your connection just now.")
        found.append(Source(f"address:{draft.address_block}", settings.COMMENTS_RATE_ADDRESS, words))
    return found


def hashed(kind: str, value: str) -> str:
    """A keyed hash, so that a count tells nobody whom it counts."""
    return salted_hmac(f"comments.{kind}", value, algorithm="sha256").hexdigest()[:48]


def look(found: list[Source]) -> None:
    """Raise ``TooManyError`` where a comment would be one too many, counting nothing."""
    now = timezone.now()
    _require_room(found, _counts(_recent(found, now)), now)


def take(found: list[Source]) -> None:
    """Count one comment for each source, or raise ``TooManyError`` and count none. Three statements."""
    now = timezone.now()
    present = _stretch(now)
    with transaction.atomic():
        keys = sorted(source.key for source in found)
        # With the stretch before it, two posts on either side of a full minute meet at one row at least.
        rows = [Arrivals(source=key, since=since) for key in keys for since in (present - STRETCH, present)]
        Arrivals.objects.bulk_create(rows, ignore_conflicts=True)
        locked = _recent(found, now).select_for_update().order_by("source", "since")
        _require_room(found, _counts(locked), now)
        Arrivals.objects.filter(source__in=keys, since=present).update(number=F("number") + 1)


def lock_writer(email: str) -> None:
    """Let nobody else store a comment with this address before the present transaction ends.

    It locks the rows that ``take`` counted the comment in; without any (a
    writer's change of their own words) it locks nothing.
    """
    key = f"email:{hashed('email', email)}"
    rows = Arrivals.objects.filter(source=key, since__gt=_stretch(timezone.now()) - WINDOW)
    list(rows.select_for_update().order_by("source", "since").values_list("pk"))


def _stretch(moment: datetime) -> datetime:
    return moment - timedelta(seconds=moment.timestamp() % STRETCH.total_seconds())


def _recent(found: list[Source], now: datetime) -> QuerySet[Arrivals]:
    keys = [source.key for source in found]
    return Arrivals.objects.filter(source__in=keys, since__gt=_stretch(now) - WINDOW)


def _counts(rows: QuerySet[Arrivals]) -> dict[str, dict[datetime, int]]:
    counts: dict[str, dict[datetime, int]] = {}
    for source, since, number in rows.values_list("source", "since", "number"):
        counts.setdefault(source, {})[since] = number
    return counts


def _require_room(found: list[Source], counts: Mapping[str, dict[datetime, int]], now: datetime) -> None:
    """Raise for the source that has to wait longest."""
    waits = [(_wait(counts.get(source.key, {}), source.limit, now), source) for source in found]
    wait, source = max(waits, key=lambda pair: pair[0])
    if wait:
        raise TooManyError(str(source.words), wait)


def _wait(stretches: dict[datetime, int], limit: int, now: datetime) -> timedelta:
    """How long until so many stretches have passed that there is room for one more."""
    excess = sum(stretches.values()) - limit + 1
    if excess <= 0:
        return timedelta()
    for since in sorted(stretches):
        excess -= stretches[since]
        if excess <= 0:
            return since + WINDOW - now
    return WINDOW
