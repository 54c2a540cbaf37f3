"""The history as a file for a spreadsheet."""

import json
from collections.abc import Callable, Iterator

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from newsroom.trail.question import Cursor, after
from newsroom.trail.telling import Told
from outbox.models import AuditEntry
from outbox.spreadsheets import MOST_ROWS, csv_file

AT_ONCE = 1_000

Tell = Callable[[list[AuditEntry]], list[Told]]


def lines(rows: QuerySet[AuditEntry], tell: Tell, most: int = MOST_ROWS) -> Iterator[str]:
    """The file line by line; a last line says where it was cut."""
    heads = [_("when"), _("who"), _("what"), _("kind of object"), _("number"), _("object"), _("details")]
    return csv_file(heads, _all_cells(rows, tell), most)


def _all_cells(rows: QuerySet[AuditEntry], tell: Tell) -> Iterator[list[str]]:
    """A thousand rows at a time and in no transaction."""
    cursor = None
    while chunk := list(after(rows, cursor)[:AT_ONCE]):
        yield from map(_cells, tell(chunk))
        cursor = _behind(chunk[-1])


def _behind(entry: AuditEntry) -> Cursor:
    return entry.at, entry.pk


def _cells(told: Told) -> list[str]:
    entry = told.entry
    details = json.dumps(entry.details, ensure_ascii=False) if told.open and entry.details else ""
    at = timezone.localtime(entry.at).isoformat(timespec="seconds")
    return [at, entry.who, entry.verb, told.kind, entry.object_id, told.label, details]
