"""Counts on their way to the database: gathered in memory, written every few seconds in one statement.

What is gathered is lost when the process is killed, which is accepted: at most
``FLUSH_AFTER`` seconds of counts. Whoever writes rows sorts them, so that two
processes never wait for each other in a circle.
"""

import logging
from collections.abc import Sequence
from datetime import date
from threading import Lock, Timer
from typing import Any, Generic, TypeVar

from django.db import Error, connection, connections

FLUSH_AFTER, FLUSH_AT = 5.0, 500
"""Seconds after the first count, and counts, that make it time to write."""

MOST_KEPT = 20_000
"""Counts kept while the database does not answer; beyond that they are dropped."""

BATCH = 100
"""Rows of one statement: six values each, below SQLite's old limit of 999."""

logger = logging.getLogger("outbox.gathering")

G = TypeVar("G")


class Gathering(Generic[G]):
    """Counts of one process. Any thread may add; whoever writes takes all that is there.

    A room says what is gathered: ``_clear`` begins anew, ``_taken`` gives what
    is there, ``_write`` stores it, all or none, and ``_put_back`` adds it again.
    After each count it calls ``_arrange``, without the lock.
    """

    def __init__(self) -> None:
        self._lock = Lock()
        self._timer: Timer | None = None
        self.events = 0
        self._clear()

    def flush(self) -> None:
        """Write what was gathered; never raises. What the database did not take is kept for the next time."""
        with self._lock:
            gathered, events = self._taken(), self.events
            self._begin_anew()
        if not events:
            return
        try:
            self._write(gathered)
        except Error:
            logger.exception("counts not written, trying again")
            if events <= MOST_KEPT:
                self._put_back(gathered)

    def forget(self) -> None:
        """Drop what was gathered."""
        with self._lock:
            self._begin_anew()

    def _clear(self) -> None:
        raise NotImplementedError  # pragma: no cover

    def _taken(self) -> G:
        raise NotImplementedError  # pragma: no cover

    def _write(self, gathered: G) -> None:
        raise NotImplementedError  # pragma: no cover

    def _put_back(self, gathered: G) -> None:
        raise NotImplementedError  # pragma: no cover

    def _begin_anew(self) -> None:
        self.events = 0
        self._clear()

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


def insert(statement: str, rows: Sequence[tuple[Any, ...]]) -> None:
    """Run ``statement``, whose ``{values}`` become those of ``rows``, ``BATCH`` of them at once."""
    with connection.cursor() as cursor:
        for start in range(0, len(rows), BATCH):
            part = rows[start : start + BATCH]
            marks = "(" + ", ".join(["%s"] * len(part[0])) + ")"
            values = [_stored(value) for row in part for value in row]
            cursor.execute(statement.format(values=", ".join([marks] * len(part))), values)


def _stored(value: int | date) -> Any:
    return connection.ops.adapt_datefield_value(value) if isinstance(value, date) else value
