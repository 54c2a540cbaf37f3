"""A reader pages through a section, a topic or an author's stories."""

import re
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.test import Client

from articles.models import Article, BylineRole, Status, Tag
from pages import keyset
from tests.factories import give_byline, give_tags, make_article, make_author, make_image, make_section

pytestmark = pytest.mark.django_db

NOON = datetime(2026, 5, 4, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)
PATHS = ("/city/", "/tag/trams/", "/author/ines-maren/")


@pytest.fixture(autouse=True)
def _noon() -> Any:
    with time_machine.travel(NOON, tick=False):
        yield


def stories(count: int, **fields: Any) -> list[Article]:
    """Stories of one section, tag and author, the newest first; every third pair shares its instant."""
    made = []
    for number in range(count):
        at = NOON - HOUR * (number - number % 3 + 1)
        article = make_article(f"Story {number}", publish_at=at, lead_picture=make_image(), **fields)
        give_tags(article, "trams")
        give_byline(article)
        made.append(article)
    return sorted(made, key=lambda article: (article.publish_at, article.pk), reverse=True)


def page(address: str) -> str:
    response = Client().get(address)
    assert response.status_code == 200
    return response.content.decode()


def shown(html: str) -> list[int]:
    return [int(pk) for pk in re.findall(r'class="card__link" href="/[a-z]+/[a-z-]+-(\d+)/"', html)]


def link(html: str, name: str) -> str:
    found = re.search(rf'pager__link--{name}" href="([^"]+)"', html)
    return found[1] if found else ""


@pytest.mark.parametrize("path", PATHS)
def test_older_pages_neither_skip_nor_repeat(path: str) -> None:
    made, seen, query = stories(2 * keyset.PER_PAGE + 3), [], ""
    for _turn in range(5):
        html = page(path + query)
        seen += shown(html)
        query = link(html, "older")
        if not query:
            break
    assert seen == [article.pk for article in made]


def test_newer_leads_back_to_where_one_came_from() -> None:
    stories(3 * keyset.PER_PAGE)
    first = page("/city/")
    second = page("/city/" + link(first, "older"))
    third = page("/city/" + link(second, "older"))
    assert shown(page("/city/" + link(third, "newer"))) == shown(second)
    assert shown(page("/city/" + link(second, "newer"))) == shown(first)
    assert link(first, "newer") == ""


def test_a_story_published_meanwhile_moves_nothing() -> None:
    stories(2 * keyset.PER_PAGE)
    query = link(page("/city/"), "older")
    before = shown(page("/city/" + query))
    make_article("Just in", publish_at=NOON - HOUR / 2)
    assert shown(page("/city/" + query)) == before


def test_the_neighbours_are_named_for_programs_too() -> None:
    stories(keyset.PER_PAGE + 1)
    html = page("/city/")
    assert f'<link rel="next" href="{link(html, "older")}">' in html
    older = page("/city/" + link(html, "older"))
    assert '<link rel="prev"' in older
    assert '<link rel="next"' not in older


@pytest.mark.once
@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize("name", ["before", "after"])
@pytest.mark.parametrize(
    "cursor", ["", "x", "-", "1-", "-1", "1-1-1", "9" * 40 + "-1", "1-" + "9" * 40, "\u0661-\u0662", "1\x00-1", "1.5-2"]
)
def test_a_cursor_that_is_none_is_not_found(path: str, name: str, cursor: str) -> None:
    stories(1)
    assert Client().get(path, {name: cursor}).status_code == 404


@pytest.mark.parametrize("cursor", ["0-0", "9999999999999999-999999999999999999", "1-1"])
@pytest.mark.parametrize("name", ["before", "after"])
def test_a_cursor_at_the_end_of_time_is_only_a_page(name: str, cursor: str) -> None:
    stories(1)
    assert Client().get("/city/", {name: cursor}).status_code == 200


def test_an_author_with_two_roles_on_a_story_lists_it_once() -> None:
    article = make_article()
    give_byline(article)
    give_byline(article, role=BylineRole.PHOTOS)
    assert shown(page("/author/ines-maren/")) == [article.pk]


@pytest.mark.parametrize("path", PATHS)
def test_hidden_stories_are_listed_nowhere(path: str) -> None:
    stories(1)
    for fields in ({"status": Status.DRAFT}, {"expire_at": NOON - HOUR / 4}, {"embargo_until": NOON + HOUR}):
        article = make_article("Hidden", **fields)
        give_tags(article, "trams")
        give_byline(article)
    assert "Hidden" not in page(path)


def test_a_tag_only_drafts_carry_answers_as_an_unknown_one() -> None:
    give_tags(make_article(status=Status.DRAFT), "resignation")
    client = Client()
    drafted, unknown = client.get("/tag/resignation/"), client.get("/tag/nothing/")
    assert (drafted.status_code, drafted.content) == (unknown.status_code, unknown.content) == (404, unknown.content)


def test_a_topic_page_has_its_description_and_picture() -> None:
    stories(2)
    topic = Tag.objects.get(slug="trams")
    topic.description, topic.picture = "All about trams.", make_image("A tram.")
    topic.save()
    html = page("/tag/trams/")
    assert "All about trams." in html
    assert 'alt="A tram."' in html


def test_an_empty_section_says_so() -> None:
    make_section("Sport")
    assert "There are no stories here yet." in page("/sport/")


def test_an_author_without_stories_still_has_a_profile() -> None:
    make_author("Dov Halloran", bio="Rows badly.")
    assert "Rows badly." in page("/author/dov-halloran/")


@pytest.mark.parametrize("path", ["/nothing/", "/tag/nothing/", "/author/nobody/"])
def test_unknown_addresses_are_not_found(path: str) -> None:
    assert Client().get(path).status_code == 404


def keys(path: str) -> set[str]:
    return set(Client().get(path)["Surrogate-Key"].split())


def test_each_list_depends_on_exactly_what_it_shows() -> None:
    [article] = stories(1)
    author, tag = make_author(), Tag.objects.get(slug="trams")
    shown_by_all = {
        "menus",
        "sections",
        f"article:{article.pk}",
        f"section:{article.section_id}",
        f"image:{article.lead_picture_id}",
        f"author:{author.pk}",
    }
    of_section = {f"section-list:{article.section_id}", f"slots:{article.section_id}", "most-read"}
    assert keys("/city/") == shown_by_all | of_section
    assert keys("/tag/trams/") == shown_by_all | {f"tag:{tag.pk}", f"tag-list:{tag.pk}"}
    assert keys("/author/ines-maren/") == shown_by_all | {f"author-list:{author.pk}"}


@pytest.mark.once
@pytest.mark.parametrize("path", PATHS)
def test_a_list_costs_the_same_at_two_sizes(path: str, django_assert_max_num_queries: Any) -> None:
    stories(2)
    with django_assert_max_num_queries(8) as small:
        page(path)
    stories(keyset.PER_PAGE + 5)
    with django_assert_max_num_queries(8) as large:
        page(path)
    assert len(small) == len(large)
