"""How a comment stands, as its writer is told, and until when they may do what about it."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import takewhile

from django.conf import settings
from django.utils import timezone

from comments.models import Appeal, Comment, ModerationEntry, State

MAX_CHANGES = 20
"""Changes of one comment by its writer, and times it may come back: nobody in earnest needs more."""

LOOKED_AT = 10
"""Decisions about one comment, the newest, among which its reason is looked for."""

EDITABLE = (State.PENDING, State.APPROVED, State.SPAM)


@dataclass(frozen=True)
class Standing:
    """How a comment stands, as its writer is told, and what they may do about it now."""

    state: State
    decision: ModerationEntry | None
    """The refusal that stands and was made by a person."""

    edit_until: datetime | None
    return_until: datetime | None
    may_withdraw: bool
    may_appeal: bool
    appeal: Appeal | None


def standing(comment: Comment) -> Standing:
    """How ``comment`` stands now. Spam that no person has judged is told like everything that waits."""
    decision = _refusal(comment) if comment.state in {State.REJECTED, State.SPAM} else None
    state = State(comment.state)
    if state == State.SPAM:
        state = State.REJECTED if decision else State.PENDING
    appeal = Appeal.objects.filter(comment=comment).first()
    return Standing(
        state=state,
        decision=decision,
        edit_until=_edit_until(comment) if state in EDITABLE else None,
        return_until=return_until(comment) if state == State.WITHDRAWN else None,
        may_withdraw=state != State.WITHDRAWN,
        may_appeal=state == State.REJECTED and appeal is None,
        appeal=appeal,
    )


def _refusal(comment: Comment) -> ModerationEntry | None:
    """The decision of a person by which it stands where it stands, nobody having undone it.

    Of refusals one after the other, as after an appeal, the newest that gives a reason.
    """
    decisions = comment.decisions.filter(
        kind=ModerationEntry.Kind.DECIDE, by__isnull=False, undoes__isnull=True, undone_by__isnull=True
    )
    newest = list(decisions.order_by("-at", "-id")[:LOOKED_AT])
    refusals = list(takewhile(lambda entry: entry.after in {State.REJECTED, State.SPAM}, newest))
    return next((entry for entry in refusals if entry.code or entry.reason), next(iter(refusals), None))


def _edit_until(comment: Comment) -> datetime | None:
    until = comment.created_at + timedelta(minutes=settings.COMMENT_EDIT_MINUTES)
    return until if comment.staff_id is None and timezone.now() < until else None


def withdrawal(comment: Comment) -> ModerationEntry | None:
    """The entry by which a comment that is taken back was; ``None`` for one that is not."""
    if comment.state != State.WITHDRAWN:
        return None
    return comment.decisions.filter(after=State.WITHDRAWN).order_by("-at", "-id").first()


def return_until(comment: Comment) -> datetime | None:
    """Until when a comment that was taken back may come back; ``None`` when it may not."""
    entry = withdrawal(comment)
    if entry is None or entry.before == State.WITHDRAWN:
        return None
    until = entry.at + timedelta(minutes=max(settings.COMMENT_EDIT_MINUTES, 1))
    often = comment.decisions.filter(after=State.WITHDRAWN).count() > MAX_CHANGES
    return None if often or timezone.now() >= until else until
