"""A colleague leaves: nobody signs in with the account any more, the bylines stay, the work is handed over.

Rooms above say through ``remains`` what somebody leaves behind, and how it
is handed to a colleague.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _

from outbox import audit
from pagecache.writing import writing
from people import access, sessions, tokens
from people.models import Author, Invitation, User
from people.roles import ADMINISTRATOR

SHOWN = 20
"""Rows of each kind that are named; the rest are counted."""


@dataclass(frozen=True)
class Remains:
    """Work of one kind that somebody leaves behind: how much, and the first of it with name and address."""

    words: Any
    count: int
    rows: list[tuple[str, str]] = field(default_factory=list)
    goes_over: bool = False


remains: list[Callable[[User, User], list[Remains]]] = []
"""Rooms above register in ``ready()``: what the first leaves behind, as far as the second may know of it."""

hand_over: list[Callable[..., int]] = []
"""Rooms above register ``(giver, taker, *, actor)``: hands the work over inside the verb's transaction; how much."""

goes: list[Callable[..., None]] = []
"""Rooms above register ``(leaver, *, actor)``: what ends with somebody's leaving, inside the verb's transaction."""


def left_by(user: User, *, told: User) -> list[Remains]:
    """Everything ``user`` would leave behind, for ``told`` to read."""
    return [part for ask in remains for part in ask(user, told) if part.count]


def takers(user: User) -> Any:
    """Colleagues to whom work can go."""
    return User.objects.filter(is_active=True, is_staff=True).exclude(pk=user.pk).order_by("name", "email")


def deactivate(user: User, *, actor: User, to: User | None = None, hide_author: bool = False) -> int:
    """Close the account of ``user`` and end its sessions at once; hand the work to ``to``, where one is named.

    The author's profile and the bylines stay public; ``hide_author`` only
    marks the profile as of somebody who left. Gives how much was handed over.
    Raises ``PermissionDenied``, or ``ValidationError`` when that must not be.
    """
    access.check_manages(actor, user)
    with writing():
        row = User.objects.select_for_update().get(pk=user.pk)
        _check_may_leave(row, actor, to)
        row.is_active = False
        row.save(update_fields=["is_active"])
        sessions.end_all(row, actor=actor)
        tokens.revoke_all(row, actor=actor)
        handed = sum(give(row, to, actor=actor) for give in hand_over) if to else 0
        for end in goes:
            end(row, actor=actor)
        _revoke_invitations(row)
        if hide_author:
            _mark_left(row, actor)
        audit.record(actor, "deactivated", row, handed=handed, to=str(to) if to else "")
    return handed


def reactivate(user: User, *, actor: User) -> None:
    """Open a closed account again; no session of before comes back. Raises ``PermissionDenied``."""
    access.check_manages(actor, user)
    with writing():
        if User.objects.filter(pk=user.pk, is_active=False).update(is_active=True):
            audit.record(actor, "reactivated", user)


def _check_may_leave(user: User, actor: User, to: User | None) -> None:
    if user.pk == actor.pk:
        raise ValidationError(_("Nobody closes their own account: ask another administrator."))
    if not user.is_active:
        raise ValidationError(_("This account is closed already."))
    if to is not None and (to.pk == user.pk or not to.is_active):
        raise ValidationError({"to": _("Choose another colleague, who works here.")})
    others = User.objects.filter(is_active=True).exclude(pk=user.pk)
    leads = user.is_superuser or user.groups.filter(name=ADMINISTRATOR).exists()
    if leads and not (others.filter(is_superuser=True) | others.filter(groups__name=ADMINISTRATOR)).exists():
        raise ValidationError(_("This is the last administrator: make somebody else one first."))


def _revoke_invitations(user: User) -> None:
    Invitation.objects.filter(made_by=user, accepted_at=None, revoked_at=None).update(revoked_at=timezone.now())


def _mark_left(user: User, actor: User) -> None:
    author = Author.objects.filter(user=user, active=True).first()
    if author is not None:
        author.active = False
        author.save(update_fields=["active"])
        audit.record(actor, "marked as left", author)
