"""A moderator changes a reader's words: marked for readers, and the original kept."""

from typing import Any

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _

from comments import likeness
from comments.forms import TextField
from comments.models import Comment, FormerWords, ModerationEntry, State
from comments.moderation.entries import Kind, Told, locked, note, touched
from comments.moderation.rights import Actor, OvertakenError, require
from pagecache.writing import writing
from people.models import User


def edit(comment: Comment, text: str, *, actor: Actor, seen_text: str) -> ModerationEntry | None:
    """Replace the words of ``comment``; ``None`` where ``text`` is what it says already.

    Raises ``PermissionDenied``, ``ValidationError`` with what to change, or
    ``OvertakenError`` when it no longer says ``seen_text``: nobody overwrites
    words they have not read.
    """
    require(actor)
    words = TextField(error_messages={"required": _("Please write a comment.")}).clean(text)
    with writing() as keys:
        row = next(iter(locked([comment.pk])), None)
        if row is None or row.state == State.WITHDRAWN:
            raise ValidationError(_("This comment was taken back by its writer."))
        if _lines(row.text) != _lines(seen_text):
            raise OvertakenError(_("The comment's words changed while you were editing; nothing was saved."))
        if words == row.text:
            return None
        facts = {"edited_at": row.edited_at and row.edited_at.isoformat(), "edited_by_staff": row.edited_by_staff}
        former = _replace(row, words, actor)
        row.edited_at, row.edited_by_staff = timezone.now(), True
        row.save(update_fields=["text", "edited_at", "edited_by_staff"])
        likeness.renew(row)
        afters = {row: State(row.state)}
        told = Told(kind=Kind.EDIT)
        [entry] = note(afters, told, actor, "edited", facts={row.pk: {**facts, "former": former.pk}})
        keys.update(touched(afters))
    return entry


def put_back(row: Comment, entry: ModerationEntry, actor: Actor) -> dict[str, Any] | None:
    """Give ``row``, which is locked, the words from before ``entry``; ``None`` where they changed again since."""
    last = row.former_words.order_by("-pk").first()
    if last is None or last.pk != entry.facts.get("former"):
        return None
    former = _replace(row, last.text, actor)
    row.edited_at = parse_datetime(entry.facts.get("edited_at") or "") if entry.facts.get("edited_at") else None
    row.edited_by_staff = bool(entry.facts.get("edited_by_staff"))
    row.save(update_fields=["text", "edited_at", "edited_by_staff"])
    likeness.renew(row)
    return {"former": former.pk}


def _replace(row: Comment, words: str, actor: Actor) -> FormerWords:
    by = actor if isinstance(actor, User) else None
    former = FormerWords.objects.create(comment=row, text=row.text, by=by)
    row.text = words
    return former


def _lines(text: str) -> str:
    """Forms send line ends of their own."""
    return text.replace("\r\n", "\n").replace("\r", "\n")
