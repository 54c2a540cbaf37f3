"""The forms that take a code or the answer of a key: each code once, and nonsense refused in words."""

import struct
import time
from collections.abc import Callable
from typing import Any

from allauth.core.internal.cryptokit import normalize_user_code
from allauth.mfa.adapter import get_adapter
from allauth.mfa.base.forms import AuthenticateForm, ReauthenticateForm
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.forms import ActivateTOTPForm
from allauth.mfa.webauthn.forms import (
    AddWebAuthnForm,
    AuthenticateWebAuthnForm,
    EditWebAuthnForm,
    LoginWebAuthnForm,
    ReauthenticateWebAuthnForm,
)
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from django import forms
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext_lazy as _

REMEMBERED = 150
"""Seconds a used code is remembered: longer than the three half minutes in which it would be right."""

LONGEST_ANSWER = 20_000
"""Characters of what a key answers; real ones have some hundred to some thousand."""

NONSENSE = (
    *(TypeError, ValueError, LookupError, AttributeError, OverflowError, RecursionError, AssertionError),
    *(struct.error, InvalidSignature, UnsupportedAlgorithm),
)
"""What the reading of a made-up answer may end in; real keys cause none of it."""


def code_field(label: Any, words: Any = "") -> forms.CharField:
    """A field for six figures of an app, or for a recovery code."""
    looks = {"autocomplete": "one-time-code", "inputmode": "numeric", "autofocus": True, "class": "gate__code"}
    return forms.CharField(label=label, help_text=words, max_length=20, widget=forms.TextInput(attrs=looks))


def spend(authenticator: Authenticator, code: str) -> bool:
    """Note that ``code`` was used; ``False`` when it was before. Holds across processes, which no cache need do."""
    once = f"{authenticator.pk}:{normalize_user_code(code)}"
    mark = salted_hmac("people.second_factor", once, algorithm="sha256").hexdigest()[:24]
    now = int(time.time())
    with transaction.atomic():
        row = Authenticator.objects.select_for_update().get(pk=authenticator.pk)
        used = {old: at for old, at in row.data.get("used", {}).items() if now - at < REMEMBERED}
        if mark in used:
            return False
        row.data["used"] = used | {mark: now}
        row.save(update_fields=["data"])
    return True


class _Once(forms.Form):
    """Takes each code of an app once."""

    authenticator: Authenticator

    def clean_code(self) -> str:
        """Right, and not used yet."""
        code = str(super().clean_code())  # type: ignore[misc]
        if self.authenticator.type == Authenticator.Type.TOTP and not spend(self.authenticator, code):
            raise _wrong()
        return code


class Authenticate(_Once, AuthenticateForm):  # type: ignore[misc]
    """The second step of signing in."""

    code = code_field(_("Code"), _("Six figures from your app, or one of your recovery codes."))


class Reauthenticate(_Once, ReauthenticateForm):  # type: ignore[misc]
    """Once more, before something that matters."""

    code = code_field(_("Code"), _("Six figures from your app, or one of your recovery codes."))


class ActivateCode(ActivateTOTPForm):  # type: ignore[misc]
    """The first code of a new app."""

    code = code_field(_("Six figures the app shows now"))


class Answer(forms.JSONField):
    """What a key answered, as JSON."""

    def __init__(self) -> None:
        super().__init__(widget=forms.HiddenInput, error_messages={"required": _("No key answered.")})

    def bound_data(self, data: Any, initial: Any) -> None:
        """Nothing is offered again: each answer belongs to one page."""

    def prepare_value(self, value: Any) -> str:
        """An empty field."""
        return ""

    def to_python(self, value: Any) -> Any:
        """The answer: an object of a sensible size."""
        if isinstance(value, str) and len(value) > LONGEST_ANSWER:
            raise _wrong()
        read = judged(lambda: super(Answer, self).to_python(value))
        if read is not None and not isinstance(read, dict):
            raise _wrong()
        return read


class AddKey(AddWebAuthnForm):  # type: ignore[misc]
    """A new passkey or security key."""

    name = forms.CharField(
        label=_("Name"), max_length=60, required=False, help_text=_("So that you know it again: this laptop, my phone.")
    )
    credential = Answer()
    passwordless = forms.BooleanField(
        label=_("Sign in with it alone, without the password"),
        required=False,
        initial=True,
        help_text=_("It then asks for your finger, your face or its PIN."),
    )

    def clean(self) -> Any:
        """A key of ours, for this page, that answered just now."""
        return judged(super().clean)


class RenameKey(EditWebAuthnForm):  # type: ignore[misc]
    """Another name for a key."""

    name = forms.CharField(label=_("Name"), max_length=60)


class AuthenticateKey(AuthenticateWebAuthnForm):  # type: ignore[misc]
    """A key instead of a code, as the second step of signing in."""

    credential = Answer()

    def clean_credential(self) -> Authenticator:
        """The key that answered."""
        return judged(super().clean_credential)


class ReauthenticateKey(AuthenticateKey, ReauthenticateWebAuthnForm):  # type: ignore[misc]
    """A key, once more."""


class LoginKey(AuthenticateKey, LoginWebAuthnForm):  # type: ignore[misc]
    """A passkey instead of address and password."""


def judged(read: Callable[[], Any]) -> Any:
    """What ``read`` gives; made-up answers are refused, whatever they break."""
    try:
        return read()
    except NONSENSE as broken:
        if isinstance(broken, ValidationError):
            raise
        raise _wrong() from broken


def _wrong() -> ValidationError:
    refusal: ValidationError = get_adapter().validation_error("incorrect_code")
    return refusal
