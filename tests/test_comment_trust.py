"""A reader whom a person approved, whose address is confirmed and whose browser proves it, appears at once."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django import Settings

from articles.models import Article
from comments import browser_keys, moderation, submission, tokens
from comments.forms import TRAP
from comments.models import ArticleComments, Comment, ConfirmedAddress, State
from comments.pipeline.findings import Code
from pagecache.models import Key
from tests.conftest import Cast
from tests.factories import make_article, make_comment

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
ANA = "ana@example.org"


def approve(article: Article, cast: Cast, email: str = ANA, **fields: Any) -> Comment:
    comment = make_comment(article, state=State.PENDING, email=email, **fields)
    moderation.decide([comment], State.APPROVED, actor=cast.moderator)
    return comment


@pytest.fixture
def article(db: None) -> Article:
    return make_article()


@pytest.fixture
def key(article: Article, cast: Cast) -> str:
    """The key of a reader with everything that trust needs."""
    approve(article, cast)
    ConfirmedAddress.objects.create(email=ANA)
    return browser_keys.issue(ANA)


def send(article: Article, key: str, text: str = "I was there, too.", email: str = ANA, **changes: str) -> Comment:
    typed = {"text": text, "name": "Ana", "email": email, "browser_key": key, **changes}
    return submission.submit(article, typed)


def codes_of(comment: Comment) -> list[str]:
    return [row["code"] for row in comment.findings]


def test_a_trusted_readers_comment_appears_at_once_and_the_reason_is_written_down(article: Article, key: str) -> None:
    before = Key.objects.get(name=f"comments:{article.pk}").version

    comment = send(article, key)

    assert (comment.state, comment.why) == (State.APPROVED, Code.TRUSTED)
    entry = comment.decisions.get()
    assert (entry.by, entry.before, entry.after) == (None, State.PENDING, State.APPROVED)
    assert "approved 1 comments" in entry.reason
    assert Key.objects.get(name=f"comments:{article.pk}").version == before + 1


@pytest.mark.parametrize("shown", ["", "forged", "x" * 5000, "\x00", browser_keys.MAX_LENGTH * "é"])
def test_who_merely_types_a_trusted_readers_address_waits_and_the_desk_is_told(
    article: Article, key: str, shown: str
) -> None:
    comment = send(article, shown)

    assert (comment.state, codes_of(comment)) == (State.PENDING, [Code.UNPROVEN])


def test_a_key_proves_only_the_address_it_was_made_for(article: Article, key: str) -> None:
    assert send(article, browser_keys.issue("bo@example.org")).state == State.PENDING
    assert send(article, key, "Other words.", email="bo@example.org").state == State.PENDING


def test_a_key_names_nobody_and_ends_after_a_year(db: None) -> None:
    with time_machine.travel(NOON, tick=False) as clock:
        key = browser_keys.issue(ANA)
        assert "ana" not in key
        assert browser_keys.proves("Ana@example.org", key)
        clock.shift(browser_keys.LASTS + timedelta(seconds=1))
        assert not browser_keys.proves(ANA, key)


def test_an_address_that_is_not_confirmed_is_not_trusted(article: Article, key: str) -> None:
    ConfirmedAddress.objects.all().delete()

    assert send(article, key).state == State.PENDING


def test_what_the_system_approved_makes_nobody_trusted(article: Article) -> None:
    comment = make_comment(article, state=State.PENDING, email=ANA)
    moderation.decide([comment], State.APPROVED, actor=None)
    ConfirmedAddress.objects.create(email=ANA)

    assert send(article, browser_keys.issue(ANA)).state == State.PENDING


@pytest.mark.parametrize("state", [State.REJECTED, State.SPAM])
def test_a_refusal_costs_the_trust_for_half_a_year(article: Article, key: str, cast: Cast, state: State) -> None:
    bad = make_comment(article, state=State.PENDING, email=ANA)
    moderation.decide([bad], state, actor=cast.moderator)

    assert send(article, key).state == State.PENDING

    Comment.objects.get(pk=bad.pk)
    bad.refresh_from_db()
    bad.created_at = timezone.now() - timedelta(days=181)
    bad.save()
    assert send(article, key, "Some other words.").state == State.APPROVED


@pytest.mark.parametrize(("needed", "state"), [(0, State.PENDING), (1, State.APPROVED), (2, State.PENDING)])
def test_the_newsroom_says_after_how_many(
    article: Article, key: str, settings: Settings, needed: int, state: State
) -> None:
    settings.COMMENTS_TRUST_AFTER = needed

    assert send(article, key).state == state


def test_trust_covers_nothing_that_something_else_holds(article: Article, key: str) -> None:
    assert send(article, key, **{TRAP: "x"}).state == State.SPAM


@pytest.mark.parametrize("special", [{"premoderated": True}, {"hold_until": timezone.now() + timedelta(hours=2)}])
def test_under_an_article_that_is_held_everybody_waits(article: Article, key: str, special: dict[str, Any]) -> None:
    ArticleComments.objects.create(article=article, **special)

    comment = send(Article.objects.get(pk=article.pk), key)

    assert (comment.state, comment.why) == (State.PENDING, Code.HELD_STORY)


def test_a_hold_ends_by_itself(article: Article, key: str) -> None:
    ArticleComments.objects.create(article=article, hold_until=timezone.now() - timedelta(seconds=1))

    assert send(Article.objects.get(pk=article.pk), key).state == State.APPROVED


def test_under_a_sensitive_article_everybody_waits(key: str) -> None:
    assert send(make_article("A funeral", sensitive=True), key).state == State.PENDING


def post(client: Client, article: Article, key: str, kind: str) -> Any:
    typed = {"text": "I was there.", "name": "Ana", "email": ANA, "browser_key": key}
    token = tokens.issue(tokens.Origin.PREVIEW)
    address = reverse("comments:article", args=[article.pk])
    return client.post(address, {**typed, "token": token}, headers={"Origin": "http://testserver", "Accept": kind})


def test_what_the_reader_is_told_is_true(client: Client, article: Article, key: str) -> None:
    answer = post(client, article, key, "application/json").json()
    assert "stands under the article" in answer["message"]
    assert answer["published"] is True

    waiting = post(client, article, "", "application/json")
    assert waiting.status_code == 409, "the same words again"


def test_the_preview_carries_the_key(client: Client, article: Article, key: str) -> None:
    typed = {"text": "I was there.", "name": "Ana", "email": ANA, "browser_key": key}
    address = reverse("comments:article", args=[article.pk])

    page = client.post(address, typed, headers={"Origin": "http://testserver"}).content.decode()

    assert f'name="browser_key" value="{key}"' in page


@pytest.mark.parametrize(("after", "exception"), [(0, False), (1, True)])
def test_the_promise_on_the_form_and_preview_is_true_with_and_without_trust(
    client: Client, article: Article, settings: Settings, after: int, exception: bool
) -> None:
    settings.COMMENTS_TRUST_AFTER = after
    address = reverse("comments:article", args=[article.pk])
    typed = {"text": "I was there.", "name": "Ana", "email": ANA}

    pages = [
        client.get(address).content.decode(),
        client.post(address, typed, headers={"Origin": "http://testserver"}).content.decode(),
    ]

    for page in pages:
        assert ("except those of readers we have come to trust" in page) is exception
        assert ("Every comment is read by a moderator before it appears." in page) is not exception
