"""What allauth tells of sign-ins, passwords and second factors, noted in the audit trail and to the person by mail.

allauth gives no other hook; each of these runs in the request that did it.
"""

from typing import Any

from allauth.account import signals as account
from allauth.mfa import signals as mfa
from allauth.mfa.models import Authenticator
from django.contrib.auth import signals as auth
from django.http import HttpRequest
from django.utils import timezone

from outbox import audit
from outbox.models import AuditEntry
from people import letters, second_factor, sessions
from people.addresses import address_block
from people.browsers import in_words
from people.models import User


def connect() -> None:
    """Listen; called once, when the application is ready."""
    account.user_logged_in.connect(_signed_in, dispatch_uid="people.signed_in")
    auth.user_logged_out.connect(_signed_out, dispatch_uid="people.signed_out")
    auth.user_login_failed.connect(_failed, dispatch_uid="people.failed")
    mfa.authentication_failed.connect(_factor_failed, dispatch_uid="people.factor_failed")
    mfa.authenticator_added.connect(_factor_added, dispatch_uid="people.factor_added")
    mfa.authenticator_removed.connect(_factor_removed, dispatch_uid="people.factor_removed")
    mfa.authenticator_reset.connect(_codes_renewed, dispatch_uid="people.codes_renewed")
    for signal in (account.password_changed, account.password_set, account.password_reset):
        signal.connect(_password_changed, dispatch_uid="people.password_changed")


def where(request: HttpRequest | None) -> dict[str, str]:
    """Network and browser of a request, as far as they are known."""
    if request is None:
        return {}
    try:
        network = address_block(str(request.META.get("REMOTE_ADDR", "")))
    except ValueError:
        network = ""
    return {"address": network, "browser": in_words(request.headers.get("User-Agent", ""))}


def _signed_in(request: HttpRequest, user: User, **_kwargs: Any) -> None:
    sessions.remember(request)
    methods = request.session.get("account_authentication_methods", [])
    used = sorted({str(method.get("type") or method.get("method")) for method in methods if isinstance(method, dict)})
    audit.record(user, "signed in", user, means=used, **where(request))


def _signed_out(request: HttpRequest, user: User | None, **_kwargs: Any) -> None:
    if user is not None:
        audit.record(user, "signed out", user, **where(request))


def _failed(credentials: dict[str, Any], request: HttpRequest | None = None, **_kwargs: Any) -> None:
    """One row and one question whoever was named, so that the time taken does not tell which accounts there are."""
    named = str(credentials.get("email") or credentials.get("username") or "")[:254]
    user = User.objects.filter(email__iexact=named).first()
    AuditEntry.objects.create(
        actor_name="somebody",
        verb="failed to sign in",
        object_type=User._meta.label_lower,
        object_id=str(user.pk) if user else "",
        object_label=str(user)[:200] if user else "an unknown account",
        details=where(request),
    )


def _factor_failed(user: User, request: HttpRequest | None = None, **_kwargs: Any) -> None:
    audit.record(user, "failed the second step", user, **where(request))


def _factor_added(request: HttpRequest, user: User, authenticator: Authenticator, **_kwargs: Any) -> None:
    """With the first factor all other sessions end: none of them had to show it."""
    if authenticator.type not in second_factor.FACTORS:
        return
    _tell(request, user, "added a second factor", authenticator)
    if second_factor.factors_of(user).count() == 1:
        sessions.end_others(request, user)


def _factor_removed(request: HttpRequest, user: User, authenticator: Authenticator, **_kwargs: Any) -> None:
    if authenticator.type in second_factor.FACTORS:
        _tell(request, user, "removed a second factor", authenticator)


def _codes_renewed(request: HttpRequest, user: User, authenticator: Authenticator, **_kwargs: Any) -> None:
    _tell(request, user, "made new recovery codes", authenticator)


def _password_changed(request: HttpRequest, user: User, **_kwargs: Any) -> None:
    _tell(request, user, "changed the password")


def _tell(request: HttpRequest, user: User, verb: str, factor: Authenticator | None = None) -> None:
    kind = second_factor.names([factor])[0] if factor else ""
    entry = audit.record(user, verb, user, **({"factor": kind} if kind else {}), **where(request))
    at = timezone.localtime(entry.at).strftime("%Y-%m-%d %H:%M")
    letters.write(user.email, "changed", key=str(entry.pk), verb=verb, factor=kind, at=at, **where(request))
