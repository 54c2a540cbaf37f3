"""*Most read*: computed from what was counted, and shown without what stands on the page already."""

import re
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.test import Client

from articles import publishing
from articles.models import Article, Status
from curation import exclusions, most_read, picks
from curation.models import MostRead, ReadCount
from curation.places import FRONT
from outbox import periodic
from pagecache.reading import recording, versions
from tests.concurrency import at_once
from tests.factories import make_article, make_section

pytestmark = pytest.mark.django_db

NOON = datetime(2026, 5, 4, 12, tzinfo=UTC)
TODAY = date(2026, 5, 4)
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)


@pytest.fixture(autouse=True)
def _noon() -> Any:
    with time_machine.travel(NOON, tick=False):
        yield


def read(article: Article, reads: int, day: date = TODAY) -> Article:
    ReadCount.objects.create(article=article, day=day, reads=reads)
    return article


def old(headline: str, **fields: Any) -> Article:
    """A story too old for the rest of the front page."""
    return make_article(headline, publish_at=NOON - HOUR * 3000, section=make_section("Culture"), **fields)


def popular(count: int) -> list[Article]:
    """Old stories, the first read most, and the order computed."""
    made = [read(old(f"Read {number}"), 100 - number) for number in range(count)]
    most_read.compute()
    return made


def order() -> list[str]:
    return list(MostRead.objects.values_list("article__headline", flat=True))


def block(address: str = "/") -> list[str]:
    html = Client().get(address).content.decode()
    return re.findall(r'class="most-read__link" href="[^"]+">([^<]+)<', html)


def version() -> int:
    return versions({"most-read"})["most-read"]


def test_today_and_yesterday_count() -> None:
    read(old("Today"), 5)
    both = read(old("Both"), 3)
    read(both, 4, TODAY - DAY)
    read(old("Yesterday"), 6, TODAY - DAY)
    read(old("Long ago"), 500, TODAY - 2 * DAY)
    most_read.compute()
    assert order() == ["Both", "Yesterday", "Today"]


def test_a_day_is_a_day_of_the_site(settings: Any) -> None:
    settings.TIME_ZONE = "Asia/Tokyo"
    read(old("Yesterday"), 5, TODAY)
    read(old("The day before"), 9, TODAY - DAY)
    with time_machine.travel(NOON + 4 * HOUR, tick=False):
        most_read.compute()
    assert order() == ["Yesterday"]


def test_a_worker_computes_it_every_five_minutes() -> None:
    interval, job = periodic.jobs()["curation.most_read.compute"]
    assert interval == timedelta(minutes=5)
    assert job is most_read.compute


def test_nothing_is_written_while_the_order_stays() -> None:
    made = popular(4)
    before = version()
    ReadCount.objects.filter(article=made[0]).update(reads=1000)
    most_read.compute()
    assert version() == before
    ReadCount.objects.filter(article=made[3]).update(reads=2000)
    most_read.compute()
    assert version() == before + 1
    assert order() == ["Read 3", "Read 0", "Read 1", "Read 2"]


def test_a_list_that_shrinks_loses_its_end() -> None:
    made = popular(4)
    ReadCount.objects.filter(article__in=made[2:]).delete()
    most_read.compute()
    assert order() == ["Read 0", "Read 1"]
    ReadCount.objects.all().delete()
    most_read.compute()
    assert order() == []


def test_only_what_readers_may_see_is_ranked() -> None:
    read(old("Draft", status=Status.DRAFT), 900)
    read(old("Expired", expire_at=NOON - HOUR), 900)
    read(old("Embargoed", embargo_until=NOON + HOUR), 900)
    popular(3)
    assert order() == ["Read 0", "Read 1", "Read 2"]


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_two_workers_at_once_write_one_order() -> None:
    made = [read(old(f"Read {number}"), 100 - number) for number in range(6)]
    assert at_once([most_read.compute] * 4) == []
    assert order() == [article.headline for article in made]


def test_the_block_stands_on_the_front_page_and_at_the_end_of_a_sections_first_page() -> None:
    make_article("News")
    popular(7)
    expected = [f"Read {number}" for number in range(most_read.SHOWN)]
    assert block("/city/") == expected
    make_section("Culture")
    for number in range(40):
        make_article(f"Newer {number}", publish_at=NOON - HOUR * (number + 1))
    assert block("/") == expected
    html = Client().get("/city/").content.decode()
    older = re.search(r'pager__link--older" href="([^"]+)"', html)
    assert older is not None
    assert block("/city/" + older[1]) == []
    assert block("/archive/") == []


@pytest.mark.parametrize("count", [0, 1, 2])
def test_with_fewer_than_three_there_is_no_block(count: int) -> None:
    make_article("News")
    popular(count)
    assert block("/city/") == []
    assert "most-read" not in Client().get("/city/").content.decode()


def test_nothing_stands_on_the_front_page_twice() -> None:
    for number in range(60):
        section = make_section(("City", "Politics")[number % 2])
        made = make_article(f"Newer {number}", publish_at=NOON - HOUR * (number + 1), section=section)
        read(made, 100 - number)
    most_read.compute()
    html = Client().get("/").content.decode()
    main = html[html.index('id="main"') :]
    links = re.findall(r'href="/[a-z]+/[a-z-]+-(\d+)/"', main)
    assert len(links) == len(set(links)) > 15
    assert block() == [f"Newer {number}" for number in range(7, 12)]


def test_a_section_page_leaves_out_what_it_lists() -> None:
    listed = [read(make_article(f"Listed {number}"), 500) for number in range(3)]
    assert listed
    popular(3)
    assert block("/city/") == ["Read 0", "Read 1", "Read 2"]


def test_articles_kept_apart_do_not_meet_in_it_either() -> None:
    news = make_article("News")
    made = popular(6)
    exclusions.keep_apart([news, made[0]], actor=None, reason="Trial")
    exclusions.keep_apart([made[1], made[2]], actor=None, reason="Trial")
    assert block("/city/") == ["Read 1", "Read 3", "Read 4", "Read 5"]


def test_what_was_hidden_since_is_not_shown_and_comes_back_by_itself() -> None:
    make_article("News")
    made = popular(5)
    keys = set(Client().get("/city/")["Surrogate-Key"].split())
    before = versions(keys)
    publishing.take_down(made[1], actor=None)
    assert block("/city/") == ["Read 0", "Read 2", "Read 3", "Read 4"]
    assert versions(keys) != before
    assert f"article:{made[1].pk}" in Client().get("/city/")["Surrogate-Key"]


@pytest.mark.parametrize("field", ["expire_at", "embargo_until"])
def test_the_clock_changes_it_at_a_known_time(field: str) -> None:
    made, moment = popular(5), NOON + HOUR
    Article.objects.get(pk=made[0].pk)
    setattr(made[0], field, moment)
    made[0].save()
    with recording() as record:
        before = [row.headline for row in most_read.ranked()]
    assert record.boundary == moment
    with time_machine.travel(moment, tick=False):
        assert [row.headline for row in most_read.ranked()] != before


def test_hostile_headlines_stay_words() -> None:
    make_article("News")
    for number in range(3):
        read(old(f"<script>alert({number})</script>"), 10)
    most_read.compute()
    html = Client().get("/city/").content.decode()
    assert "<script>alert" not in html
    assert "&lt;script&gt;alert(1)" in html


def test_a_pick_at_the_top_is_not_repeated() -> None:
    make_article("News")
    made = popular(6)
    picks.pick(FRONT, made[0], actor=None)
    html = Client().get("/").content.decode()
    assert html.count(f'href="{made[0].get_absolute_url()}"') == 1
