"""How tests use the private pages of readers: fields of their forms, posts from our own pages, mail that is due."""

import re
from datetime import timedelta
from typing import Any

import time_machine
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from comments import tokens
from comments.models import Comment, ConfirmedAddress, Subscription
from outbox import effects

OURS = {"Origin": "http://testserver", "Sec-Fetch-Site": "same-origin"}


def token() -> str:
    """A fresh one, as a page of ours would hold."""
    return tokens.issue(tokens.Origin.PREVIEW)


def page_of(client: Client, comment: Comment) -> str:
    """The receipt as its writer sees it."""
    return words(client.get(reverse("comments:receipt", args=[comment.receipt])))


def words(response: Any) -> str:
    """The answer as text."""
    return str(response.content.decode())


def hidden(page: str, name: str) -> str:
    """The value of a hidden field."""
    found = re.search(rf'type="hidden" name="{name}" value="([^"]*)"', page)
    assert found, f"no hidden field {name}"
    return found[1]


def send(client: Client, name: str, *args: Any, headers: Any = OURS, **typed: Any) -> Any:
    """Post a form with a fresh token, unless ``typed`` says otherwise."""
    return client.post(reverse(f"comments:{name}", args=args), {"token": token(), **typed}, headers=headers)


def deliver(after: timedelta = timedelta()) -> None:
    """Run what is due ``after`` some time from now, and what that makes due."""
    with time_machine.travel(timezone.now() + after, tick=False):
        for _round in range(5):
            effects.run_due()


def make_follower(comment: Comment, scope: Subscription.Scope = Subscription.Scope.MINE, email: str = "") -> Any:
    """A confirmed subscription to a comment, or to its article."""
    email = email or comment.email
    ConfirmedAddress.objects.get_or_create(email=email)
    if email == comment.email:
        comment.notify = True
        comment.save(update_fields=["notify"])
    now = timezone.now()
    mine = scope == Subscription.Scope.MINE
    return Subscription.objects.create(
        email=email,
        article=comment.article,
        comment=comment if mine else None,
        scope=scope,
        asked_from=comment if email == comment.email else None,
        confirmed_at=now,
        mailed_until=now,
    )
