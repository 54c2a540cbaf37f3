"""Guessed addresses, forged and spent tokens, foreign pages: refused alike, for the same work, with the text kept."""

import hashlib
import time
from statistics import median
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from articles.models import Status
from comments import tokens
from comments.models import Appeal, Comment, OwnLink, Report, SpentToken, State, Subscription
from comments.models.readers import secret
from tests.factories import make_article, make_comment
from tests.receipt_pages import OURS, make_follower, send, token, words

pytestmark = pytest.mark.once

FOREIGN = [
    {"Origin": "https://evil.example"},
    {"Origin": "http://testserver", "Sec-Fetch-Site": "cross-site"},
    {"Origin": "null"},
]

DOORS: dict[str, Any] = {
    "words": {"text": "My <b>words</b>", "action": "save", "seen": "x"},
    "withdrawal": {"sure": "yes"},
    "appeal": {"text": "My <b>words</b>"},
    "follow": {"follow": "thread"},
    "confirmation": {},
    "stop_all": {},
    "request_own": {"email": "ana@example.org"},
    "erase": {"sure": "yes"},
    "report": {"complaint": "abuse", "text": "My <b>words</b>"},
}
GUESSABLE = [name for name in DOORS if name not in {"request_own", "report"}]


@pytest.fixture
def world(db: None) -> dict[str, Any]:
    """A refused comment that is followed, with a link to all of it; one published comment to report."""
    comment = make_comment(make_article(), state=State.REJECTED, email="ana@example.org")
    row = make_follower(comment)
    raw = secret()
    OwnLink.objects.create(digest=hashlib.sha256(raw.encode()).hexdigest(), email=comment.email)
    shown = make_comment(comment.article)
    args: dict[str, Any] = {name: [comment.receipt] for name in ("words", "withdrawal", "appeal", "follow")}
    args |= {name: [row.secret] for name in ("confirmation", "stop_all")}
    return {**args, "erase": [raw], "report": [shown.pk], "request_own": [], "comment": comment}


def spent() -> str:
    raw = token()
    tokens.use(raw)
    return raw


def state_of_everything() -> tuple[Any, ...]:
    comments = list(Comment.objects.order_by("pk").values_list("text", "state", "appealed_at", "email"))
    return (comments, Appeal.objects.count(), Report.objects.count(), Subscription.objects.count())


def without_tokens(page: str) -> str:
    """The page but for what is made anew each time, and its own address."""
    return "\n".join(line for line in page.split("\n") if 'name="token"' not in line and "/comments/" not in line)


@pytest.mark.parametrize("name", DOORS)
def test_forged_and_spent_tokens_and_foreign_pages_are_refused_alike(
    client: Client, world: dict[str, Any], name: str
) -> None:
    before = state_of_everything()
    answers = [
        send(client, name, *world[name], token="forged", **DOORS[name]),
        send(client, name, *world[name], token="", **DOORS[name]),
        send(client, name, *world[name], token=spent(), **DOORS[name]),
        send(client, name, *world[name], token="x" * 100_000, **DOORS[name]),
        *(send(client, name, *world[name], headers=headers, **DOORS[name]) for headers in FOREIGN),
    ]
    if name in GUESSABLE:
        guessed = "A" * len(world[name][0])
        answers += [send(client, name, guessed, **DOORS[name]), send(client, name, guessed, token="x", **DOORS[name])]

    assert {answer.status_code for answer in answers} == {403}
    assert len({without_tokens(words(answer)) for answer in answers}) == 1
    if "text" in DOORS[name]:
        assert all("My &lt;b&gt;words&lt;/b&gt;</textarea>" in words(answer) for answer in answers)
    assert state_of_everything() == before


@pytest.mark.parametrize("name", DOORS)
def test_the_control_is_that_an_honest_form_is_let_in(client: Client, world: dict[str, Any], name: str) -> None:
    assert send(client, name, *world[name], **DOORS[name]).status_code in {200, 303, 409}


@pytest.mark.parametrize("name", DOORS)
def test_only_posts_are_taken_without_cookie_or_csrf_token(name: str, world: dict[str, Any]) -> None:
    strict = Client(enforce_csrf_checks=True)
    response = send(strict, name, *world[name], **DOORS[name])
    assert response.status_code in {200, 303, 409}
    assert not response.cookies


