"""How the desk is doing: what waits, how long, and what readers may be promised."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from statistics import median

from django.db.models import Count, Exists, Min, OuterRef, QuerySet, Subquery
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from comments.desk.counts import MOST, Counted
from comments.models import Comment, DeskDay, DeskPromise, ModerationEntry, State
from pagecache.prepared import Prepared
from pagecache.reading import depends_on
from pagecache.writing import writing

DAYS = 30
"""Days kept filled and shown."""

RECOUNTED = 3
"""The last whole days are counted again each time: imports and late transactions still change them."""

PROMISE_DAYS = 7
FEWEST_DECISIONS = 20
"""Decisions a promise needs; of fewer the median says little."""

MOST_WAITS = 20_000

_PROMISE: Prepared[timedelta | None] = Prepared(
    lambda: DeskPromise.objects.filter(pk=1).values_list("within", flat=True)
)

PROMISED = Subquery(DeskPromise.objects.filter(pk=1).values("within"))
"""The promise, for a query that has something else to ask."""

STEPS = tuple(
    timedelta(minutes=minutes) for minutes in (15, 30, 60, 120, 180, 240, 360, 480, 720, 1440, 2 * 1440, 3 * 1440)
)
"""What can be promised. A longer wait is no promise."""

JUDGED = (State.APPROVED, State.REJECTED, State.SPAM)


@dataclass(frozen=True)
class Now:
    """The queue this minute."""

    waiting: Counted
    oldest: datetime | None


def now() -> Now:
    """What waits, in one query that reads no more of a long queue than it tells."""
    queue = Comment.objects.pending().values("waiting_since")[: MOST + 1]
    told = queue.aggregate(number=Count("*"), oldest=Min("waiting_since"))
    return Now(Counted(told["number"]), told["oldest"])


def days() -> list[DeskDay]:
    """The last ``DAYS`` whole days, the oldest first; a day nobody counted yet is empty."""
    today = timezone.localdate()
    wanted = [today - timedelta(days=back) for back in range(DAYS, 0, -1)]
    stored = DeskDay.objects.in_bulk(wanted)
    return [stored.get(day) or DeskDay(day=day) for day in wanted]


def promise() -> timedelta | None:
    """Within what time a comment is usually decided, as readers are told; ``None``: no promise.

    One row by its key. A page that shows it depends on ``comments-promise``.
    """
    return promised(_PROMISE.first())


def promised(within: timedelta | None) -> timedelta | None:
    """The promise as ``PROMISED`` gave it in another query; a page that shows it depends on it."""
    depends_on("comments-promise")
    return within


def in_words(within: timedelta | None) -> str:
    """The promise as readers read it: “usually within 2 hours”; empty without one."""
    if within is None:
        return ""
    minutes = int(within.total_seconds() // 60)
    if minutes < 60:  # noqa: PLR2004 - minutes in an hour
        return ngettext("usually within %d minute", "usually within %d minutes", minutes) % minutes
    if minutes < 24 * 60:
        hours = minutes // 60
        return ngettext("usually within an hour", "usually within %(hours)d hours", hours) % {"hours": hours}
    number = minutes // (24 * 60)
    return ngettext("usually within a day", "usually within %(days)d days", number) % {"days": number}


def count_days() -> int:
    """Fill every missing day of the last ``DAYS``, and count the last ``RECOUNTED`` again; returns how many.

    Safe in two workers at once: a day's figures replace those of the same day.
    """
    today = timezone.localdate()
    wanted = [today - timedelta(days=back) for back in range(1, DAYS + 1)]
    stored = set(DeskDay.objects.filter(day__in=wanted[RECOUNTED:]).values_list("day", flat=True))
    counted = [_count(day) for day in wanted if day not in stored]
    DeskDay.objects.bulk_create(
        counted, update_conflicts=True, unique_fields=["day"], update_fields=["arrived", "decided", "median_wait"]
    )
    return len(counted)


def renew_promise() -> timedelta | None:
    """Work the promise out of the last days' decisions; readers' pages change only where its words do."""
    since = timezone.now() - timedelta(days=PROMISE_DAYS)
    waits = _waits(_first_decisions().filter(at__gte=since).order_by("-at")[:MOST_WAITS])
    middle = _middle(waits)
    within = round_up(middle) if middle is not None and len(waits) >= FEWEST_DECISIONS else None
    values = {"within": within, "median": middle, "decided": len(waits), "at": timezone.now()}
    with writing():
        _make_room()
        row = DeskPromise.objects.select_for_update().get(pk=1)
        if row.within != within:
            DeskPromise(pk=1, **values).save(force_update=True)
        else:
            DeskPromise.objects.filter(pk=1).update(**values)
    return within


def _make_room() -> None:
    """A row to lock. Without a promise in it it changes no page, so no key rises."""
    plain: QuerySet[DeskPromise] = QuerySet(DeskPromise)
    plain.bulk_create([DeskPromise(pk=1)], ignore_conflicts=True)


def made_of() -> DeskPromise:
    """The promise with what it was made of."""
    return DeskPromise.objects.filter(pk=1).first() or DeskPromise()


def round_up(wait: timedelta) -> timedelta | None:
    """The next time a reader is told; ``None`` for one too long to promise."""
    return next((step for step in STEPS if wait <= step), None)


def _count(day: date) -> DeskDay:
    begins, ends = _midnight(day), _midnight(day + timedelta(days=1))
    arrived = Comment.objects.filter(staff__isnull=True, created_at__gte=begins, created_at__lt=ends).count()
    waits = _waits(_first_decisions().filter(at__gte=begins, at__lt=ends))
    return DeskDay(day=day, arrived=arrived, decided=len(waits), median_wait=_middle(waits))


def _midnight(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time()))


def _first_decisions() -> QuerySet[ModerationEntry]:
    """What a person decided about a comment before any other person did."""
    judged = ModerationEntry.objects.filter(
        kind=ModerationEntry.Kind.DECIDE, by__isnull=False, after__in=JUDGED, undoes__isnull=True
    )
    earlier = judged.filter(comment=OuterRef("comment"), pk__lt=OuterRef("pk"))
    return judged.filter(~Exists(earlier), comment__staff__isnull=True)


def _middle(waits: Sequence[timedelta]) -> timedelta | None:
    return timedelta(seconds=median(wait.total_seconds() for wait in waits)) if waits else None


def _waits(entries: QuerySet[ModerationEntry]) -> Sequence[timedelta]:
    rows = entries.values_list("at", "comment__created_at")
    return [max(at - sent, timedelta()) for at, sent in rows]


def span_in_words(span: timedelta | None) -> str:
    """A wait for a table: “2 h 5 min”; a dash without one."""
    if span is None:
        return "–"
    minutes = round(span.total_seconds() / 60)
    if minutes < 60:  # noqa: PLR2004 - minutes in an hour
        return _("%d min") % minutes
    if minutes < 2 * 24 * 60:
        return _("%(hours)d h %(minutes)d min") % {"hours": minutes // 60, "minutes": minutes % 60}
    return _("%(days)d d %(hours)d h") % {"days": minutes // 1440, "hours": minutes % 1440 // 60}
