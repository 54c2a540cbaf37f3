"""How allauth behaves here."""

import base64

from allauth.account.adapter import DefaultAccountAdapter
from allauth.core import context
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import generate_totp_secret
from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings
from django.http import HttpRequest
from django.utils.encoding import force_bytes
from django.utils.translation import gettext_lazy as _

from people import second_factor
from people.browsers import in_words
from people.models import User


class StaffAdapter(DefaultAccountAdapter):  # type: ignore[misc]
    """Accounts are made by an administrator, never by signing up."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Nobody signs up by themselves."""
        return False

    def get_client_ip(self, request: HttpRequest) -> str:
        """The address ``TrustedProxies`` settled on."""
        return str(request.META.get("REMOTE_ADDR") or "0.0.0.0")  # noqa: S104 - nothing is bound to it


class FactorAdapter(DefaultMFAAdapter):  # type: ignore[misc]
    """Second factors: their secrets are encrypted in the database, and who must have one keeps the last."""

    error_messages = DefaultMFAAdapter.error_messages | {
        "incorrect_code": _("That is not right, or it was used already. Codes change every half minute."),
        "cannot_delete_authenticator": _(
            "Your role needs a second factor, and this is your last one. Add another one first."
        ),
    }

    def _get_site_name(self) -> str:
        return str(settings.SITE_NAME)

    def generate_authenticator_name(self, user: User, kind: Authenticator.Type) -> str:
        """A name to begin with: the browser it is made in."""
        return in_words(str(context.request.headers.get("User-Agent", "")))

    def encrypt(self, text: str) -> str:
        """``text`` under a key made from ``SECRET_KEY``."""
        return _safe().encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        """The secret again; when no key fits any more, a random one, to which no code belongs."""
        try:
            return _safe().decrypt(encrypted_text.encode()).decode()
        except InvalidToken:
            return str(generate_totp_secret())

    def can_delete_authenticator(self, authenticator: Authenticator) -> bool:
        """Whether they may go without it."""
        return not second_factor.is_last_needed(authenticator)


def _safe() -> MultiFernet:
    return MultiFernet([_key(secret) for secret in (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)])


def _key(secret: str | bytes) -> Fernet:
    made = HKDF(algorithm=SHA256(), length=32, salt=None, info=b"newsroom second factor").derive(force_bytes(secret))
    return Fernet(base64.urlsafe_b64encode(made))
