"""A table's checksum that is the same whatever database holds it and in whatever order it gives its rows."""

import hashlib
import json
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any, NamedTuple

from django.db import models

AT_ONCE = 2_000
"""Rows in memory."""

_MODULUS = 1 << 128


class Sum(NamedTuple):
    """How many rows, and the sum of their hashes."""

    rows: int
    total: int

    def __str__(self) -> str:
        return f"{self.total:032x}"


class Adder:
    """Adds rows up."""

    def __init__(self) -> None:
        self.rows = 0
        self.total = 0

    def add(self, row: tuple[Any, ...]) -> None:
        """One row, its values in the order of ``columns_of``."""
        digest = hashlib.blake2b(
            repr([_plain(value) for value in row]).encode("utf-8", "surrogatepass"), digest_size=16
        )
        self.total = (self.total + int.from_bytes(digest.digest())) % _MODULUS
        self.rows += 1

    def sum(self) -> Sum:
        """What was added so far."""
        return Sum(self.rows, self.total)


def columns_of(model: type[models.Model]) -> list[models.Field[Any, Any]]:
    """The fields that are stored in the model's own table and written by us."""
    return [field for field in model._meta.local_concrete_fields if not field.generated]


def rows_of(model: type[models.Model], alias: str) -> Iterator[tuple[Any, ...]]:
    """Every row, as Python has its values."""
    names = [field.attname for field in columns_of(model)]
    rows = model._base_manager.using(alias).order_by().values_list(*names)
    yield from rows.iterator(chunk_size=AT_ONCE)


def sum_of(model: type[models.Model], alias: str) -> Sum:
    """The checksum of the model's table in one database."""
    adder = Adder()
    for row in rows_of(model, alias):
        adder.add(row)
    return adder.sum()


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat() if value.tzinfo else value.isoformat()
    if isinstance(value, dict | list):
        return json.dumps(_numbers(value), sort_keys=True)
    if isinstance(value, memoryview | bytes):
        return bytes(value)
    return value if value is None or isinstance(value, bool | int | float) else str(value)


def _numbers(value: Any) -> Any:
    """JSON with every whole number as such: a database may write 1e20 as an integer."""
    if isinstance(value, dict):
        return {key: _numbers(one) for key, one in value.items()}
    if isinstance(value, list):
        return [_numbers(one) for one in value]
    return int(value) if isinstance(value, float) and value.is_integer() else value
