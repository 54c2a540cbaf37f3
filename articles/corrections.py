"""Corrections, clarifications and updates: dated notes on a story that readers have seen. They are live at once."""

from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import Max, Q
from django.utils import timezone
from django.utils.translation import gettext as _

from articles.models import Article, Correction, CorrectionKind, Status
from articles.permissions import Actor, may_edit, require
from articles.publishing.row import locked
from outbox import audit
from pagecache.writing import bump, writing
from people.models import User

TEXT_LENGTH = 1000
KEY = "corrections"
"""The page key of the archive of all notes."""


def may(actor: Actor, action: str, article: Article) -> bool:
    """Whether ``actor`` may ``add``, ``change`` or ``delete`` notes on ``article``."""
    return actor is None or (actor.has_perm(f"articles.{action}_correction") and may_edit(actor, article))


def takes_notes(article: Article) -> bool:
    """Whether there is anything to put right in public: readers saw it, and it was not killed."""
    return article.once_public() and article.status != Status.KILLED


def add(
    article: Article, kind: CorrectionKind, text: str, *, actor: Actor, made_at: datetime | None = None
) -> Correction:
    """Put a note on the story, dated now unless an import says when it was made.

    Raises ``PermissionDenied``, or ``ValidationError`` for a story no reader
    saw or that was killed, and for words that are missing or too long.
    """
    require(may(actor, "add", article), _("correct this article"))
    text = _checked(text)
    with writing():
        row = locked(article)
        if not takes_notes(row):
            raise ValidationError(_("Only a story that readers have seen can be corrected: change the text instead."))
        note = Correction(article=row, kind=CorrectionKind(kind), text=text, made_at=made_at or timezone.now())
        note.made_by = actor if isinstance(actor, User) else None
        note.save()
        _mark(row)
        audit.record(actor, f"added {note.kind}", row, text=text)
    article.corrected_at, article.clarified_at = row.corrected_at, row.clarified_at
    return note


def change(note: Correction, *, actor: Actor, text: str, kind: CorrectionKind | None = None) -> None:
    """Reword a note, or call it by another kind; its date stays, and the audit keeps the former words.

    Raises ``PermissionDenied``, or ``ValidationError`` for missing or too long words and for a note that is gone.
    """
    require(may(actor, "change", note.article), _("change corrections of this article"))
    text = _checked(text)
    with writing():
        article = locked(note.article)
        row = _held(note)
        before: dict[str, Any] = {"kind": row.kind, "text": row.text}
        row.text, row.kind = text, CorrectionKind(kind or row.kind)
        if {"kind": row.kind, "text": row.text} == before:
            return
        row.save(update_fields=["text", "kind"])
        _mark(article)
        audit.record(actor, "changed correction", article, before=before, after={"kind": row.kind, "text": text})


def remove(note: Correction, *, actor: Actor) -> None:
    """Take a note off the story; the audit keeps its words. Raises ``PermissionDenied``, or ``ValidationError``."""
    require(may(actor, "delete", note.article), _("remove corrections of this article"))
    with writing():
        article = locked(note.article)
        row = _held(note)
        told = {"kind": row.kind, "text": row.text, "made_at": row.made_at.isoformat()}
        row.delete()
        _mark(article)
        audit.record(actor, "removed correction", article, **told)


def article_changed(article: Article) -> None:
    """A story with notes came or went: the archive of notes has other lines."""
    if article.corrections.exists():
        bump({KEY})


def _checked(text: str) -> str:
    """The words, tidied; raises ``ValidationError``."""
    text = text.replace("\r\n", "\n").strip()
    if not text:
        raise ValidationError(_("Say what was wrong, and what is right."))
    if len(text) > TEXT_LENGTH:
        raise ValidationError(_("The note is longer than %(most)d characters.") % {"most": TEXT_LENGTH})
    if "\0" in text:
        raise ValidationError(_("The text holds a character that cannot be stored."))
    return text


def _held(note: Correction) -> Correction:
    row = Correction.objects.select_for_update().filter(pk=note.pk).first()
    if row is None:
        raise ValidationError(_("A colleague has removed this note in the meantime."))
    return row


def _mark(article: Article) -> None:
    """Have the story's cards say what its notes say; every page with a card is made anew."""
    kinds = {"corrected_at": CorrectionKind.CORRECTION, "clarified_at": CorrectionKind.CLARIFICATION}
    newest = {name: Max("made_at", filter=Q(kind=kind)) for name, kind in kinds.items()}
    for name, moment in article.corrections.aggregate(**newest).items():
        setattr(article, name, moment)
    article.save(update_fields=list(kinds))
