"""In how many lists each article stands by the engine: counted now and then, for the desk's health page.

The count is of what is stored: the first ``RELATED_SLOTS`` suggestions of each
list, whether or not a pick or a campaign stands before them. It is made in the
database a range of articles at a time, so that neither memory nor a
transaction grows with the archive; each range is read first and only what
differs is written, so that an unchanged archive takes no lock.
"""

import contextlib
from datetime import timedelta

from django.conf import settings
from django.db import IntegrityError, connection, transaction

from articles.models import Article
from curation.models import Exposure
from outbox.periodic import every

BATCH = 500
"""Articles in one statement."""

SLICE = 5_000
"""Articles counted in one run: about two seconds, for which the effects behind it wait."""

_COUNT = """
SELECT counted.id, counted.lists, counted.own FROM (
    SELECT b.id,
        (SELECT COUNT(*) FROM curation_suggestion s WHERE s.target_id = b.id AND (
            SELECT COUNT(*) FROM curation_suggestion o WHERE o.article_id = s.article_id
            AND (o.score > s.score OR (o.score = s.score AND o.target_id > s.target_id))
        ) < %s) AS lists,
        (SELECT COUNT(*) FROM curation_suggestion s WHERE s.article_id = b.id) AS own
    FROM articles_article b WHERE b.id > %s AND b.id <= %s
) counted
LEFT JOIN curation_exposure e ON e.article_id = counted.id
WHERE e.article_id IS NULL OR e.lists <> counted.lists OR e.own <> counted.own
"""


class _Round:
    """Where this worker goes on; each goes round by itself, and counting twice gives the same."""

    after = 0


@every(timedelta(minutes=1))
def count_some() -> None:
    """Count the next ``SLICE`` articles; at the end of the archive begin anew."""
    for _batch in range(SLICE // BATCH):
        _Round.after = count_batch(_Round.after)
        if not _Round.after:
            return


def count_all() -> None:
    """Count every article."""
    after = count_batch(0)
    while after:
        after = count_batch(after)


def count_batch(after: int) -> int:
    """Count the next articles whose id is above ``after``; returns the last id, 0 at the end."""
    ids = list(Article.objects.filter(pk__gt=after).order_by("pk").values_list("pk", flat=True)[:BATCH])
    if not ids:
        return 0
    public = set(Article.objects.public().filter(pk__gt=after, pk__lte=ids[-1]).values_list("pk", flat=True))
    differing = [row for row in _counted(after, ids[-1]) if row[0] in public]
    hidden = Exposure.objects.filter(article__gt=after, article__lte=ids[-1]).exclude(article__in=public)
    with contextlib.suppress(IntegrityError):  # an article was deleted this very moment: the next round knows
        _write(differing, list(hidden.values_list("pk", flat=True)))
    return ids[-1] if len(ids) == BATCH else 0


def _counted(after: int, last: int) -> list[tuple[int, int, int]]:
    with connection.cursor() as cursor:
        cursor.execute(_COUNT, [settings.RELATED_SLOTS, after, last])
        rows: list[tuple[int, int, int]] = cursor.fetchall()
    return rows


def _write(differing: list[tuple[int, int, int]], hidden: list[int]) -> None:
    rows = [Exposure(article_id=pk, lists=lists, own=min(own, 32_767)) for pk, lists, own in sorted(differing)]
    if rows or hidden:
        with transaction.atomic():
            Exposure.objects.bulk_create(
                rows, update_conflicts=True, unique_fields=["article"], update_fields=["lists", "own"]
            )
            Exposure.objects.filter(pk__in=hidden).delete()
