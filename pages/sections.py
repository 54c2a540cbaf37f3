"""A section's page: the editors' picks of the section on top, then everything in it, newest first."""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace

from django.http import HttpRequest

from articles.listing import of_section
from articles.models import Article, Section
from articles.shown import show_signed
from curation import most_read
from curation.slots import SlotPick, Standing, groups_of, slot_picks
from pagecache.reading import depends_on
from pages.keyset import PER_PAGE, Stories, stories
from pages.lists import read

TOP = 4
"""Picks on top of the page."""


@dataclass(frozen=True)
class SectionPage:
    """One page of the section; only the first has top stories and *Most read*."""

    page: Stories
    top: list[Article] = field(default_factory=list)
    most_read: list[Article] = field(default_factory=list)


def section_page(request: HttpRequest, section: Section) -> SectionPage:
    """The page of the section the request asks for, its keys noted: six queries at most beside the section's own."""
    scope = of_section(section)
    depends_on(scope.key, until=scope.next_change())  # asked first: a moment that passes while we read counts
    page = stories(request, read(scope))
    is_first = page.first and "before" not in request.GET
    shown = _first_page(section, page) if is_first else SectionPage(page)
    show_signed([*shown.top, *shown.page.articles])
    return shown


def section_order(section: Section, picks: Iterable[SlotPick]) -> list[int]:
    """The articles on the first page of the section, picks and fills: two queries."""
    newest = of_section(section).found.public().newest_first().values_list("pk", flat=True)[:PER_PAGE]
    fills, picked = list(newest), [pick.target for pick in picks]
    standing = Standing(groups_of([*picked, *fills]))
    return standing.take(picked, TOP) + standing.take(fills, PER_PAGE)


def _first_page(section: Section, page: Stories) -> SectionPage:
    picks, popular = slot_picks(section), most_read.ranked()
    picked = {pick.target: pick.article for pick in picks}
    standing = Standing(groups_of([*picked, *(row.pk for row in (*page.articles, *popular))]))
    top = standing.take(picked, TOP)
    rest = set(standing.take([article.pk for article in page.articles], PER_PAGE))
    return SectionPage(
        page=replace(page, articles=[article for article in page.articles if article.pk in rest]),
        top=[picked[pk] for pk in top],
        most_read=most_read.choose(popular, standing),
    )
