"""The front page: which story stands where. Nothing stands on it twice."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from django.db.models import Prefetch

from articles.models import Article, Byline, Kind, Section

NEWEST = 300
"""Public stories looked at, newest first: some weeks of a small paper, and one short read of an index."""

LEAD_AMONG = 6
"""The lead is the newest of these that has a picture, so that it is never old."""

SECOND, THIRD, LATEST, OPINIONS, PER_SECTION = 2, 4, 6, 4, 4
FEWEST_IN_STRIP = 2
MOST_STRIPS = 12


@dataclass(frozen=True)
class Candidate:
    """What decides about a story's place."""

    pk: int
    section_id: int
    kind: str
    has_picture: bool
    section_position: int


@dataclass(frozen=True)
class Strip:
    """A section's part of the page."""

    section: Section
    articles: list[Article]


@dataclass
class Front:
    """The page from top to bottom; every part may be empty."""

    lead: Article | None = None
    second: list[Article] = field(default_factory=list)
    third: list[Article] = field(default_factory=list)
    latest: list[Article] = field(default_factory=list)
    opinions: list[Article] = field(default_factory=list)
    strips: list[Strip] = field(default_factory=list)

    @property
    def articles(self) -> list[Article]:
        """Everything on the page, in reading order."""
        top = [self.lead] if self.lead else []
        rest = [article for strip in self.strips for article in strip.articles]
        return [*top, *self.second, *self.third, *self.latest, *self.opinions, *rest]


@dataclass
class _Places:
    """Ids for each part, before the stories themselves are read."""

    lead: list[int] = field(default_factory=list)
    second: list[int] = field(default_factory=list)
    third: list[int] = field(default_factory=list)
    latest: list[int] = field(default_factory=list)
    opinions: list[int] = field(default_factory=list)
    strips: list[list[int]] = field(default_factory=list)

    def ids(self) -> list[int]:
        """All of them."""
        strips = [pk for ids in self.strips for pk in ids]
        return [*self.lead, *self.second, *self.third, *self.latest, *self.opinions, *strips]


class _Pool:
    """Candidates not placed yet, newest first."""

    def __init__(self, candidates: Iterable[Candidate]) -> None:
        self.left = list(candidates)

    def take(self, count: int, wanted: Callable[[Candidate], bool] = lambda _: True) -> list[int]:
        """Remove and return the ids of the newest ``count`` that are ``wanted``."""
        taken = [candidate for candidate in self.left if wanted(candidate)][:count]
        gone = {candidate.pk for candidate in taken}
        self.left = [candidate for candidate in self.left if candidate.pk not in gone]
        return [candidate.pk for candidate in taken]


def front() -> Front:
    """The front page as it stands now: three queries, whatever the archive holds."""
    places = _places(_candidates())
    return _filled(places, _cards(places.ids()))


def _candidates() -> list[Candidate]:
    rows = (
        Article.objects.public()
        .newest_first()
        .values_list("pk", "section_id", "kind", "lead_picture_id", "section__position")
    )
    return [
        Candidate(pk, section_id, kind, picture_id is not None, position)
        for pk, section_id, kind, picture_id, position in rows[:NEWEST]
    ]


def _places(candidates: list[Candidate]) -> _Places:
    pool, places = _Pool(candidates), _Places()
    opening = {candidate.pk for candidate in [c for c in candidates if _is_report(c)][:LEAD_AMONG]}
    places.lead = pool.take(1, lambda c: c.pk in opening and c.has_picture) or pool.take(1, _is_report) or pool.take(1)
    places.second = _pictured_first(pool, SECOND)
    places.third = _pictured_first(pool, THIRD)
    places.latest = pool.take(LATEST, _is_report)
    places.opinions = pool.take(OPINIONS, lambda c: c.kind == Kind.OPINION)
    places.strips = _strips(pool)
    return places


def _is_report(candidate: Candidate) -> bool:
    return candidate.kind != Kind.OPINION


def _pictured_first(pool: _Pool, count: int) -> list[int]:
    """The newest reports with a picture; where there are too few, the newest without."""
    chosen = pool.take(count, lambda c: _is_report(c) and c.has_picture)
    return chosen + pool.take(count - len(chosen), _is_report)


def _strips(pool: _Pool) -> list[list[int]]:
    """The newest reports left in each section, one with a picture first; a section with too few has no strip."""
    by_section: dict[tuple[int, int], list[Candidate]] = {}
    for candidate in filter(_is_report, pool.left):
        by_section.setdefault((candidate.section_position, candidate.section_id), []).append(candidate)
    strips = [rows[:PER_SECTION] for _place, rows in sorted(by_section.items()) if len(rows) >= FEWEST_IN_STRIP]
    return [_feature_first(rows) for rows in strips[:MOST_STRIPS]]


def _feature_first(rows: list[Candidate]) -> list[int]:
    feature = next((row for row in rows if row.has_picture), rows[0])
    return [feature.pk, *(row.pk for row in rows if row is not feature)]


def _cards(ids: list[int]) -> dict[int, Article]:
    bylines = Prefetch("bylines", Byline.objects.select_related("author"))
    return Article.objects.public().cards().prefetch_related(bylines).in_bulk(ids)


def _filled(places: _Places, cards: dict[int, Article]) -> Front:
    def rows(ids: list[int]) -> list[Article]:
        return [cards[pk] for pk in ids if pk in cards]

    strips = [articles for articles in map(rows, places.strips) if articles]
    return Front(
        lead=next(iter(rows(places.lead)), None),
        second=rows(places.second),
        third=rows(places.third),
        latest=rows(places.latest),
        opinions=rows(places.opinions),
        strips=[Strip(articles[0].section, articles) for articles in strips if articles[0].section],
    )
