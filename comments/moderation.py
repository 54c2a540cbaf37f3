"""Decisions about comments: the only door through which a comment changes its state."""

import uuid
from collections.abc import Iterable
from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import Exists, OuterRef
from django.utils import timezone
from django.utils.translation import gettext as _

from comments import consequences
from comments.forms import ReplyForm
from comments.models import Comment, ModerationEntry, State
from comments.pipeline.findings import Code, Finding
from comments.submission import place_in_thread
from outbox import audit
from pagecache.writing import writing
from people.models import User

Actor = User | AnonymousUser | None
"""``None`` is the system: an import, a rule, the demo."""

PERMISSION = "comments.moderate_comment"

MAX_REASON = 200

VERBS = {
    State.PENDING: "returned to the queue",
    State.APPROVED: "approved",
    State.REJECTED: "refused",
    State.SPAM: "marked as spam",
    State.WITHDRAWN: "taken back by its writer",
}


class OvertakenError(Exception):
    """The comment was decided anew in the meantime; ``str()`` says so."""


def may_moderate(actor: Actor) -> bool:
    """Whether ``actor`` may decide about comments and see their writers' addresses."""
    return actor is None or actor.has_perm(PERMISSION)


def decide(
    comments: Iterable[Comment], state: State, *, actor: Actor, reason: str = "", batch: uuid.UUID | None = None
) -> list[ModerationEntry]:
    """Move comments to ``state`` and return one entry for each that moved.

    Each comment moves only from the state that the given object shows: what
    somebody else has decided since then stays as it is and has no entry here.
    ``batch`` names what is decided together and undone together. Raises
    ``PermissionDenied``, or ``ValidationError`` for a reason over 200
    characters.
    """
    _require(actor)
    if len(reason) > MAX_REASON or "\x00" in reason:
        raise ValidationError(_("A reason has at most %d plain characters.") % MAX_REASON)
    if state == State.WITHDRAWN:
        raise ValidationError(_("Only its writer can take a comment back."))
    seen = {comment.pk: comment.state for comment in comments if comment.state != State.WITHDRAWN}
    with writing() as keys:
        rows = [row for row in _locked(seen) if row.state == seen[row.pk] != state]
        Comment.objects.filter(pk__in=[row.pk for row in rows]).update(state=state)
        entries = _note(rows, state, actor, reason=reason.strip(), batch=batch or uuid.uuid4())
        keys.update(_touched(rows, state))
        consequences.follow(entries)
    return entries


def undo(entry: ModerationEntry, actor: Actor) -> ModerationEntry:
    """Take one decision back; returns the entry that says so.

    Raises ``PermissionDenied``, or ``OvertakenError`` when the comment was
    decided anew since, or the decision was taken back already.
    """
    _require(actor)
    with writing() as keys:
        row = next(iter(_locked([entry.comment_id])), None)
        newest = ModerationEntry.objects.filter(comment=entry.comment_id).order_by("-at", "-id").first()
        if row is None or newest != entry or entry.undoes_id or row.state != entry.after:
            raise OvertakenError(_("This comment was decided anew in the meantime; nothing was changed."))
        back = State(entry.before)
        Comment.objects.filter(pk=row.pk).update(state=back)
        [taken_back] = _note([row], back, actor, batch=uuid.uuid4(), undoes=entry)
        keys.update(_touched([row], back))
        consequences.follow([taken_back])
    return taken_back


def undo_batch(batch: uuid.UUID, actor: Actor) -> tuple[int, int]:
    """Take back all that was decided together; returns how many came back, and how many others had decided anew."""
    _require(actor)
    undone = overtaken = 0
    with writing():
        for entry in ModerationEntry.objects.filter(batch=batch, undoes__isnull=True).order_by("comment_id"):
            try:
                undo(entry, actor)
            except OvertakenError:
                overtaken += 1
            else:
                undone += 1
    return undone, overtaken


def hold(comment: Comment, code: Code, *, facts: dict[str, Any]) -> ModerationEntry | None:
    """The system sends a public comment back to the queue; ``None`` when it is not public any more.

    ``code`` and ``facts`` say why, and stand first among what was found.
    """
    with writing() as keys:
        row = next(iter(_locked([comment.pk])), None)
        if row is None or row.state != State.APPROVED:
            return None
        now = timezone.now()
        findings = [Finding(code, facts).stored(), *row.findings]
        Comment.objects.filter(pk=row.pk).update(
            state=State.PENDING, why=str(code), findings=findings, waiting_since=now, rank_at=now
        )
        [entry] = _note([row], State.PENDING, None, reason=Finding(code, facts).in_words(), batch=uuid.uuid4())
        keys.update(_touched([row], State.PENDING))
        consequences.follow([entry])
    return entry


def reply_as_staff(comment: Comment, text: str, actor: User) -> Comment:
    """Answer an approved comment under one's own name, at once and with the staff badge.

    Raises ``PermissionDenied``, or ``ValidationError`` with what to change.
    """
    _require(actor)
    form = ReplyForm({"text": text})
    if not form.is_valid():
        raise ValidationError(form.errors["text"].as_data())
    with writing():
        row = next(iter(_locked([comment.pk])), None)
        if row is None or row.state != State.APPROVED:
            raise ValidationError(_("Approve this comment before you answer it."))
        parent, depth = place_in_thread(row)
        answer = Comment.objects.create(
            article_id=row.article_id,
            parent=parent,
            answers=row,
            depth=depth,
            name=str(actor)[:80],
            email=actor.email.lower(),
            text=form.cleaned_data["text"],
            state=State.APPROVED,
            staff=actor,
        )
        audit.record(actor, "answered", row, reply=answer.pk)
        consequences.arrive(answer)
    return answer


def last_decisions(comments: Iterable[Comment]) -> dict[int, ModerationEntry]:
    """The newest decision about each comment, with its maker, in one query."""
    newer = ModerationEntry.objects.filter(comment=OuterRef("comment"), pk__gt=OuterRef("pk"))
    entries = ModerationEntry.objects.filter(~Exists(newer), comment__in=[comment.pk for comment in comments])
    return {entry.comment_id: entry for entry in entries.select_related("by")}


def _require(actor: Actor) -> None:
    if not may_moderate(actor):
        raise PermissionDenied(_("You may not moderate comments."))


def _locked(ids: Iterable[int]) -> list[Comment]:
    """The rows as they stand now, locked in one order, so that two moderators never wait for each other in a ring."""
    return list(Comment.objects.select_for_update(of=("self",), no_key=True).filter(pk__in=list(ids)).order_by("pk"))


def _note(
    rows: list[Comment],
    state: State,
    actor: Actor,
    *,
    reason: str = "",
    batch: uuid.UUID,
    undoes: ModerationEntry | None = None,
) -> list[ModerationEntry]:
    by = actor if isinstance(actor, User) else None
    entries = ModerationEntry.objects.bulk_create(
        ModerationEntry(comment=row, by=by, before=row.state, after=state, reason=reason, batch=batch, undoes=undoes)
        for row in rows
    )
    verb = "took back a decision" if undoes else VERBS[state]
    for row in rows:
        audit.record(actor, verb, row, before=row.state, after=str(state), reason=reason)
    return entries


def _touched(rows: list[Comment], state: State) -> set[str]:
    """The keys of pages that showed a comment, or will."""
    return {f"comments:{row.article_id}" for row in rows if State.APPROVED in {row.state, state}}
