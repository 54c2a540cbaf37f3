"""What one moderator decided, and which of it can still be taken back."""

import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.db.models import QuerySet
from django.utils import timezone

from comments import moderation
from comments.models import ModerationEntry, State
from people.models import User

PER_PAGE = 50

KINDS = (State.APPROVED, State.REJECTED, State.SPAM, State.PENDING)


@dataclass(frozen=True)
class Decision:
    """One of somebody's entries, and what came after it."""

    entry: ModerationEntry
    newest: ModerationEntry | None

    @property
    def is_undoing(self) -> bool:
        """Whether it took another decision back."""
        return self.entry.undoes_id is not None

    @property
    def overtaken_by(self) -> ModerationEntry | None:
        """What somebody did to the same thing after it, if they did: its state, its words, or its being a pick."""
        return self.newest if self.newest is not None and self.newest.pk != self.entry.pk else None

    @property
    def can_be_undone(self) -> bool:
        """Whether taking it back may still work; the verb asks again."""
        return not self.is_undoing and self.overtaken_by is None


def of(person: User, *, day: date | None = None, kind: str = "") -> QuerySet[ModerationEntry]:
    """The person's entries, the newest first; of one day in the site's zone, and to one state or of one kind."""
    entries = ModerationEntry.objects.filter(by=person).order_by("-at", "-id")
    if day is not None:
        begins = timezone.make_aware(datetime.combine(day, time()))
        entries = entries.filter(at__gte=begins, at__lt=timezone.make_aware(_midnight_after(day)))
    if kind in KINDS:
        return entries.filter(kind=ModerationEntry.Kind.DECIDE, after=kind)
    return entries.filter(kind=kind) if kind in ModerationEntry.Kind.values else entries


def page_of(entries: QuerySet[ModerationEntry], page: int) -> tuple[list[Decision], bool]:
    """A page, each with the newest entry about the same thing, in two queries; and whether there are more."""
    start = (page - 1) * PER_PAGE
    rows = list(entries.select_related("comment__article__section")[start : start + PER_PAGE + 1])
    newest = moderation.newest_of_each(row.comment_id for row in rows)
    return [Decision(row, newest.get((row.comment_id, row.kind))) for row in rows[:PER_PAGE]], len(rows) > PER_PAGE


def undo_some(entries: Iterable[ModerationEntry], person: User) -> tuple[int, int]:
    """Take each back; returns how many came back, and how many somebody had decided anew since."""
    undone = overtaken = 0
    for entry in entries:
        try:
            moderation.undo(entry, person)
        except moderation.OvertakenError:
            overtaken += 1
        else:
            undone += 1
    return undone, overtaken


def undo_batch(batch: uuid.UUID, person: User) -> tuple[int, int]:
    """The same for all that ``person`` did together, in one transaction however much it was."""
    if not ModerationEntry.objects.filter(by=person, batch=batch).exists():
        return 0, 0
    return moderation.undo_batch(batch, person)


def _midnight_after(day: date) -> datetime:
    return datetime.combine(day + timedelta(days=1), time())
