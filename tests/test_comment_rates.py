"""How many comments one source may send: counted in the database, told with the moment when there is room again."""

import threading
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.db import connection, transaction
from django.db.models import F
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from pytest_django import Settings

from articles.models import Article
from comments import submission, tokens
from comments.models import Arrivals, Comment
from comments.pipeline import rates
from comments.pipeline.draft import Draft
from comments.refusals import RefusedError, TokenError, TooManyError
from tests.concurrency import at_once
from tests.factories import make_article

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)


def send(article: Article, number: int, *, email: str = "", address: str = "", token: str | None = None) -> Comment:
    """A comment unlike every other."""
    typed = {"text": f"Comment {number}", "name": "Ana", "email": email or f"reader{number}@example.org"}
    return submission.submit(article, typed, address=address, token=token)


@pytest.fixture
def article(db: None) -> Article:
    with time_machine.travel(NOON, tick=False):
        return make_article()


def test_one_connection_may_send_ten_comments_in_ten_minutes(article: Article, settings: Settings) -> None:
    with time_machine.travel(NOON, tick=False) as clock:
        for number in range(settings.COMMENTS_RATE_ADDRESS):
            send(article, number, address="2001:db8::1")

        with pytest.raises(TooManyError, match=r"your connection just now.*10 minutes"):
            send(article, 11, address="2001:db8::ffff")
        assert send(article, 12, address="2001:db8:0:1::1"), "another block is not concerned"

        clock.shift(rates.WINDOW)
        assert send(article, 13, address="2001:db8::1")


def test_one_email_address_may_send_ten_from_wherever(article: Article, settings: Settings) -> None:
    for number in range(settings.COMMENTS_RATE_EMAIL):
        send(article, number, email="ana@example.org", address=f"203.0.113.{number}")

    with pytest.raises(TooManyError, match="this email address"):
        send(article, 11, email="Ana@example.org", address="203.0.113.99")


def test_one_article_takes_so_many_from_everybody_together(article: Article, settings: Settings) -> None:
    settings.COMMENTS_RATE_ARTICLE = 3
    for number in range(3):
        send(article, number, address=f"203.0.113.{number}")

    with pytest.raises(TooManyError, match="under this article"):
        send(article, 4, address="203.0.113.99")
    assert send(make_article("Elsewhere"), 5, address="203.0.113.99")


@pytest.mark.parametrize("early", [timedelta(seconds=1), timedelta(minutes=5)])
def test_the_moment_that_is_named_holds_however_often_one_tries_before(article: Article, early: timedelta) -> None:
    with time_machine.travel(NOON + timedelta(seconds=40), tick=False) as clock:
        for number in range(6):
            send(article, number, address="203.0.113.1")
        clock.shift(timedelta(minutes=4))
        for number in range(6, 10):
            send(article, number, address="203.0.113.1")
        clock.shift(timedelta(seconds=3))
        with pytest.raises(TooManyError) as first:
            send(article, 10, address="203.0.113.1")
        wait = timedelta(seconds=first.value.retry_after or 0)

        clock.shift(wait - early)
        with pytest.raises(TooManyError):
            send(article, 10, address="203.0.113.1")
        clock.shift(early)
        for number in range(10, 16):
            assert send(article, number, address="203.0.113.1")
        with pytest.raises(TooManyError):
            send(article, 16, address="203.0.113.1")


def test_what_a_rate_refuses_is_not_counted_and_what_a_later_step_refuses_is(article: Article) -> None:
    with pytest.raises(TokenError):
        send(article, 1, token="forged")

    assert sorted(Arrivals.objects.filter(number__gt=0).values_list("number", flat=True)) == [1, 1]
    assert not Comment.objects.exists()


def test_a_form_with_mistakes_is_not_counted(article: Article) -> None:
    with pytest.raises(RefusedError):
        submission.submit(article, {"text": "", "name": "Ana", "email": "ana@example.org"}, address="203.0.113.1")

    assert not Arrivals.objects.exists()


def test_no_count_tells_whom_it_counts(article: Article) -> None:
    send(article, 1, email="ana@example.org", address="203.0.113.1")

    kept = " ".join(Arrivals.objects.values_list("source", flat=True))
    assert "ana" not in kept
    assert "203.0.113.1" not in kept


@pytest.mark.parametrize("path", ["text/html", "application/json"])
def test_one_too_many_is_answered_politely_with_the_text(client: Client, article: Article, path: str) -> None:
    typed = {"text": "Well said.", "name": "Ana", "email": "ana@example.org"}
    headers = {"Origin": "http://testserver", "Accept": path}
    with time_machine.travel(NOON + timedelta(seconds=1), tick=False):
        for number in range(10):
            send(article, number, address="127.0.0.1")

        address = reverse("comments:article", args=[article.pk])
        token = tokens.issue(tokens.Origin.SCRIPT)
        previewed = client.post(address, typed, headers=headers)
        response = client.post(address, {**typed, "token": token}, headers=headers)

    assert previewed.status_code in {409, 429}
    assert (response.status_code, response["Retry-After"]) == (429, "599")
    assert "please send it in 10 minutes" in response.content.decode()
    assert path == "application/json" or "Well said.</textarea>" in response.content.decode()


def test_counting_takes_three_statements_however_much_was_counted(article: Article) -> None:
    def statements(number: int) -> int:
        sources = rates.sources_of(draft(article, number))
        with CaptureQueriesContext(connection) as queries:
            rates.take(sources)
        return sum("SAVEPOINT" not in query["sql"] for query in queries)

    with time_machine.travel(NOON, tick=False) as clock:
        few = statements(1)
        for number in range(8):
            clock.shift(timedelta(minutes=1))
            send(article, number, address="203.0.113.1")
        assert statements(99) == few == 3


def draft(article: Article, number: int) -> Draft:
    data = {"text": f"Comment {number}", "name": "Ana", "email": "ana@example.org"}
    return submission.check(article, data, address="203.0.113.1")


everybody_looked = threading.Barrier(24, timeout=30)


def slipping(found: list[rates.Source]) -> None:
    """The control: a count without locks, where everybody looks before anybody is counted."""
    rates.look(found)
    everybody_looked.wait()
    now = timezone.now().replace(second=0, microsecond=0)
    with transaction.atomic():
        for source in sorted(found, key=lambda source: source.key):
            row, _is_new = Arrivals.objects.get_or_create(source=source.key, since=now)
            Arrivals.objects.filter(pk=row.pk).update(number=F("number") + 1)


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("take", [rates.take, slipping])
def test_parallel_posts_cannot_slip_past_a_limit(
    monkeypatch: pytest.MonkeyPatch, take: Callable[[list[rates.Source]], None]
) -> None:
    article = make_article()
    monkeypatch.setattr(rates, "take", take)

    errors = at_once([lambda n=n: send(article, n, address="203.0.113.1") for n in range(24)])  # type: ignore[misc]

    assert {type(error) for error in errors} <= {TooManyError}
    assert Comment.objects.count() == 24 - len(errors)
    assert Comment.objects.count() == (24 if take is slipping else 10)
