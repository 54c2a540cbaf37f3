"""Leave a Reply in a browser without script, and the answers its script gets."""

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django import Settings

from articles.models import Article, Status
from comments import moderation
from comments.forms import TRAP
from comments.models import Comment, SpentToken, State
from comments.pipeline.findings import Code
from tests.conftest import Cast
from tests.factories import make_article, make_comment

OURS = {"Origin": "http://testserver", "Sec-Fetch-Site": "same-origin"}
SCRIPT = {**OURS, "Accept": "application/json"}


@pytest.fixture
def article(db: None) -> Article:
    return make_article()


@pytest.fixture
def post(client: Client, article: Article) -> Callable[..., Any]:
    """Send the form; keyword arguments change what is typed."""

    def send(headers: dict[str, str] = OURS, **changes: Any) -> Any:
        typed = {"text": "Well said.", "name": "Ana", "email": "ana@example.org", "website": "", "parent": ""}
        return client.post(address(article), {**typed, **changes}, headers=headers)

    return send


def address(article: Article) -> str:
    return reverse("comments:article", args=[article.pk])


def words(response: Any) -> str:
    return str(response.content.decode())


def hidden(response: Any, name: str) -> str:
    found = re.search(rf'type="hidden" name="{name}" value="([^"]*)"', words(response))
    assert found, f"no hidden field {name}"
    return found[1]


def fresh_token(client: Client) -> str:
    token: str = client.get(reverse("comments:token"), headers=OURS).json()["token"]
    return token


def test_the_first_post_shows_a_preview_and_stores_nothing(post: Callable[..., Any]) -> None:
    response = post(text="First line\nSecond <b>line</b>")

    assert response.status_code == 200
    assert "First line<br>Second &lt;b&gt;line&lt;/b&gt;" in words(response)
    assert "no-store" in response["Cache-Control"]
    assert not Comment.objects.exists()


def test_posting_the_preview_stores_it_and_leads_to_its_receipt(client: Client, post: Callable[..., Any]) -> None:
    preview = post(text="One\r\nTwo")

    response = post(text=hidden(preview, "text"), token=hidden(preview, "token"), action="post")

    comment = Comment.objects.get()
    assert (response.status_code, response["Location"]) == (303, f"/comments/receipt/{comment.receipt}/")
    assert (comment.text, comment.state) == ("One\nTwo", State.PENDING)
    assert "Awaiting moderation" in words(client.get(response["Location"]))


def test_editing_from_the_preview_keeps_every_word(post: Callable[..., Any]) -> None:
    preview = post(text='A "word" & more', website="https://ana.example")

    response = post(
        text='A "word" & more', website="https://ana.example", token=hidden(preview, "token"), action="edit"
    )

    assert response.status_code == 200
    assert "A &quot;word&quot; &amp; more</textarea>" in words(response)
    assert 'value="https://ana.example"' in words(response)
    assert not SpentToken.objects.exists()


def test_a_spent_token_is_refused_with_the_text_and_a_fresh_token(post: Callable[..., Any]) -> None:
    token = hidden(post(), "token")
    post(token=token)

    response = post(token=token, text="Said again")

    assert response.status_code == 409
    assert "already sent" in words(response)
    assert hidden(response, "text") == "Said again"
    assert hidden(response, "token") != token
    assert Comment.objects.count() == 1
    assert post(token=hidden(response, "token"), text="Said again").status_code == 303


def test_a_forged_token_is_answered_like_a_spent_one(post: Callable[..., Any]) -> None:
    response = post(token="p.forged:1abc:signature")

    assert response.status_code == 409
    assert hidden(response, "text") == "Well said."


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "https://evil.example"},
        {"Origin": "https://evil.example", "Sec-Fetch-Site": "cross-site"},
        {"Origin": "http://testserver", "Sec-Fetch-Site": "cross-site"},
        {"Origin": "https://evil.example", "Sec-Fetch-Site": "same-origin"},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
        {"Origin": "null"},
        {"Origin": "http://testserver.evil.example"},
        {"Origin": "http://[bad"},
        {"Origin": "\x00"},
    ],
)
def test_a_form_on_a_foreign_page_is_refused_in_words_with_the_text(
    client: Client, post: Callable[..., Any], headers: dict[str, str]
) -> None:
    response = post(headers, token=fresh_token(client))

    assert response.status_code == 403
    assert "another website" in words(response)
    assert "Well said.</textarea>" in words(response)
    assert not Comment.objects.exists()


@pytest.mark.parametrize(
    "headers", [OURS, {"Origin": "http://testserver"}, {"Origin": "null", "Sec-Fetch-Site": "same-origin"}]
)
def test_a_form_on_our_own_page_is_taken(client: Client, post: Callable[..., Any], headers: dict[str, str]) -> None:
    assert post(headers, token=fresh_token(client)).status_code == 303


