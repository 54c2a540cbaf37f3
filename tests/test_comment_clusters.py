"""What waits for one reason is decided together: nearly the same text, one linked site, one writer, one burst."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from pytest_django import Settings

from articles.models import Article
from comments import moderation, submission
from comments.clusters import BURST, Likeness
from comments.models import Comment, State
from tests.conftest import Cast
from tests.factories import make_article
from tests.test_comment_repeats import PLUG, VARIANTS

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)


def send(article: Article, text: str, who: str, address: str = "") -> Comment:
    typed = {"text": text, "name": "Ana", "email": f"{who}@example.org"}
    return submission.submit(article, typed, address=address)


def clusters() -> list[tuple[int | None, str]]:
    return list(Comment.objects.order_by("pk").values_list("cluster", "likeness"))


@pytest.fixture
def article(db: None) -> Article:
    return make_article()


def test_a_comment_that_is_like_no_other_stands_alone(article: Article) -> None:
    send(article, PLUG, "ana", "203.0.113.1")
    send(article, "The brakes were never the problem.", "bo", "203.0.113.2")

    assert clusters() == [(None, ""), (None, "")]


def test_nearly_the_same_texts_stand_together_from_the_second_on(article: Article) -> None:
    first = send(article, PLUG, "ana")
    for number, text in enumerate(VARIANTS.values()):
        send(make_article(f"Elsewhere {number}"), text, f"bo{number}")

    assert set(clusters()) == {(first.pk, Likeness.TEXT)}


def test_comments_that_link_one_site_stand_together(article: Article) -> None:
    first = send(article, "Look here https://pills.example/a", "ana")
    send(article, "No, this is what you want to see: pills.example is not, https://shop.pills.example is", "bo")

    assert clusters() == [(first.pk, Likeness.DOMAIN)] * 2


def test_what_one_writer_sent_stands_together(article: Article) -> None:
    first = send(article, "The brakes were never the problem.", "ana")
    send(make_article("Elsewhere"), "Who pays for all this?", "ana")

    assert clusters() == [(first.pk, Likeness.WRITER)] * 2


def test_three_from_one_connection_within_minutes_are_a_burst_and_two_are_not(db: None) -> None:
    with time_machine.travel(NOON, tick=False) as clock:
        article = make_article()
        first = send(article, "One thought.", "ana", "203.0.113.1")
        send(article, "Another idea.", "bo", "203.0.113.1")
        assert clusters() == [(None, "")] * 2
        clock.shift(BURST - timedelta(seconds=1))
        send(article, "A third opinion.", "cy", "203.0.113.1")
        assert clusters() == [(first.pk, Likeness.BURST)] * 3
        clock.shift(BURST)
        send(article, "Something new.", "di", "203.0.113.1")

    assert clusters()[3] == (None, "")


def test_only_what_waits_is_put_together(article: Article, cast: Cast) -> None:
    decided = send(article, PLUG, "ana")
    moderation.decide([decided], State.APPROVED, actor=cast.moderator)
    second = send(article, PLUG, "bo")
    third = send(article, PLUG, "cy")

    assert clusters() == [(None, ""), (second.pk, Likeness.TEXT), (third.cluster, Likeness.TEXT)]
    assert third.cluster == second.pk


def test_the_stronger_likeness_takes_over(article: Article) -> None:
    first = send(article, "The brakes were never the problem.", "ana")
    second = send(article, PLUG, "ana")
    third = send(article, PLUG, "bo")

    assert clusters() == [
        (first.pk, Likeness.WRITER),
        (second.pk, Likeness.TEXT),
        (second.pk, Likeness.TEXT),
    ]
    assert third.pk > second.pk


@pytest.mark.once
def test_putting_together_costs_the_same_queries_whatever_the_size(article: Article, settings: Settings) -> None:
    settings.COMMENTS_RATE_ARTICLE = settings.COMMENTS_RATE_ADDRESS = 1000

    def queries(who: str) -> int:
        with CaptureQueriesContext(connection) as captured:
            send(article, PLUG, who, "203.0.113.1")
        return len(captured)

    send(article, PLUG, "one", "203.0.113.1")
    send(article, PLUG, "two", "203.0.113.1")
    few = queries("three")
    for number in range(60):
        send(article, PLUG, f"reader{number}", "203.0.113.1")

    assert queries("four") == few
