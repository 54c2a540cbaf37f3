"""Files for spreadsheets: comma-separated lines whose cells no program computes."""

import csv
from collections.abc import Iterable, Iterator
from typing import Any

FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
"""What a spreadsheet may take for the beginning of a formula, the full-width forms included."""

BEGINNING = "\ufeff"
"""Tells a spreadsheet that the file is UTF-8."""


class _Echo:
    """What the writer writes is what it gives back."""

    def write(self, line: str) -> str:
        return line


def csv_lines(rows: Iterable[Iterable[str]]) -> Iterator[str]:
    """The rows as lines of a file, each cell inert."""
    writer: Any = csv.writer(_Echo())
    for row in rows:
        yield writer.writerow([inert(cell) for cell in row])


def inert(cell: str) -> str:
    """``cell`` as text that no spreadsheet computes."""
    return f"'{cell}" if cell.lstrip(" ").startswith(FORMULA) else cell
