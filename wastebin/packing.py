"""An object as JSON with every row that goes with it, and the rows made again from that."""

from collections.abc import Iterable
from typing import Any

from django.apps import apps
from django.db import DEFAULT_DB_ALIAS, models
from django.db.models.deletion import Collector

Packed = dict[str, Any]
"""One row: ``{"model": "app.model", "pk": …, "fields": {column: value}}``."""

Emptied = tuple[str, Any, str, Any]
"""A relation that pointed to what was deleted: model, the row's id, column, and what stood there."""


AT_ONCE = 2_000
"""Ids in one query: SQLite takes no more than 32,766 values."""


class Everything(Collector):
    """Django's own collector of what a deletion takes along, which here reads every row."""

    def can_fast_delete(self, objs: Any, from_field: Any = None) -> bool:
        """Never: what nobody reads cannot be kept."""
        return False


def collected(row: models.Model) -> Everything:
    """What deleting ``row`` takes along. Raises ``ProtectedError`` or ``RestrictedError`` where something holds it."""
    found = Everything(using=DEFAULT_DB_ALIAS)
    found.collect([row])
    return found


def rows_of(found: Everything) -> list[models.Model]:
    """Every row that goes, whole, the object itself among them: a query for each model and ``AT_ONCE`` rows."""
    return [row for model, going in found.data.items() for row in _whole(model, [one.pk for one in going])]


def emptied_by(found: Everything) -> list[Emptied]:
    """Every relation of rows that stay which the deletion empties."""
    going = {(model, row.pk) for model, rows in found.data.items() for row in rows}
    updates: dict[Any, Any] = found.field_updates
    return [
        (row._meta.label_lower, row.pk, field.attname, getattr(row, field.attname))
        for (field, _value), groups in updates.items()
        for row in _whole(field.model, [one.pk for rows in groups for one in rows])
        if (type(row), row.pk) not in going
    ]


def _whole(model: type[models.Model], pks: list[Any]) -> Iterable[models.Model]:
    """The rows with all their columns: the collector reads only those it needs itself."""
    for start in range(0, len(pks), AT_ONCE):
        yield from model._base_manager.filter(pk__in=pks[start : start + AT_ONCE]).order_by("pk")


def pack(row: models.Model) -> Packed:
    """The row's own columns, as they stand in the database."""
    fields = {field.attname: _plain(field, row) for field in row._meta.concrete_fields if not field.primary_key}
    return {"model": row._meta.label_lower, "pk": row.pk, "fields": fields}


def unpack(packed: Packed) -> models.Model:
    """The row again, saved nowhere. Columns that the model has lost since are left out."""
    model = apps.get_model(packed["model"])
    known = {field.attname: field for field in model._meta.concrete_fields}
    values = {name: _value(known[name], value) for name, value in packed["fields"].items() if name in known}
    made: models.Model = model(**{model._meta.pk.attname: packed["pk"]}, **values)
    return made


def write(rows: Iterable[models.Model]) -> None:
    """Insert the rows as they are: no ``save()`` of a model has a say, and no time is set anew."""
    for row in rows:
        row.save_base(raw=True, force_insert=True)


def _plain(field: models.Field[Any, Any], row: models.Model) -> Any:
    value = field.value_from_object(row)
    if value is None or isinstance(field, models.JSONField) or isinstance(value, bool | int | float):
        return value
    return field.value_to_string(row)


def _value(field: models.Field[Any, Any], value: Any) -> Any:
    if value is None or isinstance(field, models.JSONField | models.FileField):
        return value
    return field.target_field.to_python(value) if isinstance(field, models.ForeignKey) else field.to_python(value)