@pytest.mark.parametrize("name", GUESSABLE)
def test_every_refusal_runs_the_same_statements(client: Client, world: dict[str, Any], name: str) -> None:
    guessed = "A" * len(world[name][0])
    used = spent()

    def shapes(*args: str, **changes: Any) -> list[str]:
        with CaptureQueriesContext(
            connection,
        ) as captured:
            assert send(client, name, *args, **{**DOORS[name], **changes}).status_code == 403
        return [query["sql"].split("WHERE")[0] for query in captured]

    shapes("warm")
    found = [
        shapes(guessed),
        shapes(guessed, token=used),
        shapes(world[name][0], token="forged"),
        shapes(world[name][0], token=used),
        shapes(world[name][0], headers={"Origin": "https://evil.example"}),
    ]

    assert all(shape == found[0] for shape in found)
    assert len(found[0]) <= 6


def test_a_guessed_link_takes_no_other_time_than_a_spent_token(client: Client, world: dict[str, Any]) -> None:
    used, receipt = spent(), world["words"][0]
    guessed = "A" * len(receipt)
    typed = DOORS["words"]

    def seconds(*args: str, **changes: str) -> float:
        begin = time.perf_counter()
        send(client, "words", *args, **{**typed, **changes})
        return time.perf_counter() - begin

    pairs = [(seconds(guessed), seconds(receipt, token=used)) for _round in range(40)]
    first, second = (median(times) for times in zip(*pairs, strict=True))

    assert abs(first - second) < 0.5 * max(first, second)


def test_old_browsers_that_say_nothing_of_their_page_are_let_in_with_a_token_of_the_page(
    client: Client, world: dict[str, Any]
) -> None:
    assert send(client, "withdrawal", *world["withdrawal"], headers={}, sure="yes").status_code == 303


def test_a_token_of_the_scripts_is_not_enough_without_a_word_of_the_browser(
    client: Client, world: dict[str, Any]
) -> None:
    scripts = tokens.issue(tokens.Origin.SCRIPT)
    assert send(client, "withdrawal", *world["withdrawal"], headers={}, token=scripts, sure="yes").status_code == 403
    assert send(client, "withdrawal", *world["withdrawal"], headers=OURS, token=scripts, sure="yes").status_code == 303


@pytest.mark.parametrize("name", DOORS)
@pytest.mark.parametrize("value", ["\x00", "a\r\nBcc: x@example.org", "\u202e", "\ud800", "x" * 100_000, "9" * 400])
def test_no_field_breaks_on_bytes_nobody_types(client: Client, world: dict[str, Any], name: str, value: str) -> None:
    value = value.encode("utf-8", "replace").decode()
    for field in [*DOORS[name], "token", "seen", "action"]:
        response = send(client, name, *world[name], **{**DOORS[name], field: value})
        assert response.status_code in {200, 303, 403, 404, 409, 422}, field
        assert "\x00" not in words(response)


def test_more_than_fits_is_not_read(client: Client, world: dict[str, Any]) -> None:
    response = send(client, "words", *world["words"], text="x" * 300_000)

    assert response.status_code == 413
    assert not SpentToken.objects.exists()


@pytest.mark.parametrize(
    "address",
    [
        "/comments/receipt/nobody/",
        "/comments/mail/nobody/",
        "/comments/yours/nobody/",
        "/comments/yours/nobody/comments.json",
        "/comments/999999999999999999999999/report/",
        "/comments/receipt/%00/",
    ],
)
def test_guessed_pages_are_not_found(client: Client, db: None, address: str) -> None:
    assert client.get(address).status_code == 404


def test_pages_of_hidden_articles_name_no_headline(client: Client, world: dict[str, Any]) -> None:
    article = world["comment"].article
    article.status, article.headline = Status.DRAFT, "Embargoed words"
    article.save()
    row = Subscription.objects.get()
    for address in (
        reverse("comments:receipt", args=world["words"]),
        reverse("comments:subscription", args=[row.secret]),
        reverse("comments:stop", args=[row.secret]),
        reverse("comments:own", args=world["erase"]),
        reverse("comments:own_file", args=world["erase"]),
    ):
        response = client.get(address)
        assert response.status_code == 200
        assert "Embargoed" not in words(response)
        assert article.slug not in words(response)
    assert client.get(reverse("comments:report", args=world["report"])).status_code == 404
