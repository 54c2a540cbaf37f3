"""The sessions of an account: where somebody is signed in, since when, and how that ends."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from allauth.usersessions.models import UserSession
from django.contrib.auth import update_session_auth_hash
from django.db import transaction
from django.db.models import F
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from outbox import audit
from people.browsers import in_words
from people.models import User

ADMIN = "/admin/"

PAUSE = timedelta(minutes=5)
"""How long after a note of when a session was seen no other is made: looking writes next to nothing."""


@dataclass(frozen=True)
class Seen:
    """One session, for its owner or an administrator."""

    number: int
    browser: str
    address: str
    since: datetime
    last: datetime
    here: bool


class SeenLately:
    """Notes on pages of the admin when and from where a session was seen last."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if request.path_info.startswith(ADMIN) and "people.seen" in request.session:
            _note(request)
        return response


def remember(request: HttpRequest) -> None:
    """Begin to keep track of a session that somebody has just signed in with."""
    request.session["people.seen"] = 0.0


def _note(request: HttpRequest) -> None:
    now = timezone.now()
    if now.timestamp() - request.session["people.seen"] < PAUSE.total_seconds() or not request.user.is_authenticated:
        return
    UserSession.objects.create_from_request(request)
    request.session["people.seen"] = now.timestamp()


def of(user: User, here: str = "") -> list[Seen]:
    """The sessions of ``user`` that are alive, the one with the key ``here`` first, then the latest seen."""
    alive = UserSession.objects.purge_and_list(user)
    rows = [
        Seen(row.pk, in_words(row.user_agent), row.ip, row.created_at, row.last_seen_at, row.session_key == here)
        for row in alive
    ]
    return sorted(rows, key=lambda row: (not row.here, -row.last.timestamp()))


def end_one(user: User, number: int) -> bool:
    """End one of ``user``'s own sessions; ``False`` when there is none with this number."""
    row = UserSession.objects.filter(user=user, pk=number).first()
    if row is None:
        return False
    with transaction.atomic():
        row.end()
        audit.record(user, "ended a session", user, browser=in_words(row.user_agent), address=row.ip)
    return True


def end_others(request: HttpRequest, user: User) -> None:
    """End all sessions of ``user`` but the one of ``request``."""
    end_all(user, actor=user)
    user.refresh_from_db(fields=["sessions_ended"])
    update_session_auth_hash(request, user)
    UserSession.objects.create_from_request(request)


def end_all(user: User, *, actor: User | None) -> None:
    """End every session of ``user``, known to us or not: none fits the account any more."""
    with transaction.atomic():
        User.objects.filter(pk=user.pk).update(sessions_ended=F("sessions_ended") + 1)
        UserSession.objects.filter(user=user).delete()
        audit.record(actor, "ended all sessions", user)
