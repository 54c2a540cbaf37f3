"""A key that a reader's browser keeps, to prove that an e-mail address is theirs without account or cookie.

It is made when somebody opens a link that we mailed to the address, and kept
in the browser's storage if they agree. It names nobody: whoever finds it
learns no address.
"""

from datetime import timedelta

from django.core.signing import BadSignature, TimestampSigner
from django.utils.crypto import constant_time_compare, salted_hmac

LASTS = timedelta(days=365)
"""A browser that is lost or sold proves nothing after a year."""

MAX_LENGTH = 200
"""Ours have about 85 characters; nothing longer is looked at."""

_signer = TimestampSigner(salt="comments.browser-key")


def issue(email: str) -> str:
    """A key for the browser of whoever has just shown that they read mail to ``email``."""
    return _signer.sign(_name(email))


def proves(email: str, key: str) -> bool:
    """Whether ``key`` was issued for ``email`` and is not too old; false for whatever else was sent."""
    if not key or len(key) > MAX_LENGTH:
        return False
    try:
        return constant_time_compare(_signer.unsign(key, max_age=LASTS), _name(email))
    except (BadSignature, ValueError):
        return False


def _name(email: str) -> str:
    return salted_hmac("comments.browser-key", email.lower(), algorithm="sha256").hexdigest()[:32]
