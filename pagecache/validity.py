"""Whether a stored page still holds: one look at the versions of its keys, past Django's ORM."""

import logging
import sqlite3
import threading
import time
from collections.abc import Sequence
from typing import Any, Protocol

from django.db import Error, connections, router
from django.db.backends.base.base import BaseDatabaseWrapper

from pagecache.entries import Entry
from pagecache.log_head import head_of, identity_of
from pagecache.models import Key

logger = logging.getLogger("pagecache")

FILE_SECONDS = 1.0
"""Seconds until it is noticed that another SQLite file was put in the place of the former, as restoring does."""


class Validity(Protocol):
    """Tells whether an entry holds; every doubt, a dead database above all, is a no."""

    def holds(self, entry: Entry) -> bool:
        """Whether no key of ``entry`` has a newer version."""


def _connected(path: str) -> sqlite3.Cursor:
    """A cursor that only reads, and has read: what the users of a database share is there from then on."""
    address = f"file:{path.replace('?', '%3f').replace('#', '%23')}?mode=ro"
    cursor = sqlite3.connect(address, uri=True, isolation_level=None, timeout=1).cursor()
    cursor.execute("SELECT COUNT(*) FROM sqlite_master").fetchone()
    return cursor


class Reader:
    """A thread's connection to a SQLite file; ``head`` is that of its log, where its users share one."""

    def __init__(self, path: str) -> None:
        before = identity_of(path)
        self.path = path
        self.cursor = _connected(path)
        self.files = identity_of(path)
        if not (before and self.files and before[0] == self.files[0]):
            raise sqlite3.OperationalError("another file has just taken the database's place")
        self.head = head_of(path, self.files, lambda: _connected(path))
        self.looked = time.monotonic()

    def is_of_the_file(self) -> bool:
        """Whether the database is still the file that was opened; looks once in ``FILE_SECONDS``."""
        now = time.monotonic()
        if now - self.looked < FILE_SECONDS:
            return True
        self.looked = now
        return identity_of(self.path) == self.files

    def total(self, keys: Sequence[str]) -> int:
        """The sum of the keys' versions."""
        marks = ",".join("?" * len(keys))
        statement = f"SELECT COALESCE(SUM(version), 0) FROM pagecache_key WHERE name IN ({marks})"  # noqa: S608
        return int(self.cursor.execute(statement, keys).fetchone()[0])


class SqliteFile:
    """Asks SQLite on a connection of each thread's own.

    The head of the log tells whether anybody has committed anything since an
    entry was last seen to hold; while nobody has, it still holds, and SQLite is
    not asked.
    """

    def __init__(self, path: str) -> None:
        self.path = path
        self.local = threading.local()

    def holds(self, entry: Entry) -> bool:
        """Whether no key of ``entry`` has a newer version."""
        try:
            reader = self._reader()
            seen = (reader.head, reader.head.read()) if reader.head else None
            if seen is not None and seen == entry.seen:
                return True
            if reader.total(entry.keys) != entry.total:
                return False
        except sqlite3.Error:
            logger.warning("a stored page could not be checked", exc_info=True)
            self.local.__dict__.clear()
            return False
        entry.seen = seen
        return True

    def _reader(self) -> Reader:
        reader: Reader | None = getattr(self.local, "reader", None)
        if reader is None or not reader.is_of_the_file():
            reader = self.local.reader = Reader(self.path)
        return reader


_STATE = "pg_current_snapshot(), pg_postmaster_start_time()"
"""Which transactions are seen to have ended, and where: while both are the same, everybody reads the same rows."""


class Lender(Protocol):
    """Lends Django's connections for one question."""

    def lend(self, alias: str) -> BaseDatabaseWrapper:
        """A connection to that database, which need not be open."""

    def take_back(self, one: BaseDatabaseWrapper) -> None:
        """Nothing more is asked on it."""


class OfThread:
    """Lends each thread its own."""

    def lend(self, alias: str) -> BaseDatabaseWrapper:
        """The one that Django holds for this thread."""
        return connections[alias]

    def take_back(self, one: BaseDatabaseWrapper) -> None:
        """Django keeps it."""


class Primary:
    """Asks the primary database on a connection that is lent.

    First which commits can be seen: while those are the very ones with which
    an entry was last seen to hold, it still holds. A server that only follows
    another one cannot say so, and is asked for the versions each time, as is
    one in the middle of a transaction, which may see rows of its own.

    The keys are joined: ``= ANY`` of a prepared statement goes through a small table comparing every row with every
    key (54 keys of 560: 0.3 ms against 0.05). In a large table a join costs a little more (30,000: 0.08 against 0.03).
    """

    commits = f"SELECT {_STATE} WHERE NOT pg_is_in_recovery()".encode()
    total = (
        f"SELECT COALESCE(SUM(version), 0)::bigint, {_STATE} FROM pagecache_key"  # noqa: S608
        " JOIN unnest($1::text[]) AS asked(name) USING (name)"
    ).encode()

    def __init__(self, lender: Lender | None = None) -> None:
        self.lender = lender or OfThread()

    def holds(self, entry: Entry) -> bool:
        """Whether no key of ``entry`` has a newer version; a connection that died is opened anew, once."""
        connection = self.lender.lend(router.db_for_write(Key))
        try:
            for _attempt in range(2):
                try:
                    connection.ensure_connection()
                    with connection.wrap_database_errors:
                        return self._holds(connection.connection, entry, alone=not connection.in_atomic_block)
                except Error:
                    connection.close()
        finally:
            self.lender.take_back(connection)
        logger.warning("a stored page could not be checked: the database does not answer")
        return False

    def _holds(self, raw: Any, entry: Entry, *, alone: bool) -> bool:
        seen = raw.ask(self.commits) if alone else ()
        if seen and seen == entry.seen:
            return True
        total, *state = raw.ask(self.total, entry.keys_as_array)
        if int.from_bytes(total) != entry.total:
            return False
        if seen:
            entry.seen = tuple(state)
        return True


class ThroughDjango:
    """Asks through Django's ORM: for databases in memory, which only tests use."""

    def holds(self, entry: Entry) -> bool:
        """Whether no key of ``entry`` has a newer version."""
        return total_of(entry.keys) == entry.total


def total_of(keys: Sequence[str]) -> int:
    """The sum of the keys' versions, as the present transaction sees it."""
    found = Key.objects.filter(name__in=keys).values_list("version", flat=True)
    return sum(found)


def validity(lender: Lender | None = None) -> Validity:
    """The way that suits the database in use; without a ``lender`` each thread asks on its own connection."""
    connection = connections[router.db_for_write(Key)]
    if connection.vendor == "postgresql":
        return Primary(lender)
    path = str(connection.settings_dict["NAME"])
    return ThroughDjango() if ":memory:" in path or "mode=memory" in path else SqliteFile(path)
