"""Tables whose cells form a full grid: no overlap, no hole, no span over an edge."""

import html
from dataclasses import dataclass, field

MAX_SPAN = 50
MAX_SLOTS = 10_000
"""Columns times rows. A table whose spans claim more than that loses its spans; a larger one is not filled up."""

SCOPES = frozenset(("col", "row", "colgroup", "rowgroup"))


@dataclass(slots=True)
class Cell:
    """One cell: its content as HTML, and how many columns and rows it covers."""

    content: str = ""
    header: bool = False
    columns: int = 1
    rows: int = 1
    scope: str = ""

    def markup(self) -> str:
        """As stored."""
        tag = "th" if self.header else "td"
        spans = f' colspan="{self.columns}"' if self.columns > 1 else ""
        spans += f' rowspan="{self.rows}"' if self.rows > 1 else ""
        scope = f' scope="{html.escape(self.scope)}"' if self.header and self.scope in SCOPES else ""
        return f"<{tag}{spans}{scope}>{self.content}</{tag}>"


Row = list[Cell]


def markup(rows: list[Row]) -> str:
    """The table as stored; nothing if no row has a cell. Leading rows of header cells become its head."""
    rows = [row for row in rows if row]
    if not rows:
        return ""
    if any(cell.rows > 1 or cell.columns > 1 for row in rows for cell in row):
        _lay_out(rows)
    _pad(rows)
    head = _head(rows)
    for row in rows[:head]:
        for cell in row:
            cell.header = True
    parts = [("thead", rows[:head]), ("tbody", rows[head:])]
    return "<table>" + "".join(_group(tag, group) for tag, group in parts if group) + "</table>"


@dataclass(slots=True)
class _Grid:
    """The slots taken while rows are laid out as a browser does it, and where each cell begins."""

    taken: set[tuple[int, int]] = field(default_factory=set)
    cells: list[tuple[Cell, int]] = field(default_factory=list)

    def add(self, index: int, row: Row, rows_left: int) -> None:
        column = 0
        for cell in row:
            while (index, column) in self.taken:
                column += 1
            cell.rows = min(cell.rows, rows_left)
            cell.columns = self._free(index, column, cell.columns)
            for below in range(index, index + cell.rows):
                self.taken.update((below, column + offset) for offset in range(cell.columns))
            self.cells.append((cell, column))
            column += cell.columns

    def _free(self, index: int, column: int, wanted: int) -> int:
        return next((offset for offset in range(wanted) if (index, column + offset) in self.taken), wanted)

    def unused(self) -> set[int]:
        """The columns in which no cell begins."""
        width = max(column + cell.columns for cell, column in self.cells)
        return set(range(width)) - {column for _cell, column in self.cells}


def _lay_out(rows: list[Row]) -> None:
    """Cut spans to the room there is, until every column has a cell that begins in it; else drop them all."""
    cells = [cell for row in rows for cell in row]
    for cell in cells:
        cell.columns, cell.rows = min(cell.columns, MAX_SPAN), min(cell.rows, len(rows))
    area = sum(cell.columns * cell.rows for cell in cells)
    for _attempt in range(3 if area <= MAX_SLOTS else 0):
        grid = _Grid()
        for index, row in enumerate(rows):
            grid.add(index, row, len(rows) - index)
        unused = grid.unused()
        if not unused:
            return
        for cell, column in grid.cells:
            cell.columns -= len(unused.intersection(range(column, column + cell.columns)))
    for cell in cells:
        cell.columns = cell.rows = 1


def _pad(rows: list[Row]) -> None:
    """Give short rows empty cells, so that all are equally wide."""
    widths = [0] * len(rows)
    for index, row in enumerate(rows):
        for cell in row:
            for below in range(index, index + cell.rows):
                widths[below] += cell.columns
    if max(widths) * len(rows) > MAX_SLOTS:
        return
    for row, width in zip(rows, widths, strict=True):
        row.extend(Cell() for _ in range(max(widths) - width))


def _head(rows: list[Row]) -> int:
    """How many leading rows are the head: header or empty cells only, none reaching into the body."""
    count = 0
    for row in rows[:-1]:
        if not any(cell.header for cell in row) or any(not cell.header and cell.content for cell in row):
            break
        count += 1
    reaches = any(index + cell.rows > count for index, row in enumerate(rows[:count]) for cell in row)
    return 0 if reaches else count


def _group(tag: str, rows: list[Row]) -> str:
    body = "".join("<tr>" + "".join(cell.markup() for cell in row) + "</tr>" for row in rows)
    return f"<{tag}>{body}</{tag}>"
