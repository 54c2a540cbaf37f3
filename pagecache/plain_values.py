"""The values of a row as its fields have them, read by one function for each column.

Django asks each converter of each column with three arguments, and decodes the
same JSON (what was made of a picture above all) for every row that holds it.
"""

import json
from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any

from django.db.models.expressions import Col
from django.utils.dateparse import parse_datetime

KEPT, LONGEST = 1024, 8192
"""Texts of JSON that a process remembers decoded, and the characters of the longest."""

Read = Callable[[Any], Any]

Steps = tuple[int, Sequence[Any], Any]
"""A column that is read as Django reads it: its place, its converters, and the expression they are told."""


class Reading:
    """How the rows of one query become values: the columns that are converted, and each one's steps.

    It holds no connection: one that its thread has left must go.
    """

    def __init__(self, plain: Sequence[tuple[int, Read]], every: Sequence[Steps]) -> None:
        self._plain, self._every = plain, every

    def read(self, rows: list[tuple[Any, ...]], connection: Any) -> Sequence[Sequence[Any]]:
        """The rows of ``connection`` with their values."""
        if not self._plain and not self._every:
            return rows
        return [self._values(row, connection) for row in rows]

    def _values(self, row: Sequence[Any], connection: Any) -> Sequence[Any]:
        values = list(row)
        for place, read in self._plain:
            if values[place] is not None:
                values[place] = read(values[place])
        for place, steps, expression in self._every:
            for step in steps:
                values[place] = step(values[place], expression, connection)
        return values


def reading_of(converters: Any, connection: Any) -> Reading:
    """Of ``SQLCompiler.get_converters()``: what is known is read faster, everything else as Django does it."""
    plain, every = [], []
    for place, (steps, expression) in converters.items():
        known = _known(steps, expression, connection)
        if known is not None:
            plain.append((place, known))
        else:
            every.append((place, steps, expression))
    return Reading(plain, every)


def _known(steps: Iterable[Any], expression: Any, connection: Any) -> Read | None:
    """For values that are not ``None``."""
    match [getattr(step, "__qualname__", "") for step in steps]:
        case ["DatabaseOperations.convert_datetimefield_value"] if connection.timezone is UTC:
            return _moment
        case ["DatabaseOperations.convert_booleanfield_value"]:
            return bool
        case ["JSONField.from_db_value"] if isinstance(expression, Col):
            return None if getattr(expression.output_field, "decoder", None) else _json
    return None


def _moment(value: datetime | str) -> datetime | None:
    """SQLite's moments are in UTC and do not say so."""
    moment = parse_datetime(value) if isinstance(value, str) else value
    return moment.replace(tzinfo=UTC) if moment is not None and moment.tzinfo is None else moment


def _json(text: str) -> Any:
    """Shared with everybody who reads the same text: whoever wants to change it takes a copy."""
    return _decoded(text) if len(text) <= LONGEST else json.loads(text)


_decoded = lru_cache(maxsize=KEPT)(json.loads)
