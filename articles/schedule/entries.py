"""What a stretch of days holds: at most six queries, and a bounded number of rows, however much happens."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from typing import Any

from django.db.models import Case, Count, Exists, F, OuterRef, Q, QuerySet, Value, When, Window
from django.db.models.functions import RowNumber
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from articles.known import known_to, of_concern
from articles.models import Article, ArticleQuerySet, Byline, ScheduledChange
from articles.models.article import LIVE_STATUSES
from articles.permissions import Actor, may_publish
from articles.schedule import moving
from articles.schedule.overlay import waiting

COLUMNS = (
    *("headline", "status", "publish_at", "expire_at", "embargo_until", "created_by", "section__name"),
    *("latest__headline", "latest__planned_at", "latest__section__name", "latest__made_by__name"),
)
_UNREAD = ("revision__state", "revision__parts", "article__latest__state", "article__latest__parts")


class Happening(StrEnum):
    """What happens at an entry's moment."""

    PUBLISHED = "published"
    SCHEDULED = "scheduled"
    CHANGE = "change"
    EMBARGO = "embargo"
    EXPIRY = "expiry"
    PLANNED = "planned"


WORDS = {
    Happening.PUBLISHED: _("published"),
    Happening.SCHEDULED: _("scheduled"),
    Happening.CHANGE: _("later change"),
    Happening.EMBARGO: _("embargo ends"),
    Happening.EXPIRY: _("expires"),
    Happening.PLANNED: _("planned"),
}


@dataclass(frozen=True)
class Entry:
    """One line of a day."""

    happening: Happening
    moment: datetime
    article: Article
    headline: str
    section: str
    movable: bool = False
    late: bool = False
    change: int = 0

    @property
    def words(self) -> Any:
        """What happens, for a person."""
        return WORDS[self.happening]

    @property
    def seen(self) -> str:
        """The moment as ``move`` takes it back."""
        return self.moment.isoformat()


@dataclass(frozen=True)
class Wanted:
    """The filters above the calendar; zero and empty are for everything."""

    section: int = 0
    person: int = 0
    status: str = ""


@dataclass
class Day:
    """One day of the calendar: what is shown, and how much more there is."""

    date: date
    entries: list[Entry] = field(default_factory=list)
    total: int = 0

    @property
    def more(self) -> int:
        """Entries that are not shown."""
        return self.total - len(self.entries)

    @property
    def is_today(self) -> bool:
        """Whether it is the newsroom's today."""
        return self.date == timezone.localdate()


def days(first: date, count: int, actor: Actor, wanted: Wanted, cap: int) -> list[Day]:
    """``count`` days from ``first`` with what ``actor`` may know of, at most ``cap`` entries each.

    What lies ahead and what is planned goes before what was published.
    """
    made = [Day(first + timedelta(days=number)) for number in range(count)]
    edges = [_midnight(day.date) for day in made] + [_midnight(first + timedelta(days=count))]
    for happening, rows, moment in _happenings(actor, wanted):
        _fill(made, _numbered(rows, moment, edges, cap), happening, actor)
    for day in made:
        _shorten(day, cap)
    return made


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), tzinfo=timezone.get_current_timezone())


def _happenings(actor: Actor, wanted: Wanted) -> Iterable[tuple[Happening, QuerySet[Any], str]]:
    """Queries with the column that holds their moment. Others' work shows only once it is public."""
    known = _narrowed(calendar_rows(actor), wanted)
    own = known.filter(of_concern(actor))
    live = own.filter(status__in=LIVE_STATUSES)
    held = Q(embargo_until__gt=F("publish_at"))
    yield Happening.PUBLISHED, known.filter(~held | Q(embargo_until=None), status__in=LIVE_STATUSES), "publish_at"
    yield Happening.EMBARGO, live.filter(held), "embargo_until"
    yield Happening.EXPIRY, live, "expire_at"
    yield Happening.PLANNED, own.filter(status__in=moving.PLANNED), "latest__planned_at"
    mine = Article.objects.filter(of_concern(actor), pk=OuterRef("article"))
    changes = waiting().filter(Exists(_narrowed(mine, wanted))).select_related("revision__section", "article__latest")
    yield Happening.CHANGE, changes.defer(*_UNREAD), "due_at"


