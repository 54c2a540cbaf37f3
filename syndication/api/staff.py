"""Who asks, for addresses under ``desk/``: the owner of a token, within its scopes. Cookies say nothing here."""

from datetime import timedelta
from typing import Any

from django.core.cache import cache
from django.http import HttpRequest
from django.utils import timezone
from ninja.security import HttpBearer

from people import second_factor, tokens
from people.models import AccessToken, Scope, User
from syndication.api.problems import ProblemError
from syndication.api.settings import token_rate

MINUTE = timedelta(minutes=1)


class StaffToken(HttpBearer):
    """A staff token, made under *My account*, that has the scope an operation needs."""

    def __init__(self, scope: Scope | None = None) -> None:
        super().__init__()
        self.scope = scope

    def authenticate(self, request: HttpRequest, token: str) -> AccessToken:
        """The token. Raises ``ProblemError``: 401 for one that opens nothing, 403 for what it may not, 429."""
        found = tokens.find(token)
        if found is None:
            words = "This token is not one of ours, has expired, or was revoked."
            raise ProblemError(401, words, headers={"WWW-Authenticate": 'Bearer error="invalid_token"'})
        _count(found)
        if second_factor.is_missing(found.owner):
            raise ProblemError(403, "Its owner's role needs a second factor: set one up under My account first.")
        if self.scope is not None and self.scope.value not in found.scopes:
            raise ProblemError(403, f"This token may not do that: it lacks the scope “{self.scope.value}”.")
        tokens.note_use(found)
        return found


def token_of(request: HttpRequest) -> AccessToken:
    """The token of a request that was let in."""
    found: Any = request
    token: AccessToken = found.auth
    return token


def actor_of(request: HttpRequest) -> User:
    """Whose token it is."""
    return token_of(request).owner


def _count(token: AccessToken) -> None:
    """Count one more request of this minute; raises ``ProblemError`` (429) for one too many.

    Counted in the cache: in every process for itself where there is no shared one.
    """
    now = timezone.now()
    began = now.replace(second=0, microsecond=0)
    key = f"syndication.token:{token.pk}:{began.isoformat()}"
    cache.add(key, 0, timeout=120)
    try:
        number = cache.incr(key)
    except ValueError:  # it was dropped between the two
        return
    if number > token_rate():
        wait = int((began + MINUTE - now).total_seconds()) + 1
        words = f"A token is answered {token_rate()} times a minute. Ask again in {wait} seconds."
        raise ProblemError(429, words, headers={"Retry-After": str(wait)})
