"""Where an article stands now, and what would fill the gap in each list if it were pulled.

The rule of ``curation.related`` is run for each list that picks or suggests
the article, once as it is and once without it: in batches, so that the number
of queries does not depend on how many lists there are.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db.models import Exists, OuterRef
from django.utils import timezone

from articles.models import Article, Section
from curation.candidates import candidates_of
from curation.models import Campaign, Exposure, Pick, Suggestion
from curation.places import FRONT, FrontPage
from curation.related import Entry, choose
from curation.slots import slot_order

MOST_SHOWN = 200
"""Lists named one by one; a person reads no more."""

MOST_EXAMINED = 400
"""Lists the rule is run for: many suggestions stand below the places readers see."""

MOST_PAGES = 5
"""Section pages looked at: each costs a few queries, and hardly a story is picked for more."""

BATCH = 200
"""Lists in one query."""


@dataclass(frozen=True)
class Standing:
    """One list: the article beside which it stands, the place from 1, by pick or fill, and who would follow."""

    page: int
    place: int
    origin: str
    successor: int | None


@dataclass(frozen=True)
class OnPage:
    """The front page, or a section's (``section``): the place from 1, 0 for a pick that waits there."""

    section: Section | None
    place: int
    picked: bool


@dataclass
class Inward:
    """Everything that shows an article."""

    standings: list[Standing] = field(default_factory=list)
    waiting: list[Pick] = field(default_factory=list)
    """Picks that do not show it at present: in lists nobody sees, not its time, or crowded out."""
    pages: list[OnPage] = field(default_factory=list)
    """The front page, and section pages for which an editor picked it."""
    campaigns: list[Campaign] = field(default_factory=list)
    examined: int = 0
    left_out: bool = False
    estimate: int | None = None
    """The engine's lists at the last count, where not all of them were examined."""

    @property
    def by_pick(self) -> list[Standing]:
        """Lists an editor put it into."""
        return [one for one in self.standings if one.origin == "pick"]

    @property
    def by_engine(self) -> list[Standing]:
        """Lists the engine put it into."""
        return [one for one in self.standings if one.origin == "fill"]

    def article_ids(self) -> set[int]:
        """Every article that is to be named."""
        named = {pk for one in self.standings for pk in (one.page, one.successor)}
        return {pk for pk in named if pk is not None}


def inward(article: Article, most: int = MOST_EXAMINED) -> Inward:
    """Where ``article`` stands now, examining ``most`` lists: those with picks first, then the best suggestions."""
    picked = list(_picks(article)[: most + 1])
    public = Exists(Article.objects.public().filter(pk=OuterRef("article")))
    suggested = Suggestion.objects.filter(public, target=article).order_by("-score", "-pk")
    fills = list(suggested.values_list("article_id", flat=True)[: most + 1])
    pages = list(dict.fromkeys([row.article_id for row in picked if row.article_id] + fills))
    found = Inward(examined=min(len(pages), most), left_out=len(pages) > most)
    found.standings = sorted(_standings(article.pk, pages[:most]), key=lambda one: (one.origin != "pick", one.place))
    found.pages = list(_on_pages(article.pk, [row for row in picked if row.article_id is None]))
    shown = {one.page for one in found.by_pick}
    found.waiting = [row for row in picked if row.article_id and row.article_id not in shown]
    now = timezone.now()
    running = Campaign.objects.filter(target=article, ends__gt=now).select_related("section", "tag")
    found.campaigns = list(running.order_by("starts", "pk")[:MOST_SHOWN])
    if found.left_out:
        counted = Exposure.objects.filter(article=article).values_list("lists", flat=True).first()
        found.estimate = counted
    return found


def _picks(article: Article) -> Any:
    rows = Pick.objects.filter(target=article).select_related("article__latest", "section")
    return rows.order_by("-picked_at", "-pk")


def _on_pages(target: int, rows: Sequence[Pick]) -> Iterable[OnPage]:
    """Where it stands on the front page, picked or not, and on the pages of the first sections that pick it."""
    sections = [row.section for row in rows if row.section is not None]
    places: list[Section | FrontPage] = [FRONT, *sections[:MOST_PAGES]]
    on_front = any(row.section_id is None for row in rows)
    for place in places:
        order = slot_order(place)
        at = next((at for at, entry in enumerate(order, start=1) if entry.target == target), 0)
        picked = on_front if place is FRONT else True
        if at or picked:
            yield OnPage(place if isinstance(place, Section) else None, at, picked)


def _standings(target: int, pages: Sequence[int]) -> list[Standing]:
    public = Article.objects.public()
    found: list[Standing] = []
    for start in range(0, len(pages), BATCH):
        linked = dict(public.filter(pk__in=pages[start : start + BATCH]).values_list("pk", "linked_ids"))
        found += _in_batch(target, linked, timezone.now())
    return found


def _in_batch(target: int, linked: dict[int, list[int]], now: datetime) -> Iterable[Standing]:
    found = candidates_of(list(linked))
    with_it = {page: choose(page, found, now, linked=ids) for page, ids in linked.items()}
    found.banned.add(target)
    for page, ids in linked.items():
        entries = with_it[page]
        place = next((at for at, entry in enumerate(entries, start=1) if entry.target == target), 0)
        if place:
            follower = _follower(entries, choose(page, found, now, linked=ids))
            yield Standing(page, place, entries[place - 1].origin, follower)


def _follower(before: Sequence[Entry], after: Sequence[Entry]) -> int | None:
    stood = {entry.target for entry in before}
    return next((entry.target for entry in after if entry.target not in stood), None)
