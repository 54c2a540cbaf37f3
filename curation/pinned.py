"""The campaigns that run now, laid over many lists at once: which stand beside an article, and in how many lists.

``curation.related`` asks for the campaigns of one list. Whoever looks at many
lists asks once for all that run, and then for each list which of them bear on
it: the number of queries depends neither on the lists nor on the campaigns.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from articles.models import Article, ArticleQuerySet, TaggedArticle
from curation.candidates import Candidate, Candidates
from curation.models import Campaign, CuratedList, Exclusion, KeptApartMember
from curation.related import Entry, choose

MOST_COUNTED = 10_000
"""Lists of one campaign looked at: beyond that an editor only needs to know that it is a lot."""


MOST_NAMED = 1_000
"""Pages named in a query for their tags; for more it is quicker to read all that carry the campaigns' tags."""

PAGE_FIELDS = ("pk", "section_id", "linked_ids")
"""What a page is made of, beside its tags."""

_FIELDS = (
    *("slot", "starts", "ends", "section_id", "tag_id", "target_id"),
    *("target__status", "target__publish_at", "target__expire_at", "target__embargo_until"),
)


@dataclass(frozen=True, eq=False)
class Page:
    """The article a list stands beside, as far as campaigns are concerned."""

    pk: int
    section: int | None
    linked: Collection[int] = ()
    tags: Collection[int] = ()


@dataclass
class Reached:
    """The lists in which a campaign stands, the newest page first; ``is_more`` when not all were looked at."""

    pages: list[int] = field(default_factory=list)
    is_more: bool = False


class Running:
    """Every campaign that stands in lists at ``now``: three queries."""

    def __init__(self, now: datetime) -> None:
        self.now = now
        rows = Campaign.objects.filter(starts__lte=now, ends__gt=now).select_related("target").only(*_FIELDS)
        self.rows = {row.pk: row for row in rows.order_by("slot", "pk")}
        self._places = {pk: place for place, pk in enumerate(self.rows)}
        self._reach: dict[tuple[str, int | None], list[Candidate]] = defaultdict(list)
        for row in self.rows.values():
            self._reach[_reach_of(row)].append(_candidate(row))
        targets = {row.target_id for row in self.rows.values()}
        self._excluded = set(Exclusion.objects.filter(target__in=targets).values_list("article_id", "target_id"))
        self._groups: dict[int, set[int]] = defaultdict(set)
        groups = KeptApartMember.objects.filter(article__in=targets).values("group")
        for article, group in KeptApartMember.objects.filter(group__in=groups).values_list("article_id", "group_id"):
            self._groups[article].add(group)

    @property
    def tags(self) -> set[int]:
        """The tags that campaigns reach by."""
        return {row.tag_id for row in self.rows.values() if row.tag_id is not None}

    def join(self, found: Candidates) -> None:
        """Add to what bears on some lists what bears on the campaigns; ``beside`` then gives each list its own."""
        found.banned |= {target for article, target in self._excluded if article is None}
        found.excluded |= self._excluded
        found.slots |= {row.pk: row.slot for row in self.rows.values()}
        for article, groups in self._groups.items():
            found.groups[article] = found.groups.get(article, set()) | groups

    def beside(self, page: Page, found: Candidates) -> Candidates:
        """``found`` with the campaigns of all articles, of the page's section and of its tags, in readers' order."""
        reach = [("all", None), ("section", page.section), *(("tag", tag) for tag in page.tags)]
        pins = [pin for key in reach for pin in self._reach.get(key, ())]
        return replace(found, pins=sorted(pins, key=lambda pin: self._places[pin.row]))


def reached(campaigns: Sequence[Campaign], running: Running) -> dict[int, Reached]:
    """By campaign, for those that run: the lists in which readers see it now. Four queries for all of them."""
    wanted = {row.pk: Reached() for row in campaigns if row.pk in running.rows}
    if not wanted:
        return {}
    pages, is_more = _pages(_in_reach([running.rows[pk] for pk in wanted]), running)
    off = CuratedList.objects.filter(off=True, article__isnull=False).values_list("article_id", flat=True)
    found = Candidates(off=set(off))
    running.join(found)
    for page, campaign in _stand_beside(pages, found, running):
        if campaign in wanted:
            wanted[campaign].pages.append(page)
    for one in wanted.values():
        one.is_more = is_more
    return wanted


def _stand_beside(pages: Iterable[Page], found: Candidates, running: Running) -> Iterator[tuple[int, int]]:
    """The id of each page with each campaign beside it. Pages of which all that counts is alike are judged once."""
    judged: dict[Any, list[Entry]] = {}
    targets = {row.target_id for row in running.rows.values()}
    alone = targets | found.off | {article for article, _target in found.excluded if article is not None}
    for page in pages:
        linked = frozenset(targets.intersection(page.linked))
        own = page.pk if page.pk in alone else 0
        alike = (own, page.section, frozenset(page.tags), linked, frozenset(found.groups.get(page.pk, ())))
        if alike not in judged:
            judged[alike] = choose(page.pk, running.beside(page, found), running.now, linked=linked)
        for entry in judged[alike]:
            yield page.pk, entry.row


def pages_of(rows: Iterable[tuple[int, int | None, list[int]]], running: Running) -> list[Page]:
    """Pages from their ids, sections and the articles they link to; their tags cost one query."""
    known = list(rows)
    tags: dict[int, set[int]] = defaultdict(set)
    carried = TaggedArticle.objects.filter(tag__in=running.tags)
    if len(known) <= MOST_NAMED:
        carried = carried.filter(content_object__in=[row[0] for row in known])
    if running.tags:
        for page, tag in carried.values_list("content_object_id", "tag_id"):
            tags[page].add(tag)
    return [Page(pk, section, linked, tags[pk]) for pk, section, linked in known]


def _in_reach(rows: Sequence[Campaign]) -> tuple[ArticleQuerySet, ArticleQuerySet]:
    """The public pages in reach of any of the campaigns: by section or without one, and by tag."""
    public = Article.objects.public()
    sections = {row.section_id for row in rows if row.section_id is not None}
    tags = {row.tag_id for row in rows if row.tag_id is not None}
    everywhere = any(row.section_id is None and row.tag_id is None for row in rows)
    by_section = public if everywhere else public.filter(section__in=sections)
    tagged = TaggedArticle.objects.filter(tag__in=tags).values("content_object")
    return by_section, public.among(tagged)


def _pages(queries: Sequence[ArticleQuerySet], running: Running) -> tuple[list[Page], bool]:
    """The newest pages of the queries, each once; and whether there were more."""
    found: dict[int, tuple[int, int | None, list[int]]] = {}
    for query in queries:
        rows = query.newest_first().values_list(*PAGE_FIELDS)[: MOST_COUNTED + 1]
        found |= {row[0]: row for row in rows}
    kept = list(found.values())[:MOST_COUNTED]
    return pages_of(kept, running), len(found) > len(kept)


def _reach_of(row: Campaign) -> tuple[str, int | None]:
    if row.section_id is not None:
        return "section", row.section_id
    return ("all", None) if row.tag_id is None else ("tag", row.tag_id)


def _candidate(row: Campaign) -> Candidate:
    target = row.target
    times = (target.status, target.publish_at, target.expire_at, target.embargo_until)
    return Candidate(target.pk, row.pk, row.starts, row.ends, *times)
