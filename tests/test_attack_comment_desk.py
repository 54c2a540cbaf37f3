"""Somebody attacks the moderators' desk: hidden headlines, stale rows, floods, and two who act at once."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from articles import publishing
from articles.models import Article
from comments import moderation, writers
from comments.models import Comment, ModerationEntry, SecondLook, State
from people.models import User
from tests.conftest import Cast
from tests.factories import make_article, make_comment

ROOT = "/admin/comments/"
SECRET = "Harbourgate"


@pytest.fixture
def article(db: None) -> Article:
    return make_article()


def as_user(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def page(client: Client, address: str, **query: Any) -> str:
    response = client.get(f"{ROOT}{address}", query)
    assert response.status_code == 200
    return str(response.content.decode())


# Headlines of what readers cannot see


@pytest.fixture
def under(cast: Cast, settings: Any, db: None) -> dict[str, Comment]:
    """A comment under a story that readers see, and one under a story that was taken down."""
    settings.COMMENTS_SECOND_LOOK_SHARE = 100
    found = {}
    for name, story in (("seen", make_article("The tram is late")), ("hidden", make_article(SECRET))):
        comment = make_comment(story, f"Casinos, {name}", email=f"{name}@example.org", state=State.PENDING)
        [entry] = moderation.decide([comment], State.APPROVED, actor=cast.moderator)
        [his] = moderation.decide([make_comment(story, state=State.PENDING)], State.APPROVED, actor=cast.chief)
        SecondLook.objects.create(comment=comment, entry=entry, by=cast.chief, verdict=State.SPAM)
        ModerationEntry.objects.filter(pk=his.pk).update(at=timezone.now() - timedelta(days=1))
        found[name] = comment
    publishing.take_down(found["hidden"].article, actor=None)
    return found


def where_comments_are_shown(comment: Comment) -> list[str]:
    return [
        "comment/?state=approved",
        f"comment/{comment.pk}/change/",
        f"writernote/{comment.pk}/",
        "moderationentry/",
        "secondlook/agreement/",
        "rule/add/?kind=word&pattern=casino*&action=hold",
    ]


@pytest.mark.parametrize("place", range(6))
def test_no_screen_names_a_story_that_readers_cannot_see(under: dict[str, Comment], cast: Cast, place: int) -> None:
    moderator, chief = as_user(cast.moderator), as_user(cast.chief)
    hidden = where_comments_are_shown(under["hidden"])[place]

    assert SECRET not in page(moderator, hidden)
    assert "A story that readers cannot see now" in page(moderator, hidden)
    assert "The tram is late" in page(moderator, where_comments_are_shown(under["seen"])[place])
    if place != 3:  # the list of one's own decisions
        assert SECRET in page(chief, hidden)


def test_the_second_look_names_no_story_that_readers_cannot_see(under: dict[str, Comment], cast: Cast) -> None:
    ModerationEntry.objects.exclude(comment__article=under["hidden"].article).delete()

    shown = page(as_user(cast.moderator), "secondlook/")

    assert "data-look" in shown
    assert "A story that readers cannot see now" in shown
    assert SECRET not in shown
