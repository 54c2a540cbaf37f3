"""A prepared query as SQLite is asked it: one text with numbered places, past Django's cursors.

A cursor of Django's writes the marks of each statement anew, wraps each call
and fetches a hundred rows at a time; that took longer than most answers.
"""

from collections.abc import Mapping, Sequence
from functools import lru_cache
from itertools import count
from typing import Any

from pagecache.slots import Slot

KEPT = 64
"""Texts of one query that are remembered, one for each number of values in its lists."""


class PlainStatement:
    """The text of a query with ``?1`` and so on for its slots and constants, one place for each slot."""

    def __init__(self, pieces: Sequence[str], params: Sequence[Any]) -> None:
        self._pieces = [piece.replace("%%", "%") for piece in pieces]
        self._slots = list({param.value: param for param in params if isinstance(param, Slot)}.values())
        self._constants = [param for param in params if not isinstance(param, Slot)]
        self._params = params
        self._texts: dict[tuple[int, ...], str] = {}

    def rows(self, given: Mapping[str, Any], connection: Any) -> list[tuple[Any, ...]] | None:
        """The answer; ``None`` where a cursor has to ask."""
        values, numbers = list(self._constants), []
        for slot in self._slots:
            found = slot.values(given[slot.value], connection)
            numbers.append(len(found))
            values += found
        return ask(self._text(tuple(numbers)), values, connection)

    def _text(self, numbers: tuple[int, ...]) -> str:
        text = self._texts.get(numbers)
        if text is None:
            text = self._written(numbers)
            if len(self._texts) < KEPT:
                self._texts[numbers] = text
        return text

    def _written(self, numbers: tuple[int, ...]) -> str:
        constants, first = count(1), len(self._constants) + 1
        marks: dict[str, str] = {}
        for slot, number in zip(self._slots, numbers, strict=True):
            marks[slot.value] = ", ".join(f"?{place}" for place in range(first, first + number))
            first += number
        made = [self._pieces[0]]
        for param, piece in zip(self._params, self._pieces[1:], strict=True):
            made += [marks[param.value] if isinstance(param, Slot) else f"?{next(constants)}", piece]
        return "".join(made)


def ask(statement: str, values: Sequence[Any], connection: Any) -> list[tuple[Any, ...]] | None:
    """SQLite's answer; ``None`` where a cursor has to ask, since somebody wants to see statements, or count them."""
    if connection.queries_logged or connection.execute_wrappers:
        return None
    connection.ensure_connection()
    connection.validate_no_broken_transaction()
    named = dict(zip(_names(len(values)), values, strict=True))  # to Python's sqlite3 a numbered place has a name
    with connection.wrap_database_errors:
        rows: list[tuple[Any, ...]] = connection.connection.execute(statement, named).fetchall()
    return rows


@lru_cache(maxsize=256)
def _names(number: int) -> tuple[str, ...]:
    return tuple(map(str, range(1, number + 1)))
