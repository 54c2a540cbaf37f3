"""Figures: whole days counted, late ones made good, and a promise made of the real median."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from articles.models import Article
from comments import desk_jobs, figures
from comments.desk.counts import Counted
from comments.models import DeskDay, DeskPromise, ModerationEntry, State
from outbox.periodic import jobs
from pagecache.models import Key
from pagecache.reading import recording
from tests.concurrency import at_once
from tests.conftest import Cast
from tests.factories import make_article, make_comment

NOON = datetime(2026, 3, 20, 12, tzinfo=UTC)


@pytest.fixture(autouse=True)
def clock() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(NOON, tick=False) as traveller:
        yield traveller


@pytest.fixture
def article(db: None) -> Article:
    return make_article()


def decide(article: Article, by: Any, sent: datetime, wait: timedelta, state: str = State.APPROVED) -> ModerationEntry:
    comment = make_comment(article, created_at=sent, state=state)
    return ModerationEntry.objects.create(comment=comment, by=by, at=sent + wait, before=State.PENDING, after=state)


def many(article: Article, by: Any, number: int, wait: timedelta) -> None:
    for place in range(number):
        decide(article, by, NOON - timedelta(days=1, minutes=place), wait)


def version() -> int:
    return Key.objects.filter(name="comments-promise").values_list("version", flat=True).first() or 0


def test_a_day_counts_what_arrived_and_what_a_person_decided_first(article: Article, cast: Cast) -> None:
    day = datetime(2026, 3, 18, 9, tzinfo=UTC)
    first = decide(article, cast.moderator, day, timedelta(minutes=10))
    decide(article, cast.moderator, day, timedelta(minutes=30), State.SPAM)
    decide(article, None, day, timedelta(0), State.SPAM)  # the system's own
    ModerationEntry.objects.create(
        comment=first.comment, by=cast.chief, at=day + timedelta(hours=3), before=State.APPROVED, after=State.REJECTED
    )
    make_comment(article, created_at=day, staff=cast.editor)

    figures.count_days()

    row = DeskDay.objects.get(day=date(2026, 3, 18))
    assert (row.arrived, row.decided, row.median_wait) == (3, 2, timedelta(minutes=20))


def test_days_begin_at_midnight_in_the_sites_zone(article: Article, settings: Any) -> None:
    settings.TIME_ZONE = "Asia/Tokyo"
    make_comment(article, created_at=datetime(2026, 3, 17, 15, 30, tzinfo=UTC))
    figures.count_days()
    assert DeskDay.objects.get(arrived=1).day == date(2026, 3, 18)


def test_missing_days_are_filled_and_the_last_ones_counted_again(
    article: Article, clock: time_machine.Traveller
) -> None:
    assert figures.count_days() == figures.DAYS
    assert figures.count_days() == figures.RECOUNTED
    make_comment(article, created_at=NOON - timedelta(days=1))
    make_comment(article, created_at=NOON - timedelta(days=20))
    figures.count_days()
    assert DeskDay.objects.get(day=date(2026, 3, 19)).arrived == 1
    assert DeskDay.objects.get(day=date(2026, 2, 28)).arrived == 0  # counted long ago, and settled

    clock.move_to(NOON + timedelta(days=5))  # five days without a worker
    assert figures.count_days() == 5
    assert [day.day for day in figures.days()][-1] == date(2026, 3, 24)
    assert all(day.pk for day in figures.days())


def test_no_promise_before_there_are_enough_decisions(article: Article, cast: Cast) -> None:
    many(article, cast.moderator, figures.FEWEST_DECISIONS - 1, timedelta(minutes=50))
    assert figures.renew_promise() is None
    assert figures.promise() is None
    assert figures.in_words(figures.promise()) == ""
    many(article, cast.moderator, 1, timedelta(minutes=50))
    assert figures.renew_promise() == timedelta(hours=1)
    assert figures.promise() == timedelta(hours=1)


def test_the_pages_of_readers_change_only_when_the_words_do(article: Article, cast: Cast) -> None:
    many(article, cast.moderator, 30, timedelta(minutes=70))
    figures.renew_promise()
    before = version()
    figures.renew_promise()
    many(article, cast.moderator, 3, timedelta(minutes=80))
    figures.renew_promise()
    assert version() == before > 0
    assert DeskPromise.objects.get().decided == 33

    many(article, cast.moderator, 60, timedelta(hours=5))
    assert figures.renew_promise() == timedelta(hours=6)
    assert version() == before + 1


def test_old_decisions_and_those_of_the_system_promise_nothing(article: Article, cast: Cast) -> None:
    for place in range(40):
        decide(article, cast.moderator, NOON - timedelta(days=9, minutes=place), timedelta(minutes=5))
        decide(article, None, NOON - timedelta(days=1, minutes=place), timedelta(minutes=5), State.SPAM)
    assert figures.renew_promise() is None


@pytest.mark.parametrize(
    ("wait", "step", "words"),
    [
        (timedelta(), timedelta(minutes=15), "usually within 15 minutes"),
        (timedelta(minutes=15), timedelta(minutes=15), "usually within 15 minutes"),
        (timedelta(minutes=31), timedelta(hours=1), "usually within an hour"),
        (timedelta(minutes=61), timedelta(hours=2), "usually within 2 hours"),
        (timedelta(hours=13), timedelta(days=1), "usually within a day"),
        (timedelta(hours=30), timedelta(days=2), "usually within 2 days"),
        (timedelta(days=4), None, ""),
    ],
)
def test_waits_are_rounded_up_to_plain_words(wait: timedelta, step: timedelta | None, words: str) -> None:
    assert figures.round_up(wait) == step
    assert figures.in_words(step) == words


def test_a_page_that_shows_the_promise_depends_on_it_and_asks_once(db: None) -> None:
    with recording() as record, CaptureQueriesContext(connection) as queries:
        figures.promise()
    assert record.keys == {"comments-promise"}
    assert len(queries) == 1


def test_readers_are_told_beside_the_form_while_it_is_open(article: Article, cast: Cast, settings: Any) -> None:
    many(article, cast.moderator, 30, timedelta(minutes=70))
    figures.renew_promise()
    told = b"Comments are looked at, usually within 2 hours."
    assert told in Client().get(article.get_absolute_url()).content
    settings.COMMENTS_CLOSE_AFTER_DAYS = 1
    article.publish_at = NOON - timedelta(days=2)
    article.save(update_fields=["publish_at"])
    assert told not in Client().get(article.get_absolute_url()).content


def test_the_queue_of_this_minute_is_one_query(article: Article) -> None:
    earlier = NOON - timedelta(hours=3)
    make_comment(article, state=State.PENDING, created_at=earlier, waiting_since=earlier)
    make_comment(article, state=State.PENDING)
    with CaptureQueriesContext(connection) as queries:
        assert figures.now() == figures.Now(Counted(2), NOON - timedelta(hours=3))
    assert len(queries) == 1


def test_the_worker_knows_the_jobs(db: None) -> None:
    assert {"comments.desk_jobs.end_bans", "comments.desk_jobs.count_figures"} <= jobs().keys()
    desk_jobs.count_figures()
    desk_jobs.end_bans()
    assert DeskDay.objects.count() == figures.DAYS


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_two_workers_count_the_same_days_once(cast: Cast) -> None:
    article = make_article()
    many(article, cast.moderator, 25, timedelta(minutes=50))
    assert at_once([desk_jobs.count_figures] * 4) == []
    assert DeskDay.objects.count() == figures.DAYS
    assert DeskPromise.objects.get().within == timedelta(hours=1)
    assert version() == 1
