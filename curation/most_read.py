"""*Most read*: what readers opened most today and yesterday, in the order of the last few minutes."""

from collections import Counter
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

from django.db.models import DateTimeField, Exists, OuterRef, QuerySet, Subquery
from django.utils import timezone

from articles.models import Article
from curation.models import MostRead, ReadCount
from curation.slots import Standing
from outbox.periodic import every
from pagecache.prepared import Prepared
from pagecache.reading import depends_on
from pagecache.writing import writing

DAYS = 2
"""Today and yesterday: on today alone the list would be empty every morning."""

KEPT = 15
"""More than are shown, since a page leaves out what already stands on it."""

LOOKED_AT = 300
"""Articles of each day looked at, by an index: a page just taken down may be the most opened of all."""

SHOWN, FEWEST = 5, 3
"""With fewer than three there is no block."""

_FIELDS = (
    *("id", "slug", "headline", "kind", "status", "publish_at", "expire_at", "embargo_until"),
    *("section__id", "section__name", "section__slug"),
)


def ranked() -> list[Article]:
    """The most read articles that readers may see now, the most read first: one query.

    Notes in the page being rendered that it depends on their order, and on each
    of them: all were public when the order was made, also those hidden since.
    """
    depends_on("most-read")
    return [row for row in _RANKED.rows(now=timezone.now()) if _noted(row)]


def _ranked(now: Any) -> QuerySet[Article]:
    rank = MostRead.objects.filter(article=OuterRef("pk")).values("rank")[:1]
    shown = Article.objects.public(now).filter(pk=OuterRef("pk"))
    ranked = Article.objects.filter(pk__in=MostRead.objects.values("article_id")).select_related("section")
    return ranked.only(*_FIELDS).annotate(rank=Subquery(rank), is_shown=Exists(shown)).order_by("rank")


_RANKED = Prepared(_ranked, now=DateTimeField())


def choose(rows: list[Article], standing: Standing) -> list[Article]:
    """Those for the block: not what stands on the page already, as nothing stands on a page twice; they join it."""
    wanted = standing.first([row.pk for row in rows], SHOWN)
    if len(wanted) < FEWEST:
        return []
    standing.join(wanted)
    return [row for row in rows if row.pk in wanted]


@every(timedelta(minutes=5))
def compute() -> None:
    """Put the order of the last counts in place; where it is the same, nothing is written and no page made anew."""
    wanted = _most_opened()
    with writing():
        rows = list(MostRead.objects.select_for_update().order_by("rank"))
        if [row.article_id for row in rows] == wanted:
            return
        fresh = [MostRead(rank=rank, article_id=pk) for rank, pk in enumerate(wanted, start=1)]
        MostRead.objects.bulk_create(fresh, update_conflicts=True, unique_fields=["rank"], update_fields=["article"])
        MostRead.objects.filter(rank__gt=len(wanted)).delete()


def _most_opened() -> list[int]:
    """By the sum of both days; what is not among the first of a day counts nothing for it."""
    today, totals = timezone.localdate(), Counter[int]()
    for days in range(DAYS):
        rows = ReadCount.objects.filter(day=today - timedelta(days=days)).order_by("-reads")
        for article_id, reads in rows.values_list("article", "reads")[:LOOKED_AT]:
            totals[article_id] += reads
    opened = sorted(totals, key=lambda pk: (-totals[pk], -pk))
    public = set(Article.objects.public().filter(pk__in=opened).values_list("pk", flat=True))
    return [pk for pk in opened if pk in public][:KEPT]


def _noted(row: Any) -> bool:
    """Note what the row depends on; returns whether readers may see it."""
    now = timezone.now()
    depends_on(f"article:{row.pk}", f"section:{row.section_id}")
    depends_on(until=min((moment for moment in _moments(row) if moment > now), default=None))
    return bool(row.is_shown)


def _moments(row: Article) -> Iterator[datetime]:
    for moment in (row.publish_at, row.embargo_until, row.expire_at):
        if moment is not None:
            yield moment
