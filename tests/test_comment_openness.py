"""How comments on one article are taken: closed, every one waits, or all held for some hours; and readers are told."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.core.exceptions import PermissionDenied, ValidationError
from django.test import Client

from articles.models import Article
from comments import openness, refusals, submission
from comments.models import ArticleComments
from outbox.models import AuditEntry
from pagecache.models import Key
from pagecache.reading import recording
from tests.conftest import PASSWORD, Cast
from tests.factories import make_article
from tests.test_comment_submit import typed
from tests.test_comment_threads import section

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)


@pytest.fixture
def article(db: None) -> Article:
    return make_article("The ferry is late", publish_at=NOON - timedelta(days=1))


def screen(article: Article) -> str:
    return f"/admin/comments/articlecomments/{article.pk}/"


def sign_in(client: Client, email: str) -> None:
    assert client.login(username=email, password=PASSWORD)


def fresh(article: Article) -> Article:
    return Article.objects.get(pk=article.pk)


def test_closing_takes_effect_for_readers_at_once(article: Article, cast: Cast) -> None:
    openness.set_openness(article, closed=True, premoderated=False, actor=cast.moderator)

    assert Key.objects.get(name=f"comments:{article.pk}").version == 1
    assert "Comments on this article are closed." in section(fresh(article))
    with pytest.raises(refusals.ClosedError):
        submission.submit(fresh(article), typed())
    [entry] = AuditEntry.objects.filter(verb="set how comments are taken")
    assert (entry.actor, entry.details["after"]) == (cast.moderator, {"closed": True})


def test_saying_the_same_again_changes_nothing(article: Article, cast: Cast) -> None:
    for _time in range(2):
        openness.set_openness(article, closed=True, premoderated=True, actor=cast.moderator)

    assert Key.objects.get(name=f"comments:{article.pk}").version == 1
    assert AuditEntry.objects.filter(verb="set how comments are taken").count() == 1


def test_a_hold_tells_readers_until_when_and_ends_by_itself(article: Article, cast: Cast) -> None:
    with time_machine.travel(NOON, tick=False):
        openness.hold(article, 2, actor=cast.moderator)
        with recording() as record:
            page = section(fresh(article))
        assert "Until 2 Mar 2026, 14:00 every comment here is held" in page
        assert record.boundary == NOON + timedelta(hours=2)
        assert openness.openness_of(fresh(article)).waits

    with time_machine.travel(NOON + timedelta(hours=2), tick=False):
        assert "is held" not in section(fresh(article))
        assert not openness.openness_of(fresh(article)).waits


def test_a_hold_can_be_ended_and_begun_anew(article: Article, cast: Cast) -> None:
    openness.hold(article, 24, actor=cast.moderator)
    openness.release(article, actor=cast.moderator)
    assert openness.openness_of(fresh(article)).held_until is None
    openness.hold(article, 1, actor=cast.moderator)
    assert openness.openness_of(fresh(article)).held_until is not None


def test_an_article_where_every_comment_waits_says_so(article: Article, cast: Cast) -> None:
    openness.set_openness(article, closed=False, premoderated=True, actor=cast.chief)

    assert "Here every comment waits until a moderator has read it" in section(fresh(article))


@pytest.mark.parametrize("hours", [0, -1, 3, 10**6])
def test_only_the_offered_hours_are_taken(article: Article, cast: Cast, hours: int) -> None:
    with pytest.raises(ValidationError):
        openness.hold(article, hours, actor=cast.moderator)
    assert not ArticleComments.objects.exists()


@pytest.mark.parametrize(
    ("who", "may"),
    [("contributor", False), ("editor", True), ("moderator", True), ("chief", True), ("administrator", True)],
)
def test_moderators_and_those_who_may_publish_set_it(article: Article, cast: Cast, who: str, *, may: bool) -> None:
    actor, client = getattr(cast, who), Client()
    sign_in(client, actor.email)

    page = client.get(screen(article))
    sent = client.post(screen(article), {"do": "save", "closed": "on"})
    try:
        openness.hold(article, 1, actor=actor)
        verb = True
    except PermissionDenied:
        verb = False

    assert (page.status_code, sent.status_code, verb) == ((200, 302, True) if may else (403, 403, False))
    assert ArticleComments.objects.filter(closed=True).exists() is may


def test_a_stranger_is_sent_to_the_door_and_a_draft_of_others_is_unknown(client: Client, cast: Cast) -> None:
    draft = make_article("Secret", status="draft", created_by=cast.editor, publish_at=None)
    assert client.get(screen(draft)).status_code == 302
    sign_in(client, cast.moderator.email)
    for address in (screen(draft), f"/admin/comments/articlecomments/{2**64}/"):
        answer = client.get(address)
        assert answer.status_code == 404
        assert b"Secret" not in answer.content


@pytest.mark.parametrize("data", [{}, {"do": "nonsense"}, {"do": "hold"}, {"do": "hold", "hours": "\x00"}])
def test_nonsense_is_answered_in_words_and_writes_nothing(
    client: Client, article: Article, cast: Cast, data: dict[str, str]
) -> None:
    sign_in(client, cast.moderator.email)

    answer = client.post(screen(article), data)

    assert answer.status_code == 422
    assert b"Choose" in answer.content
    assert not ArticleComments.objects.exists()


def test_the_screen_holds_releases_and_saves(client: Client, article: Article, cast: Cast) -> None:
    sign_in(client, cast.moderator.email)
    said = [
        client.post(screen(article), data, follow=True).content.decode()
        for data in ({"do": "hold", "hours": "2"}, {"do": "release"}, {"do": "save", "premoderated": "on"})
    ]

    assert "is held now" in said[0]
    assert "End it now" in said[0]
    assert "no longer held" in said[1]
    assert "every comment waits for a moderator" in said[2]


def test_the_articles_form_tells_and_leads_there(client: Client, article: Article, cast: Cast) -> None:
    sign_in(client, cast.editor.email)
    page = client.get(f"/admin/articles/article/{article.pk}/change/").content.decode()
    assert screen(article) in page
    assert "0 published, 0 waiting." in page

    client.logout()
    sign_in(client, cast.contributor.email)
    assert screen(article) not in client.get(f"/admin/articles/article/{article.pk}/change/").content.decode()
