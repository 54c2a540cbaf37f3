"""A step of an article through the desk: noted for colleagues in its handovers, and in the audit trail."""

from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from articles.models import Article, Handover, Status
from articles.permissions import Actor
from articles.publishing.row import expect
from outbox import audit
from outbox.inert import is_storable
from people.models import User

SUBMITTED = "submitted"
APPROVED = "approved"
CHANGES_ASKED = "changes asked"
SENT_BACK = "sent back"
REOPENED = "reopened"
EDITED = "edited after approval"
TAKEN_DOWN = "taken down"
KILLED = "killed"

NOTE_LENGTH = 2000
"""Characters of what somebody tells a colleague with a step; a longer talk belongs into the notes."""


def written(text: str, *, most: int = NOTE_LENGTH, needed: str = "") -> str:
    """What was typed, without blanks round it. Raises ``ValidationError``: too long, unstorable, empty where needed."""
    words = text.replace("\r\n", "\n").replace("\r", "\n").strip()
    if needed and not words:
        raise ValidationError(needed)
    if not is_storable(words):
        raise ValidationError(_("There is a character in it that cannot be stored."))
    if len(words) > most:
        problem = ngettext("It is longer than %(most)d character.", "It is longer than %(most)d characters.", most)
        raise ValidationError(problem % {"most": most})
    return words


def take_step(
    row: Article,
    verb: str,
    actor: Actor,
    *,
    to_status: Status,
    allowed: tuple[Status, ...],
    note: str = "",
    to: User | None = None,
) -> Handover:
    """Move the locked ``row`` to its next state and note who did it. Raises ``ValidationError`` from another state."""
    expect(row, allowed)
    before = row.status
    if row.status != to_status:
        row.status = to_status
        row.save(update_fields=["status"])
    return note_step(row, verb, actor, before=before, note=note, to=to)


def note_step(
    row: Article, verb: str, actor: Actor, *, before: str, note: str = "", to: User | None = None, **details: Any
) -> Handover:
    """Note a step that was taken from the status ``before``; to be called in the transaction that took it."""
    if to is not None:
        details["to"] = to.pk
    if note:
        details["reason" if verb in {TAKEN_DOWN, KILLED} else "note"] = note
    audit.record(actor, verb, row, **details)
    return Handover.objects.create(
        article=row,
        verb=verb,
        from_status=before,
        to_status=row.status,
        note=note,
        revision=row.latest,
        made_by=actor if isinstance(actor, User) else None,
        to=to,
    )
