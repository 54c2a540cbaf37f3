"""Single-use tokens: proof that somebody looked at a form, without a cookie and without a row until it is used."""

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from django.core.signing import BadSignature, TimestampSigner, b62_decode
from django.db import IntegrityError, transaction
from django.utils import timezone

from comments.models import SpentToken

MAX_LENGTH = 200
"""Ours have about 75 characters; nothing longer is looked at."""

_signer = TimestampSigner(salt="comments.token")


class Origin(StrEnum):
    """Where a token was handed out."""

    PREVIEW = "p"
    SCRIPT = "s"


class TokenRefusedError(Exception):
    """The token is forged or was used before; the two are not told apart."""


@dataclass(frozen=True)
class Token:
    """A token whose signature is ours."""

    origin: Origin
    issued_at: datetime

    @property
    def age(self) -> timedelta:
        """How long ago it was handed out."""
        return timezone.now() - self.issued_at


def issue(origin: Origin) -> str:
    """A fresh token."""
    return _signer.sign(f"{origin}.{secrets.token_urlsafe(16)}")


def read(raw: str) -> Token:
    """The token behind ``raw``; raises ``TokenRefusedError`` for one that is not ours. Age never refuses."""
    if len(raw) > MAX_LENGTH:
        raise TokenRefusedError
    try:
        value = _signer.unsign(raw)
        origin = Origin(value.partition(".")[0])
        issued_at = datetime.fromtimestamp(b62_decode(raw.split(_signer.sep)[-2]), timezone.get_default_timezone())
    except (BadSignature, ValueError) as error:
        raise TokenRefusedError from error
    return Token(origin, issued_at)


def use(raw: str) -> Token:
    """Use up the token behind ``raw``, in the transaction of what it is used for.

    Raises ``TokenRefusedError``, after which that transaction must not be
    committed: a forged token does the same work as a spent one.
    """
    try:
        with transaction.atomic():
            SpentToken.objects.create(digest=_digest(raw))
    except IntegrityError as error:
        raise TokenRefusedError from error
    return read(raw)


def unspent(raw: str) -> Token | None:
    """The token behind ``raw`` when it is ours and was not used; the same work for every answer."""
    spent = SpentToken.objects.filter(digest=_digest(raw)).exists()
    try:
        token = read(raw)
    except TokenRefusedError:
        return None
    return None if spent else token


def _digest(raw: str) -> str:
    """What is kept of a token that was used; of one that is too long, only its beginning is looked at."""
    return hashlib.sha256(raw[: MAX_LENGTH + 1].encode("utf-8", "replace")).hexdigest()
