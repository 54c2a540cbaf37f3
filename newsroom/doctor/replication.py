"""The read replica: whether it is one of our primary's, whether it follows, and how far behind it is."""

import time
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.db import DEFAULT_DB_ALIAS, Error, connections

from newsroom.doctor.findings import Finding, by_limits, good, trouble, warning
from pagecache.replica import REPLICA

LAG = (30.0, 600.0)
"""Seconds behind the primary: pages stay right, and are rendered twice."""

MOMENT = 1.0
"""Seconds in which a replica that follows has taken in what the primary had when it was asked."""

MEGABYTE = 1_000_000

LOOK = "Pages are rendered from the primary meanwhile. Look at DATABASE_REPLICA_URL and the replica's log."

_IDENTITY = "SELECT system_identifier::text, pg_postmaster_start_time()::text FROM pg_control_system()"

_HEAD = "SELECT pg_current_wal_flush_lsn()::text"

_STATE = """
    SELECT pg_wal_lsn_diff(%s::pg_lsn, pg_last_wal_replay_lsn()) AS missing, pg_is_wal_replay_paused() AS is_paused,
    EXISTS (SELECT 1 FROM pg_stat_wal_receiver) AS is_streaming,
    EXTRACT(epoch FROM clock_timestamp() - pg_last_xact_replay_timestamp()) AS age"""


@dataclass(frozen=True)
class State:
    """What a replica says: bytes of the primary's log that it lacks, and the age in seconds of its newest change."""

    missing: int
    is_paused: bool
    is_streaming: bool
    age: float | None


def replica() -> Iterator[Finding]:
    """Whether the replica is one, and how far behind."""
    if REPLICA not in connections.settings or connections[REPLICA].vendor != "postgresql":
        return
    if _follows(DEFAULT_DB_ALIAS):
        return  # said of the database itself, and nothing can be compared
    try:
        yield from _strangers() or [_told(_state())]
    except Error as error:
        yield trouble("replica", f"It cannot be read: {str(error).strip()}", LOOK)


def _strangers() -> list[Finding]:
    """What is wrong where it is no replica of the primary at all."""
    ours, theirs = _row(DEFAULT_DB_ALIAS, _IDENTITY), _row(REPLICA, _IDENTITY)
    if ours == theirs:
        hint = (
            "After a failover: set up a new standby, and name it in DATABASE_REPLICA_URL. Pages are right all the same."
        )
        return [warning("replica", "DATABASE_REPLICA_URL leads to the primary itself.", hint)]
    if not _follows(REPLICA):
        return [trouble("replica", "DATABASE_REPLICA_URL names a database that follows nobody.", LOOK)]
    if ours[0] != theirs[0]:
        words = "It is the standby of another server than the one that DATABASE_URL names."
        return [trouble("replica", words, "Make it anew from the primary, with pg_basebackup.")]
    return []


def _state() -> State:
    """How it stands towards what the primary has now; a moment is waited for one that is just taking it in."""
    head, end = _row(DEFAULT_DB_ALIAS, _HEAD)[0], time.monotonic() + MOMENT
    while True:
        missing, is_paused, is_streaming, age = _row(REPLICA, _STATE, head)
        if missing <= 0 or is_paused or time.monotonic() > end:
            return State(int(missing), is_paused, is_streaming, None if age is None else float(age))
        time.sleep(MOMENT / 20)


def _told(state: State) -> Finding:
    if state.is_paused:
        hint = "SELECT pg_wal_replay_resume() on the replica."
        return trouble("replica", f"Somebody has paused its replay (pg_wal_replay_pause){_behind(state)}", hint)
    if not state.is_streaming:
        hint = "Its log says why: a primary_conninfo that is wrong, a log that the primary has thrown away, a failover."
        return trouble("replica", f"It does not follow: nothing comes to it from the primary{_behind(state)}", hint)
    if state.missing <= 0:
        return good("replica", "It has all that the primary has.")
    return by_limits("replica", f"It is behind{_behind(state)}", LOOK, state.age or LAG[1], LAG)


def _behind(state: State) -> str:
    if state.missing <= 0:
        return ", though it lacks nothing yet."
    age = "it knows of no change yet" if state.age is None else f"its newest change is {state.age:.0f} s old"
    return f": {age}, and {state.missing / MEGABYTE:.1f} MB are still to come."


def _follows(alias: str) -> bool:
    return bool(_row(alias, "SELECT pg_is_in_recovery()")[0])


def _row(alias: str, statement: str, *values: str) -> Any:
    with connections[alias].cursor() as cursor:
        cursor.execute(statement, values)
        return cursor.fetchone()
