"""Storing many new rows at once, where an archive moves in and Django's ``bulk_create`` is a third of the work.

What that does for any model is left out here: rows are new, of one model of
ours, and every value is known before. The database sees the same statement.
"""

from collections.abc import Iterator, Sequence
from typing import Any

from django.db import DEFAULT_DB_ALIAS, connections
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import Field, Model, fields
from django.db.models.fields.related import ForeignKey

AT_ONCE = 30_000
"""Values in one statement: SQLite may take no more than 32,766."""

AS_THEY_ARE: dict[type[Field[Any, Any]], type] = {
    fields.CharField: str,
    fields.TextField: str,
    fields.SlugField: str,
    fields.EmailField: str,
    fields.URLField: str,
    fields.BooleanField: bool,
    fields.IntegerField: int,
    fields.BigIntegerField: int,
    fields.PositiveIntegerField: int,
    fields.PositiveSmallIntegerField: int,
    ForeignKey: int,
}
"""Columns whose values of this type, and ``None``, every database takes as they are."""


def store(rows: Sequence[Model]) -> None:
    """Insert the rows, in the caller's transaction; each has its number then.

    As with ``bulk_create`` no signal is sent and no ``save()`` runs. The page
    keys of what readers see are the caller's to raise.
    """
    if not rows:
        return
    model = type(rows[0])._meta
    columns: list[Any] = [field for field in model.local_concrete_fields if not field.primary_key]
    each = AT_ONCE // len(columns)
    for start in range(0, len(rows), each):
        part = rows[start : start + each]
        for row, number in zip(part, _inserted(model, columns, part), strict=True):
            row.pk = number
            row._state.adding = False
            row._state.db = DEFAULT_DB_ALIAS


def _inserted(model: Any, columns: Sequence[Any], rows: Sequence[Model]) -> list[Any]:
    connection = connections[DEFAULT_DB_ALIAS]
    quoted = connection.ops.quote_name
    names = ", ".join(quoted(field.column) for field in columns)
    marks = f"({', '.join(['%s'] * len(columns))})"
    sql = f"INSERT INTO {quoted(model.db_table)} ({names}) VALUES {', '.join([marks] * len(rows))}"  # noqa: S608
    fitted = [(field, field.attname, AS_THEY_ARE.get(type(field))) for field in columns]
    values = [value for row in rows for value in _values(row, fitted, connection)]
    with connection.cursor() as cursor:
        cursor.execute(f"{sql} RETURNING {quoted(model.pk.column)}", values)
        return [number for (number,) in cursor.fetchall()]


def _values(row: Any, fitted: Sequence[tuple[Any, str, type | None]], connection: BaseDatabaseWrapper) -> Iterator[Any]:
    held = row.__dict__
    for field, name, plain in fitted:
        value = held[name]
        if plain is None or not (value is None or type(value) is plain):
            value = field.get_db_prep_save(field.pre_save(row, add=True), connection)
        yield value
