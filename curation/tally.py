"""Counts on their way to the database: gathered in memory, written every few seconds in one statement.

What is gathered is lost when the process is killed, which is accepted: at most
``FLUSH_AFTER`` seconds of counts. The rows are written in sorted order, so that
two processes never wait for each other in a circle.
"""

import atexit
import logging
from collections import Counter, defaultdict
from collections.abc import Sequence
from datetime import date
from threading import Lock, Timer
from typing import Any

from django.db import Error, connection, connections, transaction

from articles.models import Article

FLUSH_AFTER, FLUSH_AT = 5.0, 500
"""Seconds after the first count, and counts, that make it time to write."""

MOST_KEPT = 20_000
"""Counts kept while the database does not answer; beyond that they are dropped."""

BATCH = 100
"""Rows of one statement: six values each, below SQLite's old limit of 999."""

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

logger = logging.getLogger("curation.tally")

RelatedKey = tuple[int, int, int, date]
"""Article, target, place, day."""

ReadKey = tuple[int, date]
"""Article, day."""


class Tally:
    """Counts of one process. Any thread may add; whoever writes takes all that is there."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._timer: Timer | None = None
        self._clear()

    def _clear(self) -> None:
        self.related: dict[RelatedKey, list[int]] = defaultdict(lambda: [0, 0])
        self.reads: Counter[ReadKey] = Counter()
        self.events = 0

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

    def flush(self) -> None:
        """Write what was gathered; never raises. What the database did not take is kept for the next time."""
        with self._lock:
            related, reads, events = self.related, self.reads, self.events
            self._clear()
        if not events:
            return
        try:
            write(related, reads)
        except Error:
            logger.exception("counts not written, trying again")
            if events <= MOST_KEPT:
                self._put_back(related, reads)

    def forget(self) -> None:
        """Drop what was gathered."""
        with self._lock:
            self._clear()

    def _put_back(self, related: dict[RelatedKey, list[int]], reads: Counter[ReadKey]) -> None:
        for key, (shown, clicked) in related.items():
            self.add_related(key, shown=shown, clicked=clicked)
        with self._lock:
            self.reads.update(reads)
            self.events += reads.total()
        self._arrange()

    def _arrange(self) -> None:
        """Have it written in time, or now where there is much: one timer at once."""
        with self._lock:
            much = self.events >= FLUSH_AT
            if self._timer is not None:
                if not much or self._timer.interval == 0:
                    return
                self._timer.cancel()
            self._timer = Timer(0 if much else FLUSH_AFTER, self._ring)
            self._timer.daemon = True
            self._timer.start()

    def _ring(self) -> None:
        with self._lock:
            self._timer = None
        try:
            self.flush()
        finally:
            connections.close_all()  # this thread's own


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


def _insert(statement: str, rows: Sequence[tuple[Any, ...]]) -> None:
    with connection.cursor() as cursor:
        for start in range(0, len(rows), BATCH):
            part = rows[start : start + BATCH]
            marks = "(" + ", ".join(["%s"] * len(part[0])) + ")"
            values = [_stored(value) for row in part for value in row]
            cursor.execute(statement.format(values=", ".join([marks] * len(part))), values)


def _stored(value: int | date) -> Any:
    return connection.ops.adapt_datefield_value(value) if isinstance(value, date) else value


tally = Tally()
"""This process's own."""

atexit.register(tally.flush)
