"""The front page: which story stands where. Nothing stands on it twice, and no two that are kept apart.

The editors' picks take the first places in the editors' order; what they leave
free is filled by date, kind and picture.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db.models import DateTimeField
from django.utils import timezone

from articles.models import Article, Kind, Section
from articles.page_parts import public_cards
from curation import most_read
from curation.places import FRONT
from curation.slots import SlotPick, Standing, groups_of, slot_picks
from pagecache.prepared import Prepared

NEWEST = 300
"""Public stories looked at, newest first: some weeks of a small paper, and one short read of an index."""

LEAD_AMONG = 6
"""The lead is the newest of these that has a picture, so that it is never old."""

SECOND, THIRD, LATEST, OPINIONS, PER_SECTION = 2, 4, 6, 4, 4
TOP = 1 + SECOND + THIRD
"""Places that picks may take."""

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
    publish_at: datetime


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
    most_read: list[Article] = field(default_factory=list)
    latest: list[Article] = field(default_factory=list)
    opinions: list[Article] = field(default_factory=list)
    strips: list[Strip] = field(default_factory=list)

    @property
    def articles(self) -> list[Article]:
        """Every card on the page, in reading order; *Most read* has none."""
        top = [self.lead] if self.lead else []
        rest = [article for strip in self.strips for article in strip.articles]
        return [*top, *self.second, *self.third, *self.latest, *self.opinions, *rest]


@dataclass
class Places:
    """Ids for each part, before the stories themselves are read."""

    lead: list[int] = field(default_factory=list)
    second: list[int] = field(default_factory=list)
    third: list[int] = field(default_factory=list)
    latest: list[int] = field(default_factory=list)
    opinions: list[int] = field(default_factory=list)
    strips: list[list[int]] = field(default_factory=list)

    def ids(self) -> list[int]:
        """All of them, in reading order."""
        strips = [pk for ids in self.strips for pk in ids]
        return [*self.top, *self.latest, *self.opinions, *strips]

    @property
    def top(self) -> list[int]:
        """The first ``TOP`` places of the page."""
        return [*self.lead, *self.second, *self.third]


class _Pool:
    """Candidates, newest first, of which each part of the page takes some."""

    def __init__(self, candidates: Sequence[Candidate], standing: Standing) -> None:
        self.candidates, self.standing = candidates, standing

    def left(self, wanted: Callable[[Candidate], bool] = lambda _: True) -> Iterator[Candidate]:
        """Those ``wanted`` that stand nowhere yet."""
        return (c for c in self.candidates if c.pk not in self.standing.ids and wanted(c))

    def take(self, count: int, wanted: Callable[[Candidate], bool] = lambda _: True) -> list[int]:
        """Place the newest ``count`` that are ``wanted`` and may stand on the page; returns their ids."""
        return self.standing.take([c.pk for c in self.left(wanted)], count)


def front() -> Front:
    """The front page as it stands now: five queries, whatever the archive holds."""
    picks, popular = slot_picks(FRONT), most_read.ranked()
    places, chosen = arranged(candidates(), picks, popular)
    return _filled(places, _cards(places.ids(), picks), chosen)


def arranged(
    stories: Sequence[Candidate], picks: Sequence[SlotPick], popular: list[Article]
) -> tuple[Places, list[Article]]:
    """Which of ``stories``, newest first, stands where, and the most read that are left: one query."""
    pool = _pool(stories, [pick.target for pick in picks] + [article.pk for article in popular])
    places = _top(pool, picks)
    chosen = most_read.choose(popular, pool.standing)
    _below(pool, places)
    return places, chosen


def front_order(picks: Sequence[SlotPick]) -> list[int]:
    """The articles in the first places of the page, picks and fills: two queries and no cards."""
    return _top(_pool(candidates(), [pick.target for pick in picks]), picks).top


def candidates() -> list[Candidate]:
    """The newest public stories, newest first: one query."""
    return [
        Candidate(pk, section_id, kind, picture_id is not None, position, publish_at)
        for pk, section_id, kind, picture_id, position, publish_at in _NEWEST.rows(now=timezone.now())
        if publish_at is not None
    ]


def _newest(now: Any) -> Any:
    columns = ("pk", "section_id", "kind", "lead_picture_id", "section__position", "publish_at")
    return Article.objects.public(now).newest_first().values_list(*columns)[:NEWEST]


_NEWEST: Prepared[Any] = Prepared(_newest, now=DateTimeField())


def _pool(stories: Sequence[Candidate], others: Sequence[int]) -> _Pool:
    ids = {candidate.pk for candidate in stories}
    return _Pool(stories, Standing(groups_of(ids.union(others))))


def _top(pool: _Pool, picks: Sequence[SlotPick]) -> Places:
    picked = pool.standing.take([pick.target for pick in picks], TOP)
    places = Places()
    places.lead = picked[:1] or _lead(pool)
    places.second = _pictured_first(pool, picked[1 : 1 + SECOND], SECOND)
    places.third = _pictured_first(pool, picked[1 + SECOND :], THIRD)
    return places


def _lead(pool: _Pool) -> list[int]:
    opening = {candidate.pk for candidate in list(pool.left(_is_report))[:LEAD_AMONG]}
    return pool.take(1, lambda c: c.pk in opening and c.has_picture) or pool.take(1, _is_report) or pool.take(1)


def _below(pool: _Pool, places: Places) -> None:
    places.latest = pool.take(LATEST, _is_report)
    places.opinions = pool.take(OPINIONS, lambda c: c.kind == Kind.OPINION)
    places.strips = _strips(pool)


def _is_report(candidate: Candidate) -> bool:
    return candidate.kind != Kind.OPINION


def _pictured_first(pool: _Pool, picked: list[int], count: int) -> list[int]:
    """The picks, then the newest reports with a picture; where there are too few, the newest without."""
    chosen = picked + pool.take(count - len(picked), lambda c: _is_report(c) and c.has_picture)
    return chosen + pool.take(count - len(chosen), _is_report)


def _strips(pool: _Pool) -> list[list[int]]:
    """The newest reports left in each section, one with a picture first; a section with too few has no strip."""
    by_section: dict[tuple[int, int], dict[int, Candidate]] = {}
    for candidate in pool.left(_is_report):
        by_section.setdefault((candidate.section_position, candidate.section_id), {})[candidate.pk] = candidate
    strips: list[list[int]] = []
    for _place, rows in sorted(by_section.items()):
        chosen = pool.standing.first(rows, PER_SECTION)
        if len(chosen) >= FEWEST_IN_STRIP and len(strips) < MOST_STRIPS:
            pool.standing.join(chosen)
            strips.append(_feature_first([rows[pk] for pk in chosen]))
    return strips


def _feature_first(rows: list[Candidate]) -> list[int]:
    feature = next((row for row in rows if row.has_picture), rows[0])
    return [feature.pk, *(row.pk for row in rows if row is not feature)]


def _cards(ids: list[int], picks: Sequence[SlotPick]) -> dict[int, Article]:
    """The cards of the page, those of picks as the editors worded them."""
    cards = public_cards(ids)
    return cards | {pick.target: pick.article for pick in picks if pick.target in cards}


def _filled(places: Places, cards: dict[int, Article], popular: list[Article]) -> Front:
    def rows(ids: list[int]) -> list[Article]:
        return [cards[pk] for pk in ids if pk in cards]

    strips = [articles for articles in map(rows, places.strips) if articles]
    return Front(
        lead=next(iter(rows(places.lead)), None),
        second=rows(places.second),
        third=rows(places.third),
        most_read=popular,
        latest=rows(places.latest),
        opinions=rows(places.opinions),
        strips=[Strip(articles[0].section, articles) for articles in strips if articles[0].section],
    )
