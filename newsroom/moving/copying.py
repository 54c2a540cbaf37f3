"""Copying every table into an empty PostgreSQL, in one transaction: all of it, compared, or nothing."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from django.apps import apps
from django.db import Error, connections, models, transaction

from articles.models import SearchEntry
from newsroom.moving.sums import Adder, Sum, columns_of, rows_of, sum_of

Say = Callable[[str], None]

MADE_ANEW: set[type[models.Model]] = {SearchEntry}
"""Each database has its own columns for words: ``manage.py rebuild_search`` fills them."""

FILLED_BY_MIGRATIONS = frozenset(
    {"django_migrations", "django_content_type", "auth_permission", "auth_group", "auth_group_permissions"}
)
"""Tables that hold rows in a database nobody has used yet."""


class MoveError(Exception):
    """What keeps a database from being copied, in the operator's words."""


def used_tables(alias: str) -> dict[str, int]:
    """Tables with rows that somebody wrote, and how many."""
    connection, counts = connections[alias], {}
    with connection.cursor() as cursor:
        for name in connection.introspection.table_names(cursor):
            if name not in FILLED_BY_MIGRATIONS and not name.startswith("articles_searchindex"):
                cursor.execute(f"SELECT count(*) FROM {connection.ops.quote_name(name)}")  # noqa: S608
                counts[name] = cursor.fetchone()[0]
    return {name: count for name, count in counts.items() if count}


def copy(source: str, target: str, say: Say) -> None:
    """Copy everything from one alias to another; ``MoveError`` leaves the target as it was."""
    if used := used_tables(target):
        raise MoveError(f"The target holds rows already, in {', '.join(sorted(used)[:5])}. It must be empty.")
    tables = _models()
    try:
        with _one_snapshot(source), transaction.atomic(using=target), connections[target].cursor() as cursor:
            cursor.execute("SET LOCAL statement_timeout = 0")
            cursor.execute("SET CONSTRAINTS ALL DEFERRED")
            _empty(cursor, target)
            for model in tables:
                _compare(model, _copy_one(cursor, model, source, target), sum_of(model, target), say)
            for model in tables:
                _go_on_counting(cursor, model, source, target)
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    except Error as error:
        raise MoveError(f"The database refused: {str(error).strip()} Nothing was kept.") from error


def _models() -> list[type[models.Model]]:
    managed = [model for model in apps.get_models(include_auto_created=True) if model._meta.managed]
    own = [model for model in managed if not model._meta.proxy and model not in MADE_ANEW]
    return sorted(own, key=lambda model: model._meta.db_table)


@contextmanager
def _one_snapshot(alias: str) -> Iterator[None]:
    """Read all of it as it stood at one instant."""
    connection = connections[alias]
    connection.ensure_connection()
    raw: Any = connection.connection
    if connection.vendor != "sqlite" or connection.in_atomic_block:
        yield
        return
    raw.execute("BEGIN DEFERRED")
    try:
        yield
    finally:
        raw.execute("ROLLBACK")


def _empty(cursor: Any, target: str) -> None:
    """Away with what migrations put there: the source has its own."""
    names = [model._meta.db_table for model in [*_models(), *MADE_ANEW]]
    cursor.execute("TRUNCATE " + ", ".join(map(connections[target].ops.quote_name, names)) + " CASCADE")


def _copy_one(cursor: Any, model: type[models.Model], source: str, target: str) -> Sum:
    connection, fields, adder = connections[target], columns_of(model), Adder()
    quote = connection.ops.quote_name
    columns = ", ".join(quote(str(field.column)) for field in fields)
    row: tuple[Any, ...] = ()
    statement = f"COPY {quote(model._meta.db_table)} ({columns}) FROM STDIN"
    try:
        with connection.wrap_database_errors, cursor.copy(statement) as copy:
            for row in rows_of(model, source):
                adder.add(row)
                pairs = zip(fields, row, strict=True)
                copy.write_row([field.get_db_prep_save(value, connection) for field, value in pairs])
    except (Error, ValueError) as error:
        near = f"at or before the row that begins {str(row[:2])[:200]}"
        raise MoveError(f"{model._meta.db_table}, {near}: {str(error).strip()} Nothing was kept.") from error
    return adder.sum()


def _compare(model: type[models.Model], read: Sum, found: Sum, say: Say) -> None:
    if read != found:
        words = f"{read.rows} rows with checksum {read} became {found.rows} with {found}"
        raise MoveError(f"{model._meta.db_table}: {words}. Nothing was kept.")
    say(f"{model._meta.db_table:<44} {found.rows:>10}  {found}")


def _go_on_counting(cursor: Any, model: type[models.Model], source: str, target: str) -> None:
    """No id is given twice, not even one whose row is gone: its address may have been public."""
    auto = model._meta.auto_field
    if auto is None or auto.model is not model or auto.column is None:
        return
    table = model._meta.db_table
    newest = model._base_manager.using(target).aggregate(newest=models.Max(auto.attname))["newest"] or 0
    last = max(newest, _last_given(table, source))
    if last:
        quoted = connections[target].ops.quote_name(table)
        cursor.execute("SELECT setval(pg_get_serial_sequence(%s, %s), %s)", [quoted, auto.column, last])


def _last_given(table: str, source: str) -> int:
    if connections[source].vendor != "sqlite":
        return 0
    with connections[source].cursor() as cursor:
        cursor.execute("SELECT seq FROM sqlite_sequence WHERE name = %s", [table])
        row = cursor.fetchone()
    return int(row[0]) if row else 0
