"""Lists page by page, by where the last page ended; the place is a signed text that only this very list takes."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Generic, TypeVar

from django.core.signing import BadSignature, Signer
from django.db.models import Model, Q, QuerySet

from syndication.api.problems import ProblemError

M = TypeVar("M", bound=Model)

LONGEST = 1_000
"""Characters of a cursor; ours have some 200 at most."""

MOMENT = "at"
"""Names a moment in a cursor, to tell it from a text."""


@dataclass(frozen=True)
class Order:
    """Columns that together name one row, all running one way."""

    columns: tuple[str, ...]
    falling: bool = False

    def names(self) -> list[str]:
        """As ``order_by`` takes them."""
        return [f"-{name}" if self.falling else name for name in self.columns]

    def beyond(self, place: Sequence[Any]) -> Q:
        """What stands behind ``place``."""
        compare = "lt" if self.falling else "gt"
        behind, same = Q(), Q()
        for name, value in zip(self.columns, place, strict=True):
            behind |= same & Q(**{f"{name}__{compare}": value})
            same &= Q(**{name: value})
        return Q(**{f"{self.columns[0]}__{compare}e": place[0]}) & behind  # lets an index be entered in its middle


@dataclass(frozen=True)
class Page(Generic[M]):
    """Some rows, and the cursor of those behind them; empty where there are none."""

    rows: list[M]
    next: str


def page_of(rows: QuerySet[M], order: Order, *, scope: str, cursor: str, limit: int) -> Page[M]:
    """The page behind ``cursor``, at most ``limit`` rows: one query. ``scope`` names list and filters.

    Raises ``ProblemError`` (400) for a cursor that is not of this list.
    """
    if cursor:
        place = read(scope, cursor)
        rows = rows.filter(order.beyond([_value(part) for part in place]))
    found = list(rows.order_by(*order.names())[: limit + 1])
    if len(found) <= limit:
        return Page(found, "")
    last = found[limit - 1]
    return Page(found[:limit], write(scope, [_plain(getattr(last, name)) for name in order.columns]))


def write(scope: str, place: Sequence[Any]) -> str:
    """A cursor of the list ``scope``."""
    return _signer(scope).sign_object(list(place))


def read(scope: str, cursor: str) -> list[Any]:
    """What ``write`` was given. Raises ``ProblemError`` for anything that is not ours and of this list."""
    try:
        if len(cursor) > LONGEST:
            raise BadSignature
        place: list[Any] = _signer(scope).unsign_object(cursor)
    except BadSignature:
        words = "This cursor is not one of ours, or belongs to another list or other filters. Begin without one."
        raise ProblemError(400, words, errors=[("query.cursor", words)]) from None
    return place


def _signer(scope: str) -> Signer:
    return Signer(salt=f"syndication.cursor:{scope}", sep=".")


def _plain(value: Any) -> Any:
    return {MOMENT: value.isoformat()} if isinstance(value, datetime) else value


def _value(part: Any) -> Any:
    return datetime.fromisoformat(part[MOMENT]) if isinstance(part, dict) else part
