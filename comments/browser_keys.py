"""What a reader's browser keeps to prove, without an account, that an e-mail address is theirs."""

from django.core.signing import BadSignature, Signer

MAX_LENGTH = 600

_signer = Signer(salt="comments.browser_key")


def issue(email: str) -> str:
    """A key for a browser whose owner has opened a link that we mailed to ``email``."""
    return _signer.sign(email)


def proves(key: str, email: str) -> bool:
    """Whether ``key`` was issued for ``email``."""
    try:
        return len(key) <= MAX_LENGTH and _signer.unsign(key) == email
    except BadSignature:
        return False
