"""The fixes of desk health, each of which whoever pressed the button can take back.

A fix of one row is told by that row's own line in the audit. One of several
rows gets a line of its own that names theirs, so that one word undoes them all.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from articles.models import Article
from articles.permissions import Actor, require
from curation import looking
from curation.looking import SEEN
from curation.models import CuratedList
from curation.places import FRONT, Place
from curation.undo import NOWHERE, undo, undo_exclusion
from outbox import audit
from outbox.models import AuditEntry
from people.models import User

TOGETHER = "fixed lists"
"""The verb in the audit of a fix of several rows; its details name their entries."""

ON_A_LIST = ("unpicked", "changed pick")

MOST = 1_000
"""Rows of one fix, as many as the health page counts."""


@dataclass
class Undone:
    """How many rows stand again as before, and why the others do not, in words."""

    done: int = 0
    problems: list[str] = field(default_factory=list)


def remember(entries: Sequence[AuditEntry], *, actor: Actor) -> int | None:
    """What ``take_back`` needs to undo all that ``entries`` tell of; nothing where nothing was changed."""
    if not entries or not isinstance(actor, User):
        return None
    if len(entries) == 1:
        return entries[0].pk
    return audit.record(actor, TOGETHER, actor, entries=[entry.pk for entry in entries][:MOST]).pk


def rows_fixed(entry_id: int, *, actor: Actor) -> int:
    """How many rows ``take_back`` would concern; 0 for what is not one's own fix, or not theirs to take back."""
    return looking.may_tend(actor) and sum(_rows_of(entry) for entry in _entries(entry_id, actor))


def take_back(entry_id: int, *, actor: Actor) -> Undone:
    """Undo one's own fix, the last row first: the rows stand again as they stood, unless a colleague changed them.

    Each row is a change of its own: one that cannot be taken back hinders no
    other. Raises ``PermissionDenied`` for who does not look after lists, and
    ``ValidationError`` for what is not one's own fix.
    """
    require(looking.may_tend(actor), _("take fixes back"))
    entries = _entries(entry_id, actor)
    if not entries:
        raise ValidationError(_("There is nothing of yours to take back here."))
    undone = Undone()
    for entry in reversed(entries):
        try:
            _REVERSE[entry.verb](entry, actor, undone)
        except (PermissionDenied, ValidationError) as error:
            words = " ".join(getattr(error, "messages", [str(error)]))
            undone.problems.append(f"{_about(entry)}: {words}")
    return undone


def _entries(entry_id: int, actor: Actor) -> list[AuditEntry]:
    """The lines of the rows, oldest first."""
    own = AuditEntry.objects.filter(actor=actor if isinstance(actor, User) else None).exclude(actor=None)
    entry = own.filter(pk=entry_id, verb__in=[TOGETHER, *_REVERSE]).first()
    if entry is None or entry.verb != TOGETHER:
        return [entry] if entry else []
    return list(own.filter(pk__in=entry.details["entries"], verb__in=list(_REVERSE)).order_by("pk"))


def _rows_of(entry: AuditEntry) -> int:
    return len(entry.details["before"]) if entry.verb == SEEN else 1


def _about(entry: AuditEntry) -> str:
    return str(entry.details.get("headline") or entry.object_label)


def _on_a_list(entry: AuditEntry, actor: Actor, undone: Undone) -> None:
    undo(_place_of(entry), entry.pk, actor=actor)
    undone.done += 1


def _everywhere(entry: AuditEntry, actor: Actor, undone: Undone) -> None:
    undo_exclusion(entry.pk, actor=actor)
    undone.done += 1


def _seen(entry: AuditEntry, actor: Actor, undone: Undone) -> None:
    done, since = looking.mark_unseen(entry.pk, actor=actor)
    undone.done += done
    if since:
        words = ngettext(
            "%d list was looked at again since; it stays marked.",
            "%d lists were looked at again since; they stay marked.",
            since,
        )
        undone.problems.append(words % since)


def _place_of(entry: AuditEntry) -> Place:
    """Where the list stands that an entry tells of."""
    pk = int(entry.object_id)
    place: Any = None
    if entry.object_type == Article._meta.label_lower:
        place = Article.objects.select_related("latest", "section").filter(pk=pk).first()
    else:
        row = CuratedList.objects.select_related("section").filter(pk=pk).first()
        place = row and (row.section or FRONT)
    if place is None:
        raise ValidationError(_("That list does not exist any more."))
    return place  # type: ignore[no-any-return]


_REVERSE: dict[str, Callable[[AuditEntry, Actor, Undone], None]] = {
    **dict.fromkeys(ON_A_LIST, _on_a_list),
    NOWHERE: _everywhere,
    SEEN: _seen,
}
