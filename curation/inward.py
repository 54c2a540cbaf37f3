"""Where an article stands now, and what would fill the gap in each list if it were pulled.

The rule of ``curation.related`` is run for each list that picks or suggests
the article or that a campaign brings it into, once as it is and once without
it: in batches, so that the number of queries does not depend on how many lists
there are. Campaigns of other articles count too: each takes a place.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db.models import Exists, OuterRef, QuerySet
from django.utils import timezone

from articles.models import Article, Section
from curation.candidates import Candidates, candidates_of
from curation.models import Campaign, Exposure, Pick, Suggestion
from curation.pinned import PAGE_FIELDS, Page, Reached, Running, pages_of, reached
from curation.places import FRONT, FrontPage
from curation.related import FILL, PICK, PIN, Entry, choose
from curation.slots import slot_order

MOST_SHOWN = 200
"""Lists named one by one; a person reads no more."""

MOST_EXAMINED = 400
"""Lists the rule is run for: many suggestions stand below the places readers see."""

MOST_PAGES = 5
"""Section pages looked at: each costs a few queries, and hardly a story is picked for more."""

BATCH = 200
"""Lists in one query."""


ORDER = (PICK, PIN, FILL)


@dataclass(frozen=True)
class Standing:
    """One list: the article beside which it stands, the place from 1, by pick, campaign or fill, and who would follow.

    ``row`` is the id of the pick or campaign.
    """

    page: int
    place: int
    origin: str
    successor: int | None
    row: int = 0


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
    """Those that show it now, and those to come."""
    reached: dict[int, Reached] = field(default_factory=dict)
    """By campaign that runs: the lists it stands in."""
    examined: int = 0
    left_out: bool = False
    estimate: int | None = None
    """The engine's lists at the last count, where not all of them were examined."""

    @property
    def by_pick(self) -> list[Standing]:
        """Lists an editor put it into."""
        return [one for one in self.standings if one.origin == PICK]

    @property
    def by_campaign(self) -> list[Standing]:
        """The first of the lists a campaign brings it into."""
        return [one for one in self.standings if one.origin == PIN]

    @property
    def by_engine(self) -> list[Standing]:
        """Lists the engine put it into."""
        return [one for one in self.standings if one.origin == FILL]

    @property
    def pinned(self) -> int:
        """Lists a campaign brings it into, as far as they were looked at; no list has it twice."""
        return len({page for found in self.reached.values() for page in found.pages})

    @property
    def is_more(self) -> bool:
        """Whether campaigns bring it into further lists."""
        return any(found.is_more for found in self.reached.values())

    def article_ids(self) -> set[int]:
        """Every article that is to be named."""
        named = {pk for one in self.standings for pk in (one.page, one.successor)}
        return {pk for pk in named if pk is not None}


def inward(article: Article, most: int = MOST_EXAMINED) -> Inward:
    """Where ``article`` stands now, examining ``most`` lists: those with picks, then suggestions, then campaigns."""
    now = timezone.now()
    running = Running(now)
    picked = list(_picks(article)[: most + 1])
    public = Exists(Article.objects.public().filter(pk=OuterRef("article")))
    suggested = Suggestion.objects.filter(public, target=article).order_by("-score", "-pk")
    fills = list(suggested.values_list("article_id", flat=True)[: most + 1])
    pages = list(dict.fromkeys([row.article_id for row in picked if row.article_id] + fills))
    found = Inward(examined=min(len(pages), most), left_out=len(pages) > most)
    found.campaigns = list(_campaigns(article, now)[:MOST_SHOWN])
    found.reached = reached(found.campaigns, running)
    pages += [page for one in found.reached.values() for page in one.pages[:most]]
    found.standings = _standings(article.pk, list(dict.fromkeys(pages))[:most], running)
    found.pages = list(_on_pages(article.pk, [row for row in picked if row.article_id is None]))
    shown = {one.page for one in found.standings}
    found.waiting = [row for row in picked if row.article_id and row.article_id not in shown]
    if found.left_out:
        found.estimate = Exposure.objects.filter(article=article).values_list("lists", flat=True).first()
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


def _campaigns(article: Article, now: datetime) -> QuerySet[Campaign]:
    rows = Campaign.objects.filter(target=article, ends__gt=now).select_related("section", "tag")
    return rows.order_by("starts", "pk")


def _standings(target: int, pages: Sequence[int], running: Running) -> list[Standing]:
    """Picks first, then campaigns, then fills; each by place."""
    public = Article.objects.public()
    found: list[Standing] = []
    for start in range(0, len(pages), BATCH):
        rows = public.filter(pk__in=pages[start : start + BATCH]).values_list(*PAGE_FIELDS)
        found += _in_batch(target, pages_of(rows, running), running)
    return sorted(found, key=lambda one: (ORDER.index(one.origin), one.place))


def _in_batch(target: int, pages: Sequence[Page], running: Running) -> Iterable[Standing]:
    found = candidates_of([page.pk for page in pages])
    running.join(found)
    with_it = {page: _entries(page, found, running) for page in pages}
    found.banned.add(target)
    for page, entries in with_it.items():
        place = next((at for at, entry in enumerate(entries, start=1) if entry.target == target), 0)
        if place:
            own = entries[place - 1]
            follower = _follower(entries, _entries(page, found, running))
            yield Standing(page.pk, place, own.origin, follower, own.row)


def _entries(page: Page, found: Candidates, running: Running) -> list[Entry]:
    return choose(page.pk, running.beside(page, found), running.now, linked=page.linked)


def _follower(before: Sequence[Entry], after: Sequence[Entry]) -> int | None:
    stood = {entry.target for entry in before}
    return next((entry.target for entry in after if entry.target not in stood), None)
