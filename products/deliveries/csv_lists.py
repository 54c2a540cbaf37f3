"""Price lists as spreadsheets save them: any usual separator, encoding and quoting."""

import csv
import io
from collections.abc import Iterator

from django.utils.translation import gettext as _

from products.deliveries.sheet import (
    LONGEST_FIELD,
    MOST_ROWS,
    Row,
    Sheet,
    Unreadable,
    column_of,
    require_columns,
    too_many,
)

SEPARATORS = ",;\t|"

MOST_COLUMNS = 200


def csv_sheet(content: bytes) -> Sheet:
    """The rows below the first line, which names the columns. Raises ``Unreadable``."""
    text, notes = _decoded(content)
    if "\x00" in text:
        raise Unreadable(_("The list holds characters that no text has. Save it as CSV in UTF-8."))
    lines = _lines(text, _separator(text))
    header = next((cells for _number, cells in lines if any(map(str.strip, cells))), [])
    columns = _columns(header)
    rows: list[Row] = []
    for number, cells in lines:
        if len(rows) >= MOST_ROWS:
            raise too_many()
        if any(cell.strip() for cell in cells):
            rows.append(_row(number, cells, columns))
    return Sheet(rows, notes)


def _decoded(content: bytes) -> tuple[str, tuple[str, ...]]:
    wide = content.startswith((b"\xff\xfe", b"\xfe\xff"))
    encodings = ["utf-16"] if wide else ["utf-8-sig", "cp1252"]
    for encoding in encodings:
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        note = _("The list is not UTF-8; it was read as Windows-1252. Look whether names are right.")
        return text, (note,) if encoding == "cp1252" else ()
    raise Unreadable(_("The list is in no encoding that is known here. Save it as CSV in UTF-8."))


def _separator(text: str) -> str:
    """The one that cuts the first line into the most columns we know."""
    first = text.lstrip("\r\n").split("\n", 1)[0]
    known = {mark: sum(bool(column_of(cell)) for cell in first.split(mark)) for mark in SEPARATORS}
    return max(known, key=lambda mark: known[mark])


def _lines(text: str, separator: str) -> Iterator[tuple[int, list[str]]]:
    """Each record with the number of the line it begins on."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    begins = 1
    while True:
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error:
            words = _("Line %(line)d: a quotation mark is not closed, or the cell is far too long.")
            raise Unreadable(words % {"line": begins}) from None
        yield begins, cells
        begins = reader.line_num + 1


def _columns(header: list[str]) -> list[str]:
    columns = [column_of(cell) for cell in header]
    named = [column for column in columns if column]
    if len(columns) > MOST_COLUMNS:
        raise Unreadable(_("The list has more than %(most)d columns.") % {"most": MOST_COLUMNS})
    require_columns(set(named))
    twice = next((column for column in named if named.count(column) > 1), "")
    if twice:
        raise Unreadable(_("Two columns mean “%(column)s”; leave one.") % {"column": twice})
    return columns


def _row(number: int, cells: list[str], columns: list[str]) -> Row:
    if len(cells) != len(columns):
        words = _("It has %(found)d cells, the first line %(wanted)d.")
        return Row(number, {}, words % {"found": len(cells), "wanted": len(columns)})
    short = {
        name: cell.strip() for name, cell in zip(columns, cells, strict=True) if name and len(cell) <= LONGEST_FIELD
    }
    if any(len(cell) > LONGEST_FIELD for cell in cells):
        return Row(number, short, _("A cell is longer than %(most)d characters.") % {"most": LONGEST_FIELD})
    return Row(number, short)
