"""The database: its version, its settings, what it lacks, whether its clock is ours."""

import sqlite3
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import connection
from django.utils import timezone

from newsroom.databases import NO_POOLER
from newsroom.doctor.findings import Finding, by_limits, good, trouble, warning
from newsroom.probe import condition

OLDEST_POSTGRESQL = 140_000
SLOW, VERY_SLOW = 0.02, 0.2
"""Seconds for ``SELECT 1``: a page asks up to a dozen times."""

SKEW = (1.0, 30.0)
"""Seconds between our clock and the database's."""

FULL = (0.8, 0.95)
"""Share of the connections a server allows."""

LONG = timedelta(minutes=5)
"""A transaction open for so long keeps locks, and old rows from being swept up."""


def speed(seconds: float) -> Finding:
    """How quickly it answers the shortest statement."""
    words = f"The shortest statement takes {seconds * 1000:.1f} ms."
    return by_limits("database", words, "Is the network slow, or the server busy?", seconds, (SLOW, VERY_SLOW))


def server() -> Iterator[Finding]:
    """Its version and the settings that our promises rest on."""
    yield from _sqlite() if connection.vendor == "sqlite" else _postgresql()


def _sqlite() -> Iterator[Finding]:
    mode = str(_value("PRAGMA journal_mode")).lower()
    if mode == "wal":
        yield good("database", f"SQLite {sqlite3.sqlite_version} with a write-ahead log.")
    else:
        hint = "The file's directory must be writable and on a local disk; network file systems cannot do it."
        yield trouble(
            "database", f"SQLite's journal is {mode}, not WAL: readers and writers wait for each other.", hint
        )
    if not _value("PRAGMA busy_timeout"):
        yield warning("database", "SQLite waits for no lock.", "Leave the time-out of the settings as it is.")


def _postgresql() -> Iterator[Finding]:
    number, version = _value("SHOW server_version_num"), _value("SHOW server_version")
    if int(number) < OLDEST_POSTGRESQL:
        yield trouble("database", f"PostgreSQL {version} is too old.", "14 is the oldest that is tested.")
    else:
        yield good("database", f"PostgreSQL {version}.")
    if _value("SELECT pg_is_in_recovery()"):
        hint = "Name the primary, or both with target_session_attrs=read-write: docs/operators/growing.md."
        yield trouble("database", "DATABASE_URL names a standby: nothing can be written.", hint)
    for name in ("statement_timeout", "lock_timeout"):
        if _value(f"SHOW {name}") == "0":
            hint = "A pooler drops what is set at connecting: set it for the role, ALTER ROLE … SET …"
            yield warning("database", f"{name} is off: one statement may hold a process for ever.", hint)
    for name in ("fsync", "synchronous_commit", "full_page_writes"):
        if _value(f"SHOW {name}") == "off":
            yield warning("database", f"{name} is off: a crash loses what was saved.", f"Set {name} to on.")


def pooler() -> Iterator[Finding]:
    """Whether one stands between us and the database, as a process that is not the one that greeted us shows."""
    if connection.vendor == "sqlite":
        return
    told, answered = settings.DATABASE_POOLER, _value("SELECT pg_backend_pid()")
    if connection.connection.info.backend_pid == answered:
        if told != NO_POOLER:
            yield warning("pooler", f"DATABASE_POOLER is {told}, but none is seen.", "Take it away.")
    elif told == NO_POOLER:
        words = "One stands before the database, and DATABASE_POOLER does not say so."
        yield warning("pooler", words, "DATABASE_POOLER=transaction, or session: docs/operators/growing.md.")
    else:
        yield good("pooler", f"One stands before the database; it is told to share by {told}.")


def migrations() -> Iterator[Finding]:
    """Whether it has every table of this release."""
    pending = condition.ask().pending
    if not pending:
        yield good("migrations", "Every migration of this release is applied.")
        return
    some = ", ".join(pending[:5]) + (" …" if len(pending) > 5 else "")  # noqa: PLR2004
    yield trouble("migrations", f"{len(pending)} are pending: {some}", "manage.py migrate")


def clock() -> Iterator[Finding]:
    """Stories appear by our clock; a server's own shows when one of the two is wrong."""
    if connection.vendor == "sqlite":
        return
    before = timezone.now()
    theirs: datetime = _value("SELECT clock_timestamp()")
    after = timezone.now()
    skew = max((before - theirs).total_seconds(), (theirs - after).total_seconds(), 0.0)
    words = f"The database's clock and ours are {skew:.1f} s apart." if skew else "The database's clock is ours."
    yield by_limits("clock", words, "Let both machines follow the same time server.", skew, SKEW)


def connections_left() -> Iterator[Finding]:
    """Whether the server has room for more connections, and whether one holds it up."""
    if connection.vendor == "sqlite":
        return
    used, most = int(_value("SELECT count(*) FROM pg_stat_activity")), int(_value("SHOW max_connections"))
    hint = "Fewer web threads, a smaller DATABASE_CONN_MAX_AGE, a pooler, or a larger max_connections."
    yield by_limits("database", f"{used} of {most} connections are in use.", hint, used / most, FULL)
    since = "SELECT min(xact_start) FROM pg_stat_activity WHERE state <> 'idle' AND pid <> pg_backend_pid()"
    began = _value(f"{since} AND datname = current_database()")
    if began is not None and timezone.now() - began > LONG:
        minutes = (timezone.now() - began).total_seconds() / 60
        hint = "pg_stat_activity says which; a backup may take so long, nothing else of ours does."
        yield warning("database", f"A transaction has been open for {minutes:.0f} minutes.", hint)


def _value(statement: str) -> Any:
    with connection.cursor() as cursor:
        cursor.execute(statement)
        return cursor.fetchone()[0]
