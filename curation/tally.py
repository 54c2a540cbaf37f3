"""What readers were shown, chose and opened, on its way to the database."""

import atexit
from collections import Counter, defaultdict
from datetime import date

from django.db import transaction

from articles.models import Article
from outbox.gathering import BATCH, Gathering
from outbox.gathering import insert as _insert

_RELATED = (
    "INSERT INTO curation_relatedcount (article_id, target_id, slot, day, shown, clicked) VALUES {values}"
    " ON CONFLICT (article_id, target_id, slot, day) DO UPDATE SET"
    " shown = curation_relatedcount.shown + excluded.shown,"
    " clicked = curation_relatedcount.clicked + excluded.clicked"
)
_READS = (
    "INSERT INTO curation_readcount (article_id, day, reads) VALUES {values}"
    " ON CONFLICT (article_id, day) DO UPDATE SET reads = curation_readcount.reads + excluded.reads"
)

RelatedKey = tuple[int, int, int, date]
"""Article, target, place, day."""

ReadKey = tuple[int, date]
"""Article, day."""

Gathered = tuple[dict[RelatedKey, list[int]], Counter[ReadKey]]


class Tally(Gathering[Gathered]):
    """Counts of one process."""

    related: dict[RelatedKey, list[int]]
    reads: Counter[ReadKey]

    def add_related(self, key: RelatedKey, *, shown: int = 0, clicked: int = 0) -> None:
        """Count ``key`` as shown or clicked so many times."""
        with self._lock:
            row = self.related[key]
            row[0] += shown
            row[1] += clicked
            self.events += shown + clicked
        self._arrange()

    def add_read(self, key: ReadKey) -> None:
        """Count one opening of an article."""
        with self._lock:
            self.reads[key] += 1
            self.events += 1
        self._arrange()

    def _clear(self) -> None:
        self.related = defaultdict(lambda: [0, 0])
        self.reads = Counter()

    def _taken(self) -> Gathered:
        return self.related, self.reads

    def _write(self, gathered: Gathered) -> None:
        write(*gathered)

    def _put_back(self, gathered: Gathered) -> None:
        related, reads = gathered
        for key, (shown, clicked) in related.items():
            self.add_related(key, shown=shown, clicked=clicked)
        with self._lock:
            self.reads.update(reads)
            self.events += reads.total()
        self._arrange()


def write(related: dict[RelatedKey, list[int]], reads: dict[ReadKey, int]) -> None:
    """Add the counts to what is stored, all or none. Articles deleted meanwhile are left out."""
    known = _known({pk for key in related for pk in key[:2]} | {pk for pk, _day in reads})
    rows = [(*key, *counts) for key, counts in sorted(related.items()) if known >= set(key[:2])]
    with transaction.atomic():
        _insert(_RELATED, rows)
        _insert(_READS, [(*key, count) for key, count in sorted(reads.items()) if key[0] in known])


def _known(article_ids: set[int]) -> set[int]:
    ids = sorted(article_ids)
    found: set[int] = set()
    for start in range(0, len(ids), BATCH):
        found.update(Article.objects.filter(pk__in=ids[start : start + BATCH]).values_list("pk", flat=True))
    return found


tally = Tally()
"""This process's own."""

atexit.register(tally.flush)