def test_a_browser_that_does_not_say_where_from_gets_through_only_by_the_preview(
    client: Client, post: Callable[..., Any]
) -> None:
    preview = post({}, token=fresh_token(client))
    assert preview.status_code == 200
    assert not Comment.objects.exists()

    assert post({}, token=hidden(preview, "token")).status_code == 303
    assert [row["code"] for row in Comment.objects.get().findings] == [Code.UNKNOWN_ORIGIN]


def test_what_is_wrong_is_said_beside_its_field_and_the_text_kept(post: Callable[..., Any]) -> None:
    response = post(email="no address", text="Long thoughts")

    assert response.status_code == 422
    assert "This is not an email address" in words(response)
    assert 'aria-invalid="true"' in words(response)
    assert "Long thoughts</textarea>" in words(response)
    assert 'value="no address"' in words(response)


def test_a_megabyte_is_not_even_read(post: Callable[..., Any]) -> None:
    response = post(text="x" * 1_000_001)

    assert response.status_code == 413
    assert "too long" in words(response)


def test_sixty_four_kilobytes_come_back_whole(post: Callable[..., Any]) -> None:
    for size in (65_535, 65_536, 65_537):
        response = post(text="x" * size)
        assert response.status_code == 422
        assert "x" * size + "</textarea>" in words(response)


def test_the_trap_closes_quietly(client: Client, post: Callable[..., Any]) -> None:
    honest = post(token=fresh_token(client))
    trapped = post(token=fresh_token(client), text="Cheap", **{TRAP: "Cheap pills"})

    assert (trapped.status_code, honest.status_code) == (303, 303)
    assert Comment.objects.get(state=State.SPAM).why == Code.TRAP
    assert "Awaiting moderation" in words(client.get(trapped["Location"]))


def test_the_trap_holds_through_the_preview(post: Callable[..., Any]) -> None:
    preview = post(**{TRAP: "Cheap pills"})

    post(token=hidden(preview, "token"), **{TRAP: hidden(preview, TRAP)})

    assert Comment.objects.get().state == State.SPAM


def test_a_script_gets_the_receipt_as_json(client: Client, post: Callable[..., Any]) -> None:
    response = post(SCRIPT, token=fresh_token(client))

    assert response.status_code == 201
    assert response.json()["receipt"] == f"/comments/receipt/{Comment.objects.get().receipt}/"
    assert "awaiting moderation" in response.json()["message"]


def test_a_script_gets_each_refusal_as_json(client: Client, post: Callable[..., Any]) -> None:
    wrong = post(SCRIPT, token=fresh_token(client), email="x")
    spent = post(SCRIPT, token="forged")
    missing = post(SCRIPT)
    foreign = post({**SCRIPT, "Origin": "https://evil.example"})

    assert (wrong.status_code, list(wrong.json()["errors"])) == (422, ["email"])
    assert (spent.status_code, missing.status_code, foreign.status_code) == (409, 409, 403)
    assert post(SCRIPT, token=spent.json()["token"]).status_code == 201


def test_a_token_is_not_given_to_foreign_pages_and_never_stored(client: Client) -> None:
    response = client.get(reverse("comments:token"), headers={"Sec-Fetch-Site": "cross-site"})
    assert response.status_code == 403

    assert "no-store" in client.get(reverse("comments:token"))["Cache-Control"]
    assert fresh_token(client) != fresh_token(client)


def test_answering_without_script_shows_what_is_answered(client: Client, article: Article) -> None:
    comment = make_comment(article, "The original thought", name="Bo")

    response = client.get(address(article), {"reply_to": comment.pk})

    assert response.status_code == 200
    assert "Reply to Bo" in words(response)
    assert "The original thought" in words(response)
    assert hidden(response, "parent") == str(comment.pk)
    assert "no-store" in response["Cache-Control"]
    assert response["X-Robots-Tag"] == "noindex"


def test_when_the_answered_comment_has_gone_the_text_can_still_be_sent(
    post: Callable[..., Any], article: Article
) -> None:
    gone = make_comment(article, state=State.REJECTED)

    response = post(parent=str(gone.pk))

    assert response.status_code == 422
    assert "no longer here" in words(response)
    assert hidden(response, "parent") == ""
    assert "Well said.</textarea>" in words(response)


@pytest.mark.parametrize("raw", ["0", "-1", "x", "9" * 30, "%00", "1;2", "٣"])
def test_answering_what_does_not_exist_is_not_found(client: Client, article: Article, raw: str) -> None:
    assert client.get(f"{address(article)}?reply_to={raw}").status_code == 404


