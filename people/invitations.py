"""A colleague is invited by mail: whom, into which roles, and how the invitation is taken up, once.

The mail holds a secret, the row its hash. The secret is made anew from
``SECRET_KEY`` and the row whenever it is mailed, so that it is stored nowhere.
"""

import hashlib
from collections.abc import Iterable, Mapping
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.contrib.auth.models import Group
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.crypto import get_random_string, salted_hmac
from django.utils.translation import gettext as _

from outbox import audit, effects
from outbox.letters import send
from pagecache.writing import writing
from people import access, letters, registries
from people.models import Invitation, User

VALID = timedelta(days=7)

MAIL = "people.invitation"


def open_ones() -> "QuerySet[Invitation]":
    """Invitations that can still be taken up."""
    return Invitation.objects.filter(accepted_at=None, revoked_at=None, expires_at__gt=timezone.now())


def invite(
    email: str, name: str, roles: Iterable[Group], *, actor: User, further: Mapping[str, Any] | None = None
) -> Invitation:
    """Invite somebody; a mail goes out. Raises ``PermissionDenied``, or ``ValidationError`` by field.

    ``further`` is what was chosen in the fields of ``invitation_parts``.
    """
    _check_may_invite(actor)
    wanted = list(roles)
    _check(email, wanted, actor)
    with writing():
        row = Invitation(email=email, name=name, made_by=actor, expires_at=timezone.now() + VALID)
        row.secret_hash = get_random_string(64)  # no hash of any secret, until the row has its number
        row.full_clean(exclude=["secret_hash", "accepted_at", "revoked_at"])
        row.save()
        row.roles.set(wanted)
        told = registries.kept(row, further or {}, actor)
        _mail(row)
        audit.record(actor, "invited", row, roles=sorted(role.name for role in wanted), **told)
    return row


def resend(invitation: Invitation, *, actor: User) -> None:
    """Mail a new link, which lasts seven days from now; the former one ends. Raises as ``invite``."""
    _check_may_invite(actor)
    with writing():
        row = Invitation.objects.select_for_update().get(pk=invitation.pk)
        _check_waits(row)
        _check(row.email, list(row.roles.all()), actor, sent=row)
        for part in registries.invitation_parts:
            part.check(row, actor)
        row.expires_at = timezone.now() + VALID
        row.made_by = actor
        row.save(update_fields=["expires_at", "made_by"])
        _mail(row)
        audit.record(actor, "invited again", row)


def revoke(invitation: Invitation, *, actor: User) -> None:
    """Take an invitation back. Raises ``PermissionDenied``, or ``ValidationError`` when it was taken up."""
    if not actor.has_perm("people.change_invitation"):
        raise PermissionDenied
    with writing():
        row = Invitation.objects.select_for_update().get(pk=invitation.pk)
        _check_waits(row)
        row.revoked_at = timezone.now()
        row.save(update_fields=["revoked_at"])
        audit.record(actor, "revoked an invitation", row)


def find(secret: str) -> Invitation | None:
    """The invitation that can be taken up with ``secret``; forged, old, used and revoked ones are alike."""
    return open_ones().filter(secret_hash=_hash(secret)).first()


def accept(secret: str, *, name: str, password: str) -> User:
    """Make the account. Raises ``ValidationError`` by field, or without one when the invitation has ended."""
    with writing():
        row = open_ones().select_for_update().filter(secret_hash=_hash(secret)).first()
        if row is None or User.objects.filter(email__iexact=row.email).exists():
            raise ValidationError(_("This invitation has ended."))
        user = User(username=row.email, email=row.email, name=name, is_staff=True)
        _check_password(password, user)
        user.set_password(password)
        user.full_clean(exclude=["password"])
        user.save()
        user.groups.set(row.roles.all())
        row.accepted_at = timezone.now()
        row.save(update_fields=["accepted_at"])
        told = {"roles": sorted(user.groups.values_list("name", flat=True)), **registries.given(row, user)}
        audit.record(user, "accepted an invitation", user, **told, invited_by=str(row.made_by or ""))
    return user


def secret_of(invitation: Invitation) -> str:
    """The secret of the present link."""
    return salted_hmac(
        "people.invitation", f"{invitation.pk}:{invitation.expires_at.timestamp()}", algorithm="sha256"
    ).hexdigest()


@effects.handler(MAIL, outside=True)
def _send(payload: dict[str, Any], key: str) -> None:
    row = open_ones().select_related("made_by").filter(pk=payload["invitation"]).first()
    if row is None:
        return
    letter = letters.invitation(
        who=str(row.made_by or settings.SITE_NAME),
        name=row.name,
        path=reverse("account_invitation", args=[secret_of(row)]),
        until=timezone.localtime(row.expires_at).strftime("%Y-%m-%d %H:%M"),
    )
    send(row.email, letter, key=key)


def _mail(row: Invitation) -> None:
    row.secret_hash = _hash(secret_of(row))
    row.save(update_fields=["secret_hash"])
    effects.enqueue(MAIL, {"invitation": row.pk}, key=f"{MAIL}:{row.pk}:{row.expires_at.timestamp()}")


def _hash(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()


def _check_may_invite(actor: User) -> None:
    if not actor.has_perm("people.add_invitation"):
        raise PermissionDenied


def _check(email: str, roles: list[Group], actor: User, sent: Invitation | None = None) -> None:
    allowed = set(access.grantable(actor).values_list("pk", flat=True))
    if any(role.pk not in allowed for role in roles):
        raise ValidationError({"roles": _("You can give only roles that allow nothing beyond your own.")})
    if User.objects.filter(email__iexact=email).exists():
        raise ValidationError({"email": _("There is an account with this address already.")})
    waiting = open_ones().filter(email__iexact=email)
    if (waiting.exclude(pk=sent.pk) if sent else waiting).exists():
        raise ValidationError({"email": _("This address has an open invitation. Send that one again.")})


def _check_waits(row: Invitation) -> None:
    if row.accepted_at or row.revoked_at:
        raise ValidationError(_("This invitation was taken up or revoked already."))


def _check_password(password: str, user: User) -> None:
    try:
        validate_password(password, user)
    except ValidationError as refused:
        raise ValidationError({"password": refused.messages}) from refused
