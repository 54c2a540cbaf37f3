"""How many stand in each tab, in one query that never counts further than it tells."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db import connection
from django.utils.formats import number_format

from comments.desk.asked import Asked, Tab
from comments.desk.listing import in_tab

MOST = 5_000


@dataclass(frozen=True)
class Counted:
    """A number that is exact up to ``MOST``."""

    number: int

    def __str__(self) -> str:
        shown = number_format(min(self.number, MOST), use_l10n=True, force_grouping=True)
        return f"{shown}+" if self.number > MOST else shown

    def __bool__(self) -> bool:
        return self.number > 0


def tab_counts(tabs: Iterable[Tab] = Tab) -> dict[Tab, Counted]:
    """The count of each of ``tabs``."""
    asked = list(tabs)
    parts: list[str] = []
    values: list[Any] = []
    for tab in asked:
        name, descending = Asked(tab=tab).sorted_by
        rows = in_tab(tab).order_by(f"-{name}" if descending else name).values(name)  # in the order of an index
        sql, params = rows[: MOST + 1].query.sql_with_params()
        parts.append(f"(SELECT COUNT(*) FROM ({sql}) AS counted)")  # noqa: S608 - compiled by Django, values apart
        values.extend(params)
    with connection.cursor() as cursor:
        cursor.execute("SELECT " + ", ".join(parts), values)
        row = cursor.fetchone()
    return {tab: Counted(number) for tab, number in zip(asked, row, strict=True)}
