"""The history as a file for a spreadsheet."""

import csv
import json
from collections.abc import Callable, Iterator
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from newsroom.trail.question import Cursor, after
from newsroom.trail.telling import Told
from outbox.models import AuditEntry

MOST_ROWS = 100_000
"""Rows of one file; a spreadsheet holds about a million."""

AT_ONCE = 1_000

FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
"""What a spreadsheet may take for the beginning of a formula, the full-width forms included."""

Tell = Callable[[list[AuditEntry]], list[Told]]


class _Echo:
    """What the writer writes is what it gives back."""

    def write(self, line: str) -> str:
        return line


def lines(rows: QuerySet[AuditEntry], tell: Tell, most: int = MOST_ROWS) -> Iterator[str]:
    """The file line by line, a thousand rows at a time and in no transaction; a last line says where it was cut."""
    writer: Any = csv.writer(_Echo())
    heads = [_("when"), _("who"), _("what"), _("kind of object"), _("number"), _("object"), _("details")]
    yield "\ufeff" + writer.writerow(heads)
    left, cursor = most, None
    while left and (chunk := list(after(rows, cursor)[: min(AT_ONCE, left)])):
        for told in tell(chunk):
            yield writer.writerow([inert(cell) for cell in _cells(told)])
        left -= len(chunk)
        cursor = _behind(chunk[-1])
    if not left and after(rows, cursor).exists():
        yield writer.writerow([_("Cut after %(most)d rows: ask for fewer days.") % {"most": most}])


def inert(cell: str) -> str:
    """``cell`` as text that no spreadsheet computes."""
    return f"'{cell}" if cell.lstrip(" ").startswith(FORMULA) else cell


def _behind(entry: AuditEntry) -> Cursor:
    return entry.at, entry.pk


def _cells(told: Told) -> list[str]:
    entry = told.entry
    details = json.dumps(entry.details, ensure_ascii=False) if told.open and entry.details else ""
    at = timezone.localtime(entry.at).isoformat(timespec="seconds")
    return [at, entry.actor_name, entry.verb, told.kind, entry.object_id, told.label, details]
