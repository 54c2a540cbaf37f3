"""Ways to read the newest stories of a tag or an author, of which SQLite needs another for few than for many.

PostgreSQL keeps account of how many rows each tag and each author has, and
chooses by itself. SQLite knows an average only, and in an archive of a million
noted half of it for a busy tag or walked all of it for a rare one.
"""

from collections.abc import Callable, Sequence
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

    def through(self, found: ArticleQuerySet, rows: QuerySet[Any], number: str) -> ArticleQuerySet:
        """Those of ``found`` whose number stands in the column ``number`` of ``rows``."""
        if self is Way.MANY:
            return found.filter(Exists(rows.filter(**{number: OuterRef("pk")})))
        numbers = rows.values(number)
        return found.filter(pk__in=numbers) if self is Way.FEW else found.among(numbers)


def numbered(owners: QuerySet[Any], rows: Callable[[Any], QuerySet[Any]]) -> Prepared[tuple[bool, bool]]:
    """The query ``way_of`` asks: of each of ``owners``, whether its rows are more than a few, and whether many."""

    def build(numbers: Any) -> QuerySet[Any, Any]:
        own = rows(OuterRef("pk")).order_by()
        beyond = (Exists(own[limit : limit + 1]) for limit in (A_FEW, MANY))
        return owners.filter(pk__in=numbers).order_by().values_list(*beyond)

    return Prepared(build, numbers=[BigAutoField()])


def way_of(asked: Prepared[tuple[bool, bool]], owners: Sequence[int]) -> Way:
    """How the stories of ``owners`` together are best read: one query on SQLite."""
    if connection.vendor != "sqlite":
        return Way.SOME
    return list(Way)[max(map(sum, asked.rows(numbers=owners)), default=0)]
