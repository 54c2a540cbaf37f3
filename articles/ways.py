"""Ways to read the newest stories of a tag or an author, of which SQLite needs another for few than for many.

PostgreSQL keeps account of how many rows each tag and each author has, and
chooses by itself. SQLite knows an average only, and in an archive of a million
noted half of it for a busy tag or walked all of it for a rare one.
"""

from collections.abc import Callable
from enum import StrEnum
from typing import Any

from django.db import connection
from django.db.models import BigAutoField, Exists, OuterRef, QuerySet

from articles.models import ArticleQuerySet
from pagecache.prepared import Prepared

A_FEW, MANY = 300, 20_000
"""Measured at a million stories: sorting the first number takes 1 ms, noting the second 2 ms."""


class Way(StrEnum):
    """How the stories are found that certain rows belong to."""

    FEW = "few"
    """All are fetched and sorted."""

    SOME = "some"
    """Their numbers are noted, then stories looked at from the newest on; PostgreSQL does what it thinks best."""

    MANY = "many"
    """Stories are looked at from the newest on, and the rows asked for each."""

    def through(self, found: ArticleQuerySet, rows: QuerySet[Any], article: str) -> ArticleQuerySet:
        """Those of ``found`` that a field called ``article`` of ``rows`` names."""
        if self is Way.MANY:
            return found.filter(Exists(rows.filter(**{article: OuterRef("pk")})))
        numbers = rows.values(f"{article}_id")
        return found.filter(pk__in=numbers) if self is Way.FEW else found.among(numbers)


def numbered(owners: QuerySet[Any], rows: Callable[[Any], QuerySet[Any]]) -> Prepared[tuple[bool, bool]]:
    """The query ``way_of`` asks: whether the rows of one of ``owners`` are more than a few, and whether many."""

    def build(owner: Any) -> QuerySet[Any, Any]:
        beyond = (Exists(rows(owner).order_by()[limit : limit + 1]) for limit in (A_FEW, MANY))
        return owners.filter(pk=owner).order_by().values_list(*beyond)

    return Prepared(build, owner=BigAutoField())


def way_of(numbers: Prepared[tuple[bool, bool]], owner: int) -> Way:
    """How the stories of ``owner`` are best read: one query on SQLite."""
    if connection.vendor != "sqlite":
        return Way.SOME
    beyond = numbers.first(owner=owner) or (False, False)
    return list(Way)[sum(beyond)]
