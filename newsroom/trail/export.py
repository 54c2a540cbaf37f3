"""The history as a file for a spreadsheet."""

import json
from collections.abc import Callable, Iterator

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from newsroom.trail.question import Cursor, after
from newsroom.trail.telling import Told
from outbox.models import AuditEntry
from outbox.spreadsheets import BEGINNING, csv_lines

MOST_ROWS = 100_000
"""Rows of one file; a spreadsheet holds about a million."""

AT_ONCE = 1_000

Tell = Callable[[list[AuditEntry]], list[Told]]


def lines(rows: QuerySet[AuditEntry], tell: Tell, most: int = MOST_ROWS) -> Iterator[str]:
    """The file line by line, a thousand rows at a time and in no transaction; a last line says where it was cut."""
    heads = [_("when"), _("who"), _("what"), _("kind of object"), _("number"), _("object"), _("details")]
    yield BEGINNING + next(csv_lines([heads]))
    left, cursor = most, None
    while left and (chunk := list(after(rows, cursor)[: min(AT_ONCE, left)])):
        yield from csv_lines(_cells(told) for told in tell(chunk))
        left -= len(chunk)
        cursor = _behind(chunk[-1])
    if not left and after(rows, cursor).exists():
        yield from csv_lines([[_("Cut after %(most)d rows: ask for fewer days.") % {"most": most}]])


def _behind(entry: AuditEntry) -> Cursor:
    return entry.at, entry.pk


def _cells(told: Told) -> list[str]:
    entry = told.entry
    details = json.dumps(entry.details, ensure_ascii=False) if told.open and entry.details else ""
    at = timezone.localtime(entry.at).isoformat(timespec="seconds")
    return [at, entry.actor_name, entry.verb, told.kind, entry.object_id, told.label, details]
