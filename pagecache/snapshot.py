"""One consistent look at the database: what a page is rendered from, and the versions of its keys, belong together."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db import Error, connections, router

from pagecache.models import Key

_OPEN = {
    "sqlite": ("PRAGMA query_only = ON", "BEGIN DEFERRED"),
    "postgresql": ("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY",),
}
_CLOSE = {"sqlite": ("ROLLBACK", "PRAGMA query_only = OFF"), "postgresql": ("ROLLBACK",)}


@contextmanager
def snapshot() -> Iterator[None]:
    """Read everything inside as it stood at one instant; whoever writes inside gets the database's error.

    Writers are neither held up nor waited for: SQLite's deferred transaction
    takes no lock to write, PostgreSQL's none at all. Inside a transaction that
    is open already, it does nothing.
    """
    connection = connections[router.db_for_read(Key)]
    if connection.in_atomic_block:
        yield
        return
    connection.close_if_health_check_failed()
    connection.ensure_connection()
    raw: Any = connection.connection
    with connection.wrap_database_errors:
        for statement in _OPEN[connection.vendor]:
            raw.execute(statement)
    try:
        yield
    finally:
        try:
            with connection.wrap_database_errors:
                for statement in _CLOSE[connection.vendor]:
                    raw.execute(statement)
        except Error:
            connection.close()
