"""A reader opens the front page."""

import re
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.test import Client

from articles.boundaries import next_change
from articles.models import Article, Kind, Status
from pages import fronts
from tests.factories import give_byline, make_article, make_image, make_section

pytestmark = pytest.mark.django_db

NOON = datetime(2026, 5, 4, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)
SECTIONS = ("City", "Politics", "Climate")


@pytest.fixture(autouse=True)
def _noon() -> Any:
    with time_machine.travel(NOON, tick=False):
        yield


def paper(per_section: int, **fields: Any) -> list[Article]:
    """Stories round the sections, the first one the newest."""
    made: list[Article] = []
    for number in range(per_section):
        for position, name in enumerate(SECTIONS):
            section = make_section(name, position=position)
            at = NOON - HOUR * (len(made) + 1)
            article = make_article(f"{name} {number}", section=section, publish_at=at, **fields)
            give_byline(article, f"Writer {len(made) % 5}")
            made.append(article)
    return made


def html() -> str:
    return Client().get("/").content.decode()


def shown(page: str) -> list[int]:
    links = re.findall(r'class="card__link" href="/[a-z]+/[a-z-]+-(\d+)/"', page)
    return [int(pk) for pk in links]


def test_an_empty_site_says_something_kind() -> None:
    response = Client().get("/")
    assert response.status_code == 200
    assert b"The first stories are being written" in response.content


def test_nothing_stands_on_the_page_twice() -> None:
    paper(12, lead_picture=make_image())
    placed = shown(html())
    assert len(placed) > 20
    assert len(placed) == len(set(placed))


def test_the_newest_stories_are_all_there() -> None:
    newest = paper(6)[:10]
    assert {article.pk for article in newest} <= set(shown(html()))


def test_the_lead_is_the_newest_of_the_first_few_with_a_picture() -> None:
    stories = paper(6)
    stories[2].lead_picture = make_image()
    stories[2].save()
    lead = fronts.front().lead
    assert lead is not None
    assert lead.pk == stories[2].pk


def test_an_old_picture_does_not_lift_a_story_to_the_top() -> None:
    stories = paper(6)
    stories[-1].lead_picture = make_image()
    stories[-1].save()
    lead = fronts.front().lead
    assert lead is not None
    assert lead.pk == stories[0].pk


def test_opinion_has_its_own_strip_with_its_writers() -> None:
    paper(8)
    piece = make_article("I think", kind=Kind.OPINION, publish_at=NOON - HOUR / 2)
    give_byline(piece, "Wenna Pryce")
    front = fronts.front()
    assert [article.pk for article in front.opinions] == [piece.pk]
    assert "Wenna Pryce" in html()


def test_a_section_with_too_few_stories_has_no_strip() -> None:
    paper(8)
    make_article("Alone", section=make_section("Sport"), publish_at=NOON - HOUR * 100)
    assert [strip.section.name for strip in fronts.front().strips] == list(SECTIONS)


@pytest.mark.parametrize("count", range(1, 16))
def test_every_small_number_of_stories_makes_a_page(count: int) -> None:
    for number in range(count):
        make_article(f"Story {number}", publish_at=NOON - HOUR * (number + 1))
    placed = shown(html())
    assert len(placed) == len(set(placed)) > 0


def test_hidden_stories_are_nowhere() -> None:
    make_article("Draft", status=Status.DRAFT)
    make_article("Tomorrow", status=Status.SCHEDULED, publish_at=NOON + HOUR)
    make_article("Embargoed", embargo_until=NOON + HOUR)
    make_article("Expired", expire_at=NOON - HOUR / 2)
    page = html()
    for word in ("Draft", "Tomorrow", "Embargoed", "Expired"):
        assert word not in page


def test_the_page_depends_on_exactly_what_it_shows() -> None:
    article = make_article(lead_picture=make_image())
    author = give_byline(article)
    keys = set(Client().get("/")["Surrogate-Key"].split())
    assert keys == {
        "front",
        "menus",
        "most-read",
        "sections",
        "slots",
        f"article:{article.pk}",
        f"section:{article.section_id}",
        f"image:{article.lead_picture_id}",
        f"author:{author.pk}",
    }


@pytest.mark.once
def test_the_page_costs_the_same_for_a_small_and_a_large_paper(django_assert_max_num_queries: Any) -> None:
    paper(2)
    with django_assert_max_num_queries(10) as small:
        html()
    paper(20, lead_picture=make_image())
    with django_assert_max_num_queries(10) as large:
        html()
    assert len(small) == len(large)


@pytest.mark.parametrize(
    ("fields", "moment"),
    [
        ({"status": Status.SCHEDULED, "publish_at": NOON + 2 * HOUR}, NOON + 2 * HOUR),
        ({"embargo_until": NOON + 3 * HOUR}, NOON + 3 * HOUR),
        ({"expire_at": NOON + 4 * HOUR}, NOON + 4 * HOUR),
        ({"status": Status.DRAFT, "publish_at": NOON + HOUR}, None),
        ({}, None),
    ],
)
def test_the_next_change_is_known(fields: dict[str, Any], moment: datetime | None) -> None:
    make_article(**fields)
    assert next_change(Article.objects.all()) == moment


def test_the_nearest_of_several_changes_counts() -> None:
    make_article(expire_at=NOON + 4 * HOUR)
    make_article(status=Status.SCHEDULED, publish_at=NOON + 2 * HOUR, expire_at=NOON + 3 * HOUR)
    assert next_change(Article.objects.all()) == NOON + 2 * HOUR
