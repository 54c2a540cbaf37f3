"""Taking back what was done to comments: one entry, or all that was done together."""

import uuid
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db.models import Exists, F, Max, OuterRef, Q
from django.utils.translation import gettext as _

from comments import consequences
from comments.models import Appeal, Comment, ModerationEntry, Report, State
from comments.moderation import editing
from comments.moderation.entries import FAMILIES, Kind, Told, locked, newest, note, touched
from comments.moderation.rights import Actor, OvertakenError, require
from pagecache.writing import Keys, writing
from people.models import User

TAKEN_BACK = "took back a decision"


def undo(entry: ModerationEntry, actor: Actor) -> ModerationEntry:
    """Take one entry back, whatever its kind; returns the entry that says so.

    Raises ``PermissionDenied``, or ``OvertakenError`` when the same thing was
    done anew since, or was taken back already.
    """
    require(actor)
    undone = _take_back([entry], actor)
    if not undone:
        raise OvertakenError(_("This comment was decided anew in the meantime; nothing was changed."))
    return undone[0]


def undo_batch(batch: uuid.UUID, actor: Actor) -> tuple[int, int]:
    """Take back all that was done together; returns how many came back, and how many others had changed anew."""
    require(actor)
    entries = list(ModerationEntry.objects.filter(batch=batch, undoes__isnull=True))
    undone = len(_take_back(entries, actor)) if entries else 0
    return undone, len(entries) - undone


def last_batch(user: User) -> uuid.UUID | None:
    """What ``user`` did last since signing in and can still take back."""
    own = ModerationEntry.objects.filter(by=user, undoes__isnull=True, undone_by__isnull=True)
    if user.last_login:
        own = own.filter(at__gte=user.last_login)
    later = ModerationEntry.objects.filter(comment=OuterRef("comment"), pk__gt=OuterRef("pk"))
    overtaken = Q()
    for family in set(FAMILIES.values()):
        overtaken |= Q(Exists(later.filter(kind__in=family)), kind__in=family)
    return own.exclude(overtaken).order_by("-at", "-id").values_list("batch", flat=True).first()


def _take_back(entries: Sequence[ModerationEntry], actor: Actor) -> list[ModerationEntry]:
    """The entries that say what was taken back; those overtaken have none."""
    with writing() as keys:
        rows = {row.pk: row for row in locked(entry.comment_id for entry in entries)}
        rewritten = _rewritten(rows)
        undone: list[ModerationEntry] = []
        for kind in dict.fromkeys(entry.kind for entry in entries):
            last = newest(rows, kind)
            free = [
                (rows[entry.comment_id], entry)
                for entry in entries
                if entry.kind == kind
                and _is_free(entry, rows.get(entry.comment_id), last.get(entry.comment_id))
                and not _publishes_anew(entry, rewritten)
            ]
            undone += _UNDOING[Kind(kind)](free, actor, keys) if free else []
    return undone


def _is_free(entry: ModerationEntry, row: Comment | None, last: ModerationEntry | None) -> bool:
    """Whether nothing of the kind happened since."""
    if row is None or last != entry or entry.undoes_id or row.state == State.WITHDRAWN:
        return False
    return entry.kind != Kind.DECIDE or row.state == entry.after


def _rewritten(comments: Iterable[int]) -> dict[int, int]:
    """By the comment's id: the newest entry by which its writer changed the words."""
    own = ModerationEntry.objects.filter(comment__in=list(comments), kind=Kind.EDIT, by__isnull=True).order_by()
    return {row["comment"]: row["last"] for row in own.values("comment").annotate(last=Max("pk"))}


def _publishes_anew(entry: ModerationEntry, rewritten: Mapping[int, int]) -> bool:
    """Whether undoing would put words before readers that no moderator has seen."""
    is_back = entry.kind == Kind.DECIDE and entry.before == State.APPROVED
    return is_back and rewritten.get(entry.comment_id, 0) > entry.pk


Free = Sequence[tuple[Comment, ModerationEntry]]


def _undecide(free: Free, actor: Actor, keys: Keys) -> list[ModerationEntry]:
    by_state: dict[str, list[int]] = defaultdict(list)
    for row, entry in free:
        by_state[entry.before].append(row.pk)
    for state, ids in by_state.items():
        Comment.objects.filter(pk__in=ids).update(state=state)
    _open_again([(row, entry.facts) for row, entry in free if entry.facts])
    afters = {row: State(entry.before) for row, entry in free}
    entries = note(afters, Told(), actor, TAKEN_BACK, undoes={row.pk: entry for row, entry in free})
    keys.update(touched(afters))
    consequences.follow(entries)
    return entries


def _open_again(judged: Iterable[tuple[Comment, dict[str, Any]]]) -> None:
    """Readers wait again for a judgement of their reports and appeals."""
    for row, facts in judged:
        changes: dict[str, Any] = {}
        if "open_reports" in facts:
            Report.objects.filter(pk__in=facts.get("reports", [])).update(judged_at=None)
            changes |= {"open_reports": F("open_reports") + facts["open_reports"], "vouched": facts["vouched"]}
        if "appealed_at" in facts:
            Appeal.objects.filter(comment=row).update(judged_at=None)
            changes["appealed_at"] = datetime.fromisoformat(facts["appealed_at"])
        if changes:
            Comment.objects.filter(pk=row.pk).update(**changes)


def _unedit(free: Free, actor: Actor, keys: Keys) -> list[ModerationEntry]:
    entries = []
    for row, entry in free:
        facts = editing.put_back(row, entry, actor)
        if facts is None:
            continue
        afters = {row: State(row.state)}
        told = Told(kind=Kind.EDIT)
        entries += note(afters, told, actor, TAKEN_BACK, facts={row.pk: facts}, undoes={row.pk: entry})
        keys.update(touched(afters))
    return entries


def _unfeature(free: Free, actor: Actor, keys: Keys) -> list[ModerationEntry]:
    was = free[0][1].kind == Kind.FEATURE
    Comment.objects.filter(pk__in=[row.pk for row, _entry in free]).update(featured=not was)
    afters = {row: State(row.state) for row, _entry in free}
    told = Told(kind=Kind.UNFEATURE if was else Kind.FEATURE)
    keys.update(touched(afters))
    return note(afters, told, actor, TAKEN_BACK, undoes={row.pk: entry for row, entry in free})


_UNDOING = {Kind.DECIDE: _undecide, Kind.EDIT: _unedit, Kind.FEATURE: _unfeature, Kind.UNFEATURE: _unfeature}