def calendar_rows(actor: Actor) -> ArticleQuerySet:
    """What ``actor`` may know of, with just what a line prints."""
    return known_to(actor).select_related("section").only(*COLUMNS)


def _narrowed(rows: ArticleQuerySet, wanted: Wanted) -> ArticleQuerySet:
    if wanted.section:
        live = Q(status__in=LIVE_STATUSES, section=wanted.section)
        rows = rows.filter(live | ~Q(status__in=LIVE_STATUSES) & Q(latest__section=wanted.section))
    if wanted.person:
        credited = Byline.objects.filter(article=OuterRef("pk"), author__user=wanted.person)
        rows = rows.filter(Q(created_by=wanted.person) | Exists(credited))
    if wanted.status:
        rows = rows.filter(status=wanted.status)
    return rows


def _numbered(rows: QuerySet[Any], moment: str, edges: Sequence[datetime], cap: int) -> QuerySet[Any]:
    """The rows between the edges with ``day_number`` and ``on_day``, ``cap`` of a day; what lies ahead goes first."""
    before = [When(**{f"{moment}__lt": edge}, then=Value(number)) for number, edge in enumerate(edges[1:])]
    within = rows.filter(**{f"{moment}__gte": edges[0], f"{moment}__lt": edges[-1]})
    ahead = Case(When(**{f"{moment}__gt": timezone.now()}, then=Value(0)), default=Value(1))
    first = [ahead.asc(), F(moment).asc(), F("pk").asc()]
    numbered: QuerySet[Any] = within.annotate(
        day_number=Case(*before, default=Value(len(edges))),
        happens_at=F(moment),
    ).annotate(
        place=Window(RowNumber(), partition_by=[F("day_number")], order_by=first),
        on_day=Window(Count("*"), partition_by=[F("day_number")]),
    )
    shown: QuerySet[Any] = numbered.filter(place__lte=cap)
    return shown.order_by("day_number", "place")


def _fill(made: list[Day], rows: QuerySet[Any], happening: Happening, actor: Actor) -> None:
    seen: set[int] = set()
    for row in rows:
        day = made[row.day_number]
        if row.day_number not in seen:
            seen.add(row.day_number)
            day.total += row.on_day
        day.entries.append(_entry(row, happening, actor))


def _entry(row: Any, happening: Happening, actor: Actor) -> Entry:
    now = timezone.now()
    if isinstance(row, ScheduledChange):
        section = str(row.revision.section or "")
        waits = may_publish(actor, row.article) and (row.due_at > now or bool(row.problem))
        return Entry(
            *(happening, row.due_at, row.article, row.revision.headline, section),
            movable=waits,
            late=row.due_at <= now,
            change=row.pk,
        )
    ahead = row.happens_at > now
    if happening is Happening.PUBLISHED and ahead:
        happening = Happening.SCHEDULED
    movable = happening in (Happening.SCHEDULED, Happening.PLANNED) and moving.may_move(actor, row)
    late = happening is Happening.PLANNED and not ahead
    return Entry(happening, row.happens_at, row, str(row), _section(row), movable=movable, late=late)


def _section(article: Article) -> str:
    if article.status in LIVE_STATUSES or article.latest is None:
        return str(article.section or "")
    return str(article.latest.section or "")


def _shorten(day: Day, cap: int) -> None:
    """Keep ``cap`` entries, what still needs somebody first, in the order of the clock."""
    urgent = sorted(day.entries, key=lambda entry: (entry.happening is Happening.PUBLISHED, entry.moment))
    day.entries = sorted(urgent[:cap], key=lambda entry: (entry.moment, entry.article.pk))
