"""A prepared query as PostgreSQL keeps it, with its plan: one text for all values, ``$1`` and so on for slots.

Planning the statement of the boxes of products took twenty times as long as
answering it, and what a cursor does for each statement (binding, choosing how
to read each column, reading moments) another half. The connection answers with
``ask`` (``newsroom.postgresql``); whoever has none is asked through a cursor.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db import OperationalError
from django.db.backends.base.base import BaseDatabaseWrapper

from pagecache.slots import Slot

_WHOLE, _MOMENT, _WORDS = "bigint", "timestamptz", "text"

_TYPES = {
    "BigAutoField": _WHOLE,
    "BigIntegerField": _WHOLE,
    "IntegerField": _WHOLE,
    "PositiveIntegerField": _WHOLE,
    "PositiveSmallIntegerField": _WHOLE,
    "SmallIntegerField": _WHOLE,
    "DateTimeField": _MOMENT,
    "CharField": _WORDS,
    "SlugField": _WORDS,
    "TextField": _WORDS,
}
"""What stands behind a slot's ``$1``, by the kind of its field. A query with any other slot goes through a cursor."""

_IN, _ANY = " IN (", " = ANY ("

_BEYOND = 2**63
"""The first whole number that is no ``bigint``: a cursor compares it all the same."""


class PlanLostError(OperationalError):
    """The server knows a statement no longer as it was kept, and its transaction failed for it: ask all of it again."""


class KeptPlan:
    """The text of a query, its constants written out, and which slot stands for ``$1``, which for ``$2``."""

    def __init__(self, slots: Sequence[Slot], statement: str) -> None:
        self._slots, self.statement = slots, statement.encode()

    def rows(self, given: Mapping[str, Any], connection: Any) -> list[tuple[Any, ...]] | None:
        """The answer; ``None`` where a cursor has to ask."""
        try:
            values = [_values(slot, given[slot.value], connection) for slot in self._slots]
        except UnfitError:
            return None
        rows: list[tuple[Any, ...]] | None = connection.ask(self.statement, values)
        return rows


class UnfitError(Exception):
    """A value or a slot that this way of asking does not take."""


def kept_plan(pieces: Sequence[str], params: Sequence[Any], connection: BaseDatabaseWrapper) -> KeptPlan | None:
    """The query of these ``pieces`` with a parameter between any two; ``None`` where it cannot be kept."""
    operations: Any = connection.ops
    slots: dict[str, Slot] = {}
    made = [_plain(pieces[0])]
    try:
        for param, piece in zip(params, pieces[1:], strict=True):
            if isinstance(param, Slot):
                slots.setdefault(param.value, param)
                made[-1], mark = _marked(made[-1], param, list(slots).index(param.value) + 1)
            else:
                mark = operations.compose_sql("%s", [param])
            made += [mark, _plain(piece)]
    except UnfitError:
        return None
    return KeptPlan(list(slots.values()), "".join(made))


def _plain(piece: str) -> str:
    return piece.replace("%%", "%")


def _marked(before: str, slot: Slot, number: int) -> tuple[str, str]:
    """What stands before a slot, and its mark; of many values one array is made, since their number is not known."""
    kind = _TYPES.get(slot.output_field.get_internal_type())
    if kind is None or (slot.many and not (kind == _WHOLE and before.endswith(_IN))):
        raise UnfitError
    if slot.many:
        return before.removesuffix(_IN) + _ANY, f"${number}::{kind}[]"
    return before, f"${number}::{kind}"


def _values(slot: Slot, given: Any, connection: BaseDatabaseWrapper) -> bytes | None:
    values = slot.values(given, connection)
    return array(values) if slot.many else text(values[0])


def array(numbers: Iterable[Any]) -> bytes:
    """The text of an array of whole numbers."""
    return b"{%b}" % b",".join(text(number) or b"NULL" for number in numbers)


def text(value: Any) -> bytes | None:
    """A value as PostgreSQL reads it; raises ``UnfitError`` for one that it could not, or of a kind not known here."""
    match value:
        case None:
            return None
        case int() if -_BEYOND <= value < _BEYOND:
            return b"%d" % value
        case datetime():
            return value.isoformat().encode()
        case str() if "\0" not in value:
            return value.encode()
    raise UnfitError
