"""Files for spreadsheets: comma-separated lines whose cells no program computes."""

import csv
from collections.abc import Iterable, Iterator
from itertools import islice
from typing import Any

from django.http import StreamingHttpResponse
from django.utils.translation import gettext as _

FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
"""What a spreadsheet may take for the beginning of a formula, the full-width forms included."""

BEGINNING = "\ufeff"
"""Tells a spreadsheet that the file is UTF-8."""

MOST_ROWS = 100_000
"""Rows of one file; a spreadsheet holds about a million."""


class _Echo:
    """What the writer writes is what it gives back."""

    def write(self, line: str) -> str:
        return line


def csv_answer(name: str, lines: Iterable[str]) -> StreamingHttpResponse:
    """The lines of ``csv_file`` as a file to take away, which nobody on the way keeps."""
    answer = StreamingHttpResponse(lines, content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    answer["Cache-Control"] = "no-store"
    return answer


def csv_file(heads: Iterable[str], rows: Iterable[Iterable[str]], most: int = MOST_ROWS) -> Iterator[str]:
    """A whole file, line by line: names of columns, at most ``most`` rows, and a last line where it was cut there."""
    left = iter(rows)
    yield BEGINNING + next(csv_lines([heads]))
    yield from csv_lines(islice(left, most))
    if next(left, None) is not None:
        yield from csv_lines([[_("Cut after %(most)d rows: ask for fewer days.") % {"most": most}]])


def csv_lines(rows: Iterable[Iterable[str]]) -> Iterator[str]:
    """The rows as lines of a file, each cell inert."""
    writer: Any = csv.writer(_Echo())
    for row in rows:
        yield writer.writerow([inert(cell) for cell in row])


def inert(cell: str) -> str:
    """``cell`` as text that no spreadsheet computes."""
    return f"'{cell}" if cell.lstrip(" ").startswith(FORMULA) else cell
