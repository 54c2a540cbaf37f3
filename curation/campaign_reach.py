"""How many pages a campaign changes, said before it starts."""

from dataclasses import dataclass
from typing import Any

from django.db.models import Exists, OuterRef, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from articles.models import Article
from articles.models.article import ArticleQuerySet
from curation.campaigns import Reach
from curation.models import CuratedList, Exclusion, KeptApartMember

MOST_COUNTED = 10_000
"""Counted no further: beyond that an editor only needs to know that it is a lot."""


@dataclass(frozen=True)
class Preview:
    """Public pages in a campaign's reach, and those among them that stay without it."""

    pages: int
    switched_off: int = 0
    excluded: int = 0
    apart: int = 0

    @property
    def changed(self) -> int:
        """Pages that will show it."""
        return max(self.pages - self.switched_off - self.excluded - self.apart, 0)

    @property
    def is_more(self) -> bool:
        """Whether the count was broken off."""
        return self.pages > MOST_COUNTED

    def sentence(self) -> str:
        """The figure in words."""
        if self.is_more:
            return _("More than 10,000 pages change.")
        if not self.changed:
            return _("No page changes: no public article is in reach.") if not self.pages else _("No page changes.")
        return ngettext("%(count)s page changes.", "%(count)s pages change.", self.changed) % {"count": self.changed}

    def exceptions(self) -> list[str]:
        """Which pages stay without it, in words."""
        told = (
            (
                self.switched_off,
                ngettext(
                    "%(count)d list is switched off and stays empty.",
                    "%(count)d lists are switched off and stay empty.",
                    self.switched_off,
                ),
            ),
            (
                self.excluded,
                ngettext(
                    "%(count)d list never shows this article and stays without it.",
                    "%(count)d lists never show this article and stay without it.",
                    self.excluded,
                ),
            ),
            (
                self.apart,
                ngettext(
                    "%(count)d article is kept apart from it and stays without it.",
                    "%(count)d articles are kept apart from it and stay without it.",
                    self.apart,
                ),
            ),
        )
        return [words % {"count": number} for number, words in told if number]

    def words(self) -> str:
        """All of it."""
        return " ".join([self.sentence(), *self.exceptions()])


def preview(reach: Reach, target: Article | None = None) -> Preview:
    """What a campaign of ``target`` would change now; four bounded queries."""
    pages = in_reach(reach)
    if target is None:
        return Preview(_count(pages))
    pages = pages.exclude(pk=target.pk)
    groups = KeptApartMember.objects.filter(article=target).values("group")
    off = _ids(CuratedList.objects.filter(off=True), pages)
    excluding = _ids(Exclusion.objects.filter(target=target), pages) - off
    apart = _ids(KeptApartMember.objects.filter(group__in=groups), pages) - off - excluding
    return Preview(_count(pages), len(off), len(excluding), len(apart))


def in_reach(reach: Reach) -> ArticleQuerySet:
    """The public articles beside which a campaign of this reach stands."""
    pages = Article.objects.public()
    if reach.section is not None:
        return pages.filter(section=reach.section)
    return pages.filter(tagged__tag=reach.tag) if reach.tag is not None else pages


def _ids(rows: QuerySet[Any], pages: ArticleQuerySet) -> set[int]:
    """The pages that ``rows`` name, found from the rows: there are few of them, and many pages."""
    in_pages = Exists(pages.filter(pk=OuterRef("article")))
    return set(rows.filter(in_pages).values_list("article_id", flat=True)[:MOST_COUNTED])


def _count(pages: ArticleQuerySet) -> int:
    return pages.order_by().values("pk")[: MOST_COUNTED + 1].count()
