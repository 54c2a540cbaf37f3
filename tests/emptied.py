"""Emptying the database after a test that committed: only the tables that hold anything.

Django flushes every table, some hundred, and makes content types, permissions and groups anew. They are the same for
every test, so they stay, unless a test changed them: then Django's own flush takes place.
"""

from collections.abc import Callable
from typing import Any

from django.db import IntegrityError, connections
from django.db.backends.base.base import BaseDatabaseWrapper
from django.test import TransactionTestCase

STAY = ("django_content_type", "auth_permission", "auth_group", "auth_group_permissions")
"""What the migrations and the groups' rules fill."""

_made: dict[str, list[Any]] = {}
"""What Django's last flush made of them, by the database's alias; the first test that commits has it made."""

_flush: Callable[[Any], None] = TransactionTestCase._fixture_teardown  # type: ignore[attr-defined]


def install() -> None:
    """From now on tests that commit are tidied up after like this."""
    TransactionTestCase._fixture_teardown = _tidy  # type: ignore[attr-defined]


def _tidy(case: Any) -> None:
    aliases = case._databases_names(include_mirrors=False)
    if any(_made.get(alias) != _what_stays(connections[alias]) for alias in aliases):
        _flush(case)
        for alias in aliases:
            _made[alias] = _what_stays(connections[alias])
        return
    try:
        for alias in aliases:
            _empty(connections[alias])
    except IntegrityError:  # a page that is still open wrote meanwhile
        _flush(case)


def _what_stays(connection: BaseDatabaseWrapper) -> list[Any]:
    with connection.cursor() as cursor:
        return [_rows(cursor, f"SELECT * FROM {table} ORDER BY id") for table in STAY]


def _empty(connection: BaseDatabaseWrapper) -> None:
    """Empty what holds rows; what refers to what is looked at when all of it is gone."""
    tables = connection.introspection.django_table_names(only_existing=True, include_views=False)
    quoted = [connection.ops.quote_name(table) for table in tables if table not in STAY]
    holds = " UNION ALL ".join(f"SELECT '{table}' WHERE EXISTS (SELECT 1 FROM {table})" for table in quoted)
    with connection.cursor() as cursor:
        written = [table for (table,) in _rows(cursor, holds)]
    connection.ops.execute_sql_flush([f"DELETE FROM {table}" for table in written])


def _rows(cursor: Any, query: str) -> list[Any]:
    cursor.execute(query)
    return list(cursor.fetchall())
