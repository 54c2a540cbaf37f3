"""Comments sent through the API go the way of the form: the same limits, tokens, refusals and receipts."""

import json
from typing import Any

import pytest
from django.test import Client

from articles.models import Article, Status
from comments import openness
from comments.models import Comment, State
from tests.factories import make_article, make_comment, make_source

pytestmark = pytest.mark.django_db

API = "/api/v1/"
FOREIGN = {"Origin": "https://evil.example"}


@pytest.fixture
def article() -> Article:
    return make_article()


def token(client: Client) -> str:
    """A fresh one."""
    return str(client.get(f"{API}comments/token/").json()["token"])


def send(client: Client, article: Article, headers: dict[str, str] | None = None, **changes: Any) -> Any:
    """A comment with a fresh token, unless ``changes`` say otherwise."""
    typed = {"text": "Well said.", "name": "Ana", "email": "ana@example.org", **changes}
    typed.setdefault("token", token(client))
    address = f"{API}articles/{article.pk}/comments/"
    return client.post(address, json.dumps(typed), content_type="application/json", headers=headers or {})


def test_a_comment_waits_for_a_moderator_and_has_a_receipt(client: Client, article: Article) -> None:
    response = send(client, article)
    assert response.status_code == 201, response.content
    comment = Comment.objects.get()
    told = response.json()
    assert told["receipt"] == response["Location"] == f"http://127.0.0.1:8000/comments/receipt/{comment.receipt}/"
    assert (comment.state, told["published"]) == (State.PENDING, False)
    assert [finding["code"] for finding in comment.findings][:1], "a program's comment is looked at"
    assert "no-store" in response["Cache-Control"]
    assert client.get(f"/comments/receipt/{comment.receipt}/").status_code == 200


def test_a_token_is_good_for_one_comment(client: Client, article: Article) -> None:
    spent = token(client)
    assert send(client, article, token=spent).status_code == 201
    again = send(client, article, token=spent, text="Another.")
    assert again.status_code == 409
    assert send(client, article, token=again.json()["token"], text="Another.").status_code == 201
    for forged in ("", "nonsense", "x" * 200):
        assert send(client, article, token=forged, text="A third.").status_code == 409
    assert Comment.objects.count() == 2


@pytest.mark.parametrize(
    ("changes", "where"),
    [
        ({"text": ""}, "body.text"),
        ({"text": "x" * 8001}, "body.text"),
        ({"text": "a\0b"}, "body.text"),
        ({"text": "a\ud800b"}, "body.text"),
        ({"name": "x" * 81}, "body.name"),
        ({"email": "nobody"}, "body.email"),
        ({"website": "javascript:alert(1)"}, "body.website"),
        ({"parent": 999999}, "body"),
        ({"parent": -1}, "body.parent"),
        ({"follow": "everything"}, "body.follow"),
        ({"subject": "trap"}, "body.subject"),
        ({"state": "approved"}, "body.state"),
        ({"name": None}, "body.name"),
    ],
)
def test_what_does_not_fit_is_refused_by_field(
    client: Client, article: Article, changes: dict[str, Any], where: str
) -> None:
    response = send(client, article, **changes)
    assert response.status_code == 422, response.content
    assert where in [fault["where"] for fault in response.json()["errors"]]
    assert not Comment.objects.exists()


def test_an_answer_hangs_under_what_it_answers(client: Client, article: Article) -> None:
    first = make_comment(article)
    assert send(client, article, parent=first.pk).status_code == 201
    assert Comment.objects.latest("id").parent == first
    hidden = make_comment(article, state=State.PENDING)
    assert send(client, article, parent=hidden.pk, text="Another").status_code == 422


def test_too_many_are_told_when_there_is_room_again(client: Client, article: Article, settings: Any) -> None:
    settings.COMMENTS_RATE_ADDRESS = 2
    assert [send(client, article, text=f"Comment {number}").status_code for number in range(2)] == [201, 201]
    refused = send(client, article, text="One more")
    assert refused.status_code == 429
    assert int(refused["Retry-After"]) > 0


def test_closed_and_hidden_articles_take_none(client: Client, article: Article) -> None:
    openness.set_openness(article, closed=True, premoderated=False, actor=None)
    assert send(client, article).status_code == 403
    draft = make_article("Draft", status=Status.DRAFT, first_published_at=None)
    assert send(client, draft).status_code == 404
    silent = make_article("Theirs", source=make_source(feeds="none"))
    assert send(client, silent).status_code == 404, "the API does not know it"
    assert not Comment.objects.exists()


def test_another_sites_page_sends_none_unless_the_operator_named_it(
    client: Client, article: Article, settings: Any
) -> None:
    settings.API_CORS_ORIGINS = ["*"]
    assert client.get(f"{API}comments/token/", headers=FOREIGN).status_code == 403
    assert send(client, article, FOREIGN).status_code == 403
    assert not Comment.objects.exists()
    settings.API_CORS_ORIGINS = [FOREIGN["Origin"]]
    response = send(client, article, FOREIGN)
    assert (response.status_code, response["Access-Control-Allow-Origin"]) == (201, FOREIGN["Origin"])


def test_the_same_words_twice_are_one_comment(client: Client, article: Article) -> None:
    assert send(client, article).status_code == 201
    assert send(client, article).status_code == 409
    assert Comment.objects.count() == 1


def test_no_csrf_token_and_no_cookie_is_asked_for(article: Article) -> None:
    assert send(Client(enforce_csrf_checks=True), article).status_code == 201
