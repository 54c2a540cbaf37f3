"""Migrations may take as long as they take: an index over millions of rows outlasts every request.

Where SQLite keeps statistics it is told of new indexes: it would rather take
one it knows than a better one it knows nothing of.
"""

from collections.abc import Sequence
from typing import Any

from django.db import connections
from django.db.models.signals import post_migrate, pre_migrate


def look_after_migrations(sender: Any) -> None:
    """While ``migrate`` runs, none of its statements is ended for its length, and afterwards its indexes are known.

    ``sender`` is any app with models.
    """
    pre_migrate.connect(_without_end, sender=sender, dispatch_uid="newsroom.migrating")
    post_migrate.connect(_as_usual, sender=sender, dispatch_uid="newsroom.migrating")
    post_migrate.connect(_know_new_indexes, sender=sender, dispatch_uid="newsroom.migrating.indexes")


def _without_end(using: str, **_told: Any) -> None:
    _run(using, "SET statement_timeout = 0")


def _as_usual(using: str, **_told: Any) -> None:
    _run(using, "RESET statement_timeout")


def _know_new_indexes(using: str, plan: Sequence[Any] = (), **_told: Any) -> None:
    connection = connections[using]
    if connection.vendor != "sqlite" or not plan:
        return
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1 FROM sqlite_master WHERE name = 'sqlite_stat1'")
        if cursor.fetchone() is None:
            return
        cursor.execute(_UNKNOWN)
        for (name,) in cursor.fetchall():
            cursor.execute(f"ANALYZE {connection.ops.quote_name(name)}")


_UNKNOWN = """
SELECT name FROM sqlite_master
WHERE type = 'index' AND tbl_name IN (SELECT tbl FROM sqlite_stat1)
AND name NOT IN (SELECT idx FROM sqlite_stat1 WHERE idx IS NOT NULL)
"""
"""Indexes without statistics, of tables that have some."""


def _run(using: str, statement: str) -> None:
    """Behind a pooler the role has the limits, and no connection is ours for longer than a transaction."""
    connection = connections[using]
    if connection.vendor == "postgresql" and "options" in connection.settings_dict["OPTIONS"]:
        with connection.cursor() as cursor:
            cursor.execute(statement)
