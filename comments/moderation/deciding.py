"""Deciding: approve, refuse, put with the spam, return to the queue; and the system's way to hold what readers see."""

import uuid
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import Q, prefetch_related_objects
from django.utils import timezone
from django.utils.translation import gettext as _

from comments import consequences, urgency
from comments.models import Appeal, Comment, ModerationEntry, Reason, Report, State
from comments.moderation.entries import Told, locked, note, touched
from comments.moderation.rights import Actor, require
from comments.pipeline.findings import Code, Finding, Push
from comments.plain_text import is_storable
from pagecache.writing import writing

MAX_REASON = 200

VERBS = {
    State.PENDING: "returned to the queue",
    State.APPROVED: "approved",
    State.REJECTED: "refused",
    State.SPAM: "marked as spam",
}


def decide(
    comments: Iterable[Comment],
    state: State,
    *,
    actor: Actor,
    code: Reason | str = "",
    reason: str = "",
    warning: bool = False,
    batch: uuid.UUID | None = None,
) -> list[ModerationEntry]:
    """Move comments to ``state`` and return one entry for each that moved.

    Each moves only from the state that the given object shows, and only with
    the words it shows (``edited_at`` tells them apart): what somebody else has
    decided or rewritten since stays as it is and has no entry here. Deciding
    judges the comment's open reports and its open appeal; with either open, a
    decision for the state it has already is one as well. ``batch`` names what
    is decided together and undone together. Raises ``PermissionDenied``, or
    ``ValidationError`` for a reason that does not fit.
    """
    require(actor)
    told = _told(state, code, reason, warning, batch)
    seen = {comment.pk: _shown(comment) for comment in comments if comment.state != State.WITHDRAWN}
    with writing() as keys:
        rows = [row for row in locked(seen) if _shown(row) == seen[row.pk] and _is_open(row, state)]
        if not rows:
            return []
        afters = dict.fromkeys(rows, state)
        facts = {} if state == State.PENDING else _judge(rows, state)
        _move(rows, state)
        entries = note(afters, told, actor, VERBS[state], facts=facts)
        keys.update(touched(afters))
        consequences.follow(entries)
    return entries


def hold(comment: Comment, code: Code, *, facts: dict[str, Any] | None = None) -> ModerationEntry | None:
    """The system sends a comment that readers see back to the queue, and says what it found.

    ``None`` where readers did not see it any more. Whether it may be held at
    all (``vouched``) is for the caller to know.
    """
    with writing() as keys:
        row = next(iter(locked([comment.pk])), None)
        if row is None or row.state != State.APPROVED:
            return None
        finding = Finding(code, facts or {}, Push.HOLD)
        row.findings = [finding.stored(), *row.findings]
        row.why = str(code)
        row.save(update_fields=["findings", "why"])
        afters = {row: State.PENDING}
        _move([row], State.PENDING)
        told = Told(reason=finding.in_words()[:MAX_REASON])
        entries = note(afters, told, None, VERBS[State.PENDING], facts={row.pk: {"held": str(code)}})
        keys.update(touched(afters))
        consequences.follow(entries)
    return entries[0]


def _told(state: State, code: Reason | str, reason: str, warning: bool, batch: uuid.UUID | None) -> Told:
    if state == State.WITHDRAWN:
        raise ValidationError(_("Only its writer can take a comment back."))
    reason = reason.strip()
    if len(reason) > MAX_REASON or not is_storable(reason):
        raise ValidationError(_("A reason has at most %d plain characters.") % MAX_REASON)
    if code and code not in Reason.values:
        raise ValidationError(_("That is none of the reasons we give."))
    if (code or warning) and state not in {State.REJECTED, State.SPAM}:
        raise ValidationError(_("Reasons and warnings go with a refusal."))
    return Told(code=str(code), reason=reason, warning=warning, batch=batch or uuid.uuid4())


def _shown(comment: Comment) -> tuple[str, datetime | None]:
    """What whoever decides must have seen: the state, and which words."""
    return comment.state, comment.edited_at


def _is_open(row: Comment, state: State) -> bool:
    """Whether there is something to decide: another state, or a reader who waits for a judgement."""
    return row.state != state or (state != State.PENDING and bool(row.open_reports or row.appealed_at))


def _move(rows: Sequence[Comment], state: State) -> None:
    """Write the state. What returns to the queue waits from now, and by itself: it was not part of any group."""
    Comment.objects.filter(pk__in=[row.pk for row in rows]).update(state=state)
    if state != State.PENDING:
        return
    now = timezone.now()
    prefetch_related_objects(rows, "article")  # the rank reads it
    for row in rows:
        row.waiting_since, row.cluster, row.likeness = now, None, ""
        row.rank_at = urgency.rank(row)
    Comment.objects.bulk_update(rows, ["waiting_since", "rank_at", "cluster", "likeness"], batch_size=500)


def _judge(rows: Sequence[Comment], state: State) -> dict[int, dict[str, Any]]:
    """Close what readers wait for; by the comment's id, what undoing has to open again."""
    waited = [row for row in rows if row.open_reports or row.appealed_at]
    if not waited:
        return {}
    ids, now = [row.pk for row in waited], timezone.now()
    reports = Report.objects.filter(comment__in=ids, judged_at__isnull=True)
    facts: dict[int, dict[str, Any]] = {row.pk: _facts(row) for row in waited}
    for comment, report in reports.values_list("comment", "pk"):
        facts[comment].setdefault("reports", []).append(report)
    reports.update(judged_at=now)
    Appeal.objects.filter(comment__in=ids, judged_at__isnull=True).update(judged_at=now)
    Comment.objects.filter(Q(open_reports__gt=0), pk__in=ids).update(
        open_reports=0, **({"vouched": True} if state == State.APPROVED else {})
    )
    Comment.objects.filter(pk__in=ids).update(appealed_at=None)
    return facts


def _facts(row: Comment) -> dict[str, Any]:
    facts: dict[str, Any] = {}
    if row.open_reports:
        facts |= {"open_reports": row.open_reports, "vouched": row.vouched}
    if row.appealed_at:
        facts["appealed_at"] = row.appealed_at.isoformat()
    return facts
