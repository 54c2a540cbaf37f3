"""Moments as editors type them: in the newsroom's zone, both odd hours refused in words, absurd years too."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.test import Client

from articles import publishing, revisions
from articles.models import Article
from articles.schedule import moments
from articles.state import WorkingState
from tests.conftest import Cast
from tests.factories import make_section

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _in_berlin(settings: Any) -> Any:
    settings.TIME_ZONE = "Europe/Berlin"
    with time_machine.travel(NOON, tick=False):
        yield


@pytest.mark.parametrize(
    ("typed", "utc"),
    [
        ("2026-11-27 18:00", datetime(2026, 11, 27, 17, tzinfo=UTC)),
        ("2026-07-01T18:00", datetime(2026, 7, 1, 16, tzinfo=UTC)),
        ("2026-10-25T02:30+02:00", datetime(2026, 10, 25, 0, 30, tzinfo=UTC)),
        ("2026-10-25T02:30+01:00", datetime(2026, 10, 25, 1, 30, tzinfo=UTC)),
        ("2026-03-29T01:59", datetime(2026, 3, 29, 0, 59, tzinfo=UTC)),
        ("2026-03-29T03:00", datetime(2026, 3, 29, 1, 0, tzinfo=UTC)),
        ("1605-09-01T08:00", datetime(1605, 9, 1, 7, 6, 32, tzinfo=UTC)),
    ],
)
def test_a_moment_is_meant_in_the_newsrooms_zone(typed: str, utc: datetime) -> None:
    assert moments.read(typed) == utc


def test_the_hour_that_does_not_exist_is_refused_with_its_neighbours() -> None:
    with pytest.raises(ValidationError) as refused:
        moments.read("2026-03-29T02:30")
    assert refused.value.messages == [
        "On Sunday 29 March 2026 the clocks go forward, and 02:30 does not exist. Choose 01:30 or 03:30, for instance."
    ]


def test_the_hour_that_comes_twice_is_refused_with_both_meanings() -> None:
    with pytest.raises(ValidationError) as refused:
        moments.read("2026-10-25T02:30")
    words = (
        "On Sunday 25 October 2026 the clocks go back, and 02:30 comes twice: first as 02:30 CEST (UTC+0200), then as "
        "02:30 CET (UTC+0100). Choose a time that comes once, such as 01:30 or 03:30."
    )
    assert refused.value.messages == [words]


@pytest.mark.parametrize(
    "typed",
    [
        *(
            "9999-12-31T23:59",
            "0001-01-01T00:00",
            "0001-01-01T00:00+23:59",
            "9999-12-31T23:59-23:59",
            "2047-01-01 00:00",
        ),
        *("", "tomorrow", "2026-11-27", "27.11.2026 18:00", "2026-02-30 10:00", "2026-11-27T18:00\0", "1" * 10_000),
    ],
)
def test_what_nobody_can_mean_is_refused_in_words(typed: str) -> None:
    with pytest.raises(ValidationError) as refused:
        moments.read(typed)
    assert refused.value.messages[0].endswith(".")


@pytest.mark.parametrize(
    ("span", "words"),
    [
        (timedelta(minutes=1), "in 1 minute"),
        (timedelta(hours=3), "in 3 hours"),
        (timedelta(hours=30), "in 30 hours"),
        (timedelta(days=5), "in 5 days"),
        (-timedelta(days=2), "2 days ago"),
    ],
)
def test_how_far_away_it_is(span: timedelta, words: str) -> None:
    assert moments.from_now(NOON + span) == words


def form_data(**values: str) -> dict[str, str]:
    times = {f"{name}_{half}": "" for name in ("publish_at", "expire_at", "embargo_until") for half in (0, 1)}
    sets = {"bylines-TOTAL_FORMS": "0", "bylines-INITIAL_FORMS": "0"}
    plain = {"headline": "The tram is late", "kind": "news", "body": "<p>Late.</p>", "tags": "", "_continue": "1"}
    return {**times, **sets, **plain, **values}


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("day", "time", "words"),
    [
        ("2026-03-29", "02:30", "the clocks go forward, and 02:30 does not exist"),
        ("2026-10-25", "02:30", "02:30 comes twice"),
        ("9999-12-31", "23:59", "The year 9999 is too far away"),
        ("0001-01-01", "00:00", "there were no newspapers yet"),
        ("2026-11-27", "", "A day alone is not enough"),
        ("", "18:00", "A time alone is not enough"),
    ],
)
@pytest.mark.parametrize("field", ["publish_at", "expire_at", "embargo_until"])
def test_the_articles_form_says_so_and_keeps_what_was_typed(
    cast: Cast, field: str, day: str, time: str, words: str
) -> None:
    client = Client()
    client.force_login(cast.editor)
    data = form_data(**{f"{field}_0": day, f"{field}_1": time})
    page = client.post("/admin/articles/article/add/", data).content.decode()
    assert words in page
    assert f'value="{day or time}"' in page
    assert not Article.objects.exists()


@pytest.mark.django_db
def test_the_form_tells_the_weekday_and_how_long_it_is(cast: Cast) -> None:
    state = WorkingState(headline="The tram", section=make_section().pk, body="<p>Late.</p>")
    state = state.with_(publish_at=NOON + timedelta(hours=3), expire_at=NOON + timedelta(days=4))
    article = publishing.publish(revisions.create(state, actor=cast.editor), actor=cast.editor)
    client = Client()
    client.force_login(cast.editor)
    page = client.get(f"/admin/articles/article/{article.pk}/change/").content.decode()
    assert "Monday 2 March 2026, 16:00 · in 3 hours" in page
    assert "Goes out in 3 hours: Monday 2 March 2026, 16:00." in page
    assert "Expires in 4 days: Friday 6 March 2026, 13:00." in page
