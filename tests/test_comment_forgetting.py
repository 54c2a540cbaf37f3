"""What is kept for a time only goes when the time is over."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.utils import timezone
from pytest_django import Settings

from comments import periodic
from comments.models import Arrivals, Ban, Comment, Report, SpentToken
from outbox.periodic import jobs
from pagecache.models import Key
from tests.concurrency import at_once
from tests.factories import make_article, make_comment

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _noon() -> object:
    with time_machine.travel(NOON, tick=False):
        yield


def test_the_worker_does_it() -> None:
    assert "comments.periodic.forget" in jobs()


def test_a_connections_hash_goes_after_the_set_days_and_no_page_changes(db: None, settings: Settings) -> None:
    settings.COMMENT_ADDRESS_DAYS = 30
    article = make_article()
    old = make_comment(article, address_block="a" * 48, created_at=NOON - timedelta(days=30, seconds=1))
    young = make_comment(article, address_block="a" * 48, created_at=NOON - timedelta(days=30))
    before = dict(Key.objects.values_list("name", "version"))

    periodic.forget()

    old.refresh_from_db()
    young.refresh_from_db()
    assert (old.address_block, young.address_block) == ("", "a" * 48)
    assert dict(Key.objects.values_list("name", "version")) == before


def test_a_report_is_kept_without_its_source(db: None) -> None:
    comments = [make_comment(make_article()) for _ in range(2)]
    for comment in comments:
        Report.objects.create(comment=comment, complaint="other", source="b" * 48, at=NOON - timedelta(days=31))
    Report.objects.create(comment=comments[0], complaint="other", source="c" * 48, at=NOON)

    periodic.forget()

    assert sorted(Report.objects.values_list("source", flat=True)) == ["", "", "c" * 48]


def test_a_ban_keeps_its_hash_until_it_ends(db: None) -> None:
    ends = {"past": NOON - timedelta(seconds=1), "future": NOON + timedelta(seconds=1), "never": None}
    for value, until in ends.items():
        Ban.objects.create(kind=Ban.Kind.ADDRESS, value=value, until=until)
    Ban.objects.create(kind=Ban.Kind.EMAIL, value="ana@example.org", until=NOON - timedelta(days=1))

    periodic.forget()

    assert sorted(Ban.objects.values_list("value", flat=True)) == ["ana@example.org", "future", "never"]


def test_spent_tokens_and_counts_go_when_nothing_looks_at_them_any_more(db: None) -> None:
    SpentToken.objects.create(digest="old", spent_at=NOON - periodic.SPENT_FOR - timedelta(seconds=1))
    SpentToken.objects.create(digest="young", spent_at=NOON - periodic.SPENT_FOR)
    Arrivals.objects.create(source="old", since=NOON - periodic.COUNTED_FOR - timedelta(seconds=1))
    Arrivals.objects.create(source="young", since=NOON - periodic.COUNTED_FOR)

    periodic.forget()

    assert list(SpentToken.objects.values_list("digest", flat=True)) == ["young"]
    assert list(Arrivals.objects.values_list("source", flat=True)) == ["young"]


def test_more_than_one_batch_goes_at_once(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(periodic, "AT_ONCE", 2)
    for number in range(5):
        SpentToken.objects.create(digest=str(number), spent_at=NOON - timedelta(days=100))

    periodic.forget()

    assert not SpentToken.objects.exists()


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_two_workers_at_once_do_not_get_in_each_others_way(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(periodic, "AT_ONCE", 7)
    article = make_article()
    for _ in range(60):
        make_comment(article, address_block="a" * 48, created_at=timezone.now() - timedelta(days=40))

    assert at_once([periodic.forget] * 3) == []

    periodic.forget()
    assert not Comment.objects.exclude(address_block="").exists()
