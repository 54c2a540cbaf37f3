"""Access tokens: made by and for oneself, shown once, and what opens with them.

The secret is 256 random bits and stored nowhere; the row holds its hash. A
token opens nothing while its owner's account is closed, or lacks the second
factor that it must have; closing the account or ending all its sessions
revokes its tokens for good.
"""

import hashlib
import secrets
from collections.abc import Iterable
from datetime import timedelta

from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from outbox import audit
from outbox.inert import is_storable
from pagecache.writing import writing
from people import second_factor
from people.models import AccessToken, Scope, User

PREFIX = "nrt_"
"""Begins every secret, so that people and scanners recognise one that leaked."""

LENGTH = len(PREFIX) + 43
"""Characters of a secret."""

MOST = 20
"""Tokens of one person that are alive at a time."""

LASTING = (7, 30, 90, 365)
"""Days a token can be made for."""


def make(name: str, scopes: Iterable[str], days: int, *, actor: User) -> tuple[AccessToken, str]:
    """A token of ``actor``'s own, and its secret, which nobody can ask for again.

    Raises ``PermissionDenied`` for whoever may not work at the desk now, or
    ``ValidationError`` by field.
    """
    if not _may_work(actor):
        raise PermissionDenied
    name, chosen = " ".join(name.split()), sorted(set(scopes))
    _check(name, chosen, days)
    secret = PREFIX + secrets.token_urlsafe(32)
    with writing():
        User.objects.select_for_update().get(pk=actor.pk)
        if alive(actor).count() >= MOST:
            raise ValidationError(_("You have %(most)d tokens. Revoke one that you no longer need.") % {"most": MOST})
        until = timezone.now() + timedelta(days=days)
        row = AccessToken.objects.create(
            owner=actor, name=name, secret_hash=_hash(secret), scopes=chosen, expires_at=until
        )
        audit.record(actor, "made an access token", row, scopes=chosen, until=until.isoformat())
    return row, secret


def revoke(token: AccessToken, *, actor: User) -> bool:
    """End a token for good; one's own, or a colleague's for those who manage accounts. Whether it was alive.

    Raises ``PermissionDenied``.
    """
    if token.owner_id != actor.pk and not may_see_all(actor):
        raise PermissionDenied
    return bool(_end(AccessToken.objects.filter(pk=token.pk), actor))


def revoke_all(user: User, *, actor: User | None) -> int:
    """End every token of ``user``, in the transaction of whatever ends their sessions; how many there were."""
    return _end(AccessToken.objects.filter(owner=user), actor)


def alive(user: User) -> "QuerySet[AccessToken]":
    """The tokens of ``user`` that were neither revoked nor have expired."""
    return AccessToken.objects.filter(owner=user, revoked_at=None, expires_at__gt=timezone.now())


def find(secret: str) -> AccessToken | None:
    """The living token with this secret, of somebody whose account is open; one statement for whatever is sent."""
    row = AccessToken.objects.select_related("owner").filter(secret_hash=_hash(secret[: LENGTH + 1])).first()
    return row if row is not None and row.is_alive and row.owner.is_active and row.owner.is_staff else None


def note_use(token: AccessToken) -> None:
    """Remember the day; one statement a day."""
    today = timezone.localdate()
    if token.last_used_on != today:
        AccessToken.objects.filter(pk=token.pk).update(last_used_on=today)


def may_see_all(actor: User) -> bool:
    """Whether ``actor`` looks after everybody's tokens: it takes nothing from anybody but a program's way in."""
    return actor.has_perm("people.change_user") and not second_factor.is_missing(actor)


def _may_work(user: User) -> bool:
    return user.is_active and user.is_staff and not second_factor.is_missing(user)


def _check(name: str, scopes: list[str], days: int) -> None:
    longest = AccessToken._meta.get_field("name").max_length or 0
    problems = {}
    if not name or len(name) > longest or not is_storable(name):
        problems["name"] = _("Write a name of %(most)d characters at most.") % {"most": longest}
    if not scopes or not set(scopes) <= set(Scope.values):
        problems["scopes"] = _("Choose what it may be used for.")
    if days not in LASTING:
        problems["days"] = _("Choose one of the offered times.")
    if problems:
        raise ValidationError(problems)


def _end(rows: "QuerySet[AccessToken]", actor: User | None) -> int:
    with writing():
        ended = list(rows.filter(revoked_at=None).select_for_update())
        rows.filter(pk__in=[row.pk for row in ended]).update(revoked_at=timezone.now())
        audit.record_all(actor, "revoked an access token", [(row, {"owner": row.owner_id}) for row in ended])
    return len(ended)


def _hash(secret: str) -> str:
    return hashlib.sha256(secret.encode("utf-8", "replace")).hexdigest()
