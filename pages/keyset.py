"""Pages of a long list by *where the last one ended*, so that page 900 costs what page 1 costs."""

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Protocol, Self
from urllib.parse import urlencode

from django.db.models import Q
from django.http import Http404, HttpRequest

from articles.models import Article, ArticleQuerySet

PER_PAGE = 20

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_CURSOR = re.compile(r"([0-9]{1,16})-([0-9]{1,18})")
"""Microseconds since 1970 (sixteen digits reach the year 2286) and an article's id."""


@dataclass(frozen=True)
class Cursor:
    """A place in a list that runs from the newest to the oldest."""

    at: datetime
    pk: int

    @classmethod
    def of(cls, article: Article) -> Self:
        """The place of ``article``, which has been published."""
        if article.publish_at is None:
            raise ValueError(article)
        return cls(article.publish_at, article.pk)

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read what ``str()`` wrote; raises ``Http404`` for anything else."""
        match = _CURSOR.fullmatch(text)
        if match is None:
            raise Http404
        return cls(_EPOCH + timedelta(microseconds=int(match[1])), int(match[2]))

    def __str__(self) -> str:
        return f"{(self.at - _EPOCH) // timedelta(microseconds=1)}-{self.pk}"


@dataclass(frozen=True)
class Stories:
    """One page of a list, and the query strings that lead to its neighbours; empty where there is none."""

    articles: list[Article]
    newer: str = ""
    older: str = ""
    first: bool = True


class Reads(Protocol):
    """How a list is read: from its newest, and from either side of a place in it; one more than stand on a page."""

    def newest(self) -> list[Article]:
        """From the newest on."""

    def older(self, cursor: Cursor) -> list[Article]:
        """From the place on, newest first."""

    def newer(self, cursor: Cursor) -> list[Article]:
        """From the place on to the newest, oldest first."""


@dataclass(frozen=True)
class Asked:
    """A list that is put together for one request."""

    found: ArticleQuerySet

    def newest(self) -> list[Article]:
        """From the newest on."""
        return list(newest(self.found))

    def older(self, cursor: Cursor) -> list[Article]:
        """From the place on, newest first."""
        return list(older(self.found, cursor.at, cursor.pk))

    def newer(self, cursor: Cursor) -> list[Article]:
        """From the place on to the newest, oldest first."""
        return list(newer(self.found, cursor.at, cursor.pk))


def newest(found: ArticleQuerySet) -> ArticleQuerySet:
    """The newest of ``found``."""
    return found.newest_first()[: PER_PAGE + 1]


def older(found: ArticleQuerySet, at: Any, pk: Any) -> ArticleQuerySet:
    """Those behind a place. The first condition alone lets the database start in the middle of its index."""
    return newest(found.filter(Q(publish_at__lte=at) & (Q(publish_at__lt=at) | Q(pk__lt=pk))))


def newer(found: ArticleQuerySet, at: Any, pk: Any) -> ArticleQuerySet:
    """Those before a place, the nearest first."""
    ahead = found.filter(Q(publish_at__gte=at) & (Q(publish_at__gt=at) | Q(pk__gt=pk)))
    return ahead.order_by("publish_at", "id")[: PER_PAGE + 1]


def stories(request: HttpRequest, found: Reads) -> Stories:
    """The page of ``found`` that ``?before=`` or ``?after=`` asks for: one query, two beside the newest page.

    Other parameters of the address are kept in the links. Raises ``Http404``
    for a cursor that is none.
    """
    before, after = request.GET.get("before"), request.GET.get("after")
    if before is not None:
        cursor = Cursor.parse(before)
        rows = found.older(cursor)
        return _page(request, rows[:PER_PAGE], newer=bool(rows), older=len(rows) > PER_PAGE)
    if after is not None:
        cursor = Cursor.parse(after)
        rows = found.newer(cursor)
        if len(rows) > PER_PAGE:
            return _page(request, rows[PER_PAGE - 1 :: -1], newer=True, older=True)
    rows = found.newest()
    return _page(request, rows[:PER_PAGE], newer=False, older=len(rows) > PER_PAGE)


def _page(request: HttpRequest, articles: list[Article], *, newer: bool, older: bool) -> Stories:
    return Stories(
        articles,
        newer=_query(request, "after", articles[0]) if newer and articles else "",
        older=_query(request, "before", articles[-1]) if older and articles else "",
        first=not newer,
    )


def _query(request: HttpRequest, name: str, article: Article) -> str:
    kept = [(key, value) for key, values in request.GET.lists() if key not in {"before", "after"} for value in values]
    return "?" + urlencode([*kept, (name, str(Cursor.of(article)))])