@pytest.mark.parametrize("number", ["0", "999999", "9" * 18, "9" * 30, "9" * 5000, "-1", "x"])
def test_an_article_number_out_of_range_is_not_found(client: Client, db: None, number: str) -> None:
    assert client.get(f"/comments/{number}/").status_code == 404
    assert client.post(f"/comments/{number}/", {"text": "x"}, headers=OURS).status_code in {404, 405}


def test_a_drafts_comments_answer_exactly_as_an_unknown_articles(client: Client, article: Article) -> None:
    draft = make_article("Secret", status=Status.DRAFT)

    hidden_one = client.get(address(draft))
    unknown = client.get("/comments/987654/")

    assert (hidden_one.status_code, unknown.status_code) == (404, 404)
    assert hidden_one.content == unknown.content
    assert client.get(address(article)).status_code == 200


def test_a_closed_article_refuses_in_words_with_the_text(
    post: Callable[..., Any], article: Article, settings: Settings
) -> None:
    settings.COMMENTS_CLOSE_AFTER_DAYS = 1
    article.publish_at = timezone.now() - timedelta(days=2)
    article.save()

    response = post()

    assert response.status_code == 403
    assert "closed" in words(response)
    assert "Well said.</textarea>" in words(response)


@pytest.mark.parametrize("method", ["put", "patch", "delete"])
def test_other_methods_are_refused(client: Client, article: Article, method: str) -> None:
    assert getattr(client, method)(address(article)).status_code == 405
    assert client.post(reverse("comments:token")).status_code == 405


@pytest.mark.parametrize(
    ("body", "content_type"),
    [
        (b"\xff\xfe\x00text=x", "application/x-www-form-urlencoded"),
        (b"text=x", "application/x-www-form-urlencoded; charset=nonsense"),
        (b"text=x", "application/x-www-form-urlencoded; charset=utf-7"),
        (b"no boundary", "multipart/form-data"),
        (b"--b\r\nbroken", "multipart/form-data; boundary=b"),
        (b"{}", "application/json"),
        (b"&".join(b"a%d=1" % number for number in range(2000)), "application/x-www-form-urlencoded"),
        (b"text=%ED%A0%80&name=%00", "application/x-www-form-urlencoded"),
    ],
)
def test_a_malformed_body_is_never_our_fault(client: Client, article: Article, body: bytes, content_type: str) -> None:
    response = client.generic("POST", address(article), body, content_type, headers=OURS)

    assert 400 <= response.status_code < 500


def test_no_page_of_comments_sets_a_cookie_or_looks_at_one(
    client: Client, post: Callable[..., Any], article: Article
) -> None:
    comment = make_comment(article)
    pages = [
        client.get(address(article)),
        client.get(reverse("comments:token")),
        client.get(reverse("comments:receipt", args=[comment.receipt])),
        post(),
        post(token=fresh_token(client)),
        post(text=""),
    ]

    assert [page.cookies for page in pages if page.cookies] == []
    assert [page for page in pages if "Cookie" in page.headers.get("Vary", "")] == []


@pytest.mark.parametrize(
    ("state", "said"),
    [
        (State.PENDING, "Awaiting moderation"),
        (State.APPROVED, "See it under the article"),
        (State.REJECTED, "Not published"),
        (State.SPAM, "Not published"),
    ],
)
def test_the_receipt_says_how_the_comment_stands(
    client: Client, cast: Cast, article: Article, state: State, said: str
) -> None:
    comment = make_comment(article, state=State.PENDING if state != State.PENDING else State.APPROVED)
    moderation.decide([comment], state, actor=cast.moderator, reason="Off <the> subject")

    response = client.get(reverse("comments:receipt", args=[comment.receipt]))

    assert said in words(response)
    assert ("Off &lt;the&gt; subject" in words(response)) is (said == "Not published")
    assert comment.email not in words(response)
    assert response["Referrer-Policy"] == "no-referrer"
    assert response["X-Robots-Tag"] == "noindex"
    assert "no-store" in response["Cache-Control"]


def test_the_receipt_of_a_hidden_article_does_not_name_it(client: Client, db: None) -> None:
    article = make_article("Secret headline", status=Status.ARCHIVED)
    comment = make_comment(article)

    response = client.get(reverse("comments:receipt", args=[comment.receipt]))

    assert response.status_code == 200
    assert "Secret headline" not in words(response)


@pytest.mark.parametrize("guess", ["AAAAAAAAAAAAAAAAAAAAAA", "x", "x" * 3000])
def test_a_guessed_receipt_is_not_found(client: Client, db: None, guess: str) -> None:
    assert client.get(f"/comments/receipt/{guess}/").status_code == 404
