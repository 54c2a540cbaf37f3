"""Tags proposed from a story's own words."""

from time import perf_counter
from typing import Any

import pytest
from django.test import Client

from articles import revisions
from articles.models import Tag, TagSynonym
from articles.models.tag import first_word
from articles.publishing import tags_named
from articles.registries import tag_neighbours
from articles.state import WorkingState
from articles.tag_text import BODY, HEADLINE, plain, tags_for
from pagecache.writing import writing
from tests.conftest import Cast
from tests.factories import give_tags, make_article

pytestmark = pytest.mark.django_db

ADDRESS = "/admin/articles/tag/suggest/text/"


def names_in(text: str, **more: Any) -> list[str]:
    return [found.tag.name for found in tags_for([(text, BODY)], None, 10, **more)]


def test_whole_words_are_found_in_whatever_case_and_accent() -> None:
    tags_named(["Élan", "tram", "ram"])
    assert names_in("A new ELAN on the TRAM, but no program.") == ["tram", "Élan"] or set(
        names_in("A new ELAN on the TRAM, but no program.")
    ) == {"tram", "Élan"}


def test_a_longer_name_takes_its_words_from_a_shorter_one() -> None:
    tags_named(["sea", "sea level", "level crossing"])
    assert names_in("The sea level rises.") == ["sea level"]
    assert set(names_in("The sea level rises, says the sea.")) == {"sea level", "sea"}


def test_names_without_blanks_between_words_are_found() -> None:
    tags_named(["東京", "東京都", "京都"])
    assert names_in("昨日、東京都で地震") == ["東京都"]


def test_another_name_proposes_the_tag() -> None:
    (row,) = tags_named(["light rail"])
    TagSynonym.objects.create(tag=row, name="tram line")
    assert names_in("The tram line is closed.") == ["light rail"]


def test_what_is_said_often_and_carried_seldom_comes_first() -> None:
    for number in range(6):
        give_tags(make_article(f"One {number}"), "council")
    give_tags(make_article("Two"), "seagrass")
    tags_named(["unused"])
    assert names_in("council seagrass unused") == ["seagrass", "council", "unused"]
    assert names_in("council council council council council seagrass unused")[0] == "council"


def test_the_headline_weighs_more() -> None:
    give_tags(make_article("One"), "tram", "bus")
    found = tags_for([("tram", HEADLINE), ("bus bus", BODY)], None, 10)
    assert [one.tag.name for one in found] == ["tram", "bus"]


def test_what_the_nearest_articles_carry_is_proposed(monkeypatch: pytest.MonkeyPatch) -> None:
    (row,) = tags_named(["harbour"])
    monkeypatch.setattr("articles.tag_text.tag_neighbours", [lambda _article: {row.pk: 0.5}])
    draft = revisions.create(WorkingState(headline="x"), actor=None)
    assert [one.tag for one in tags_for([("nothing", BODY)], draft, 10)] == [row]


def test_the_engine_tells_of_neighbours() -> None:
    assert any(ask.__module__ == "curation.tag_neighbours" for ask in tag_neighbours)


def test_markup_is_no_part_of_the_words_and_costs_little() -> None:
    tags_named(["tram", "strong"])
    assert names_in(plain('<p class="tram">A <strong>b</strong>us &amp; more</p>')) == []
    started = perf_counter()
    plain("<" * 100_000 + "a" * 100_000)
    assert perf_counter() - started < 1


def test_every_write_of_a_tag_keeps_it_findable() -> None:
    (row,) = tags_named(["Night Bus"])
    assert row.first_word == first_word("night bus") == "night"
    row.name = "Owl bus"
    row.save()
    assert names_in("the owl bus") == ["Owl bus"]


@pytest.mark.once
def test_the_number_of_queries_does_not_grow(django_assert_max_num_queries: Any) -> None:
    counts = []
    for size in (5, 60):
        tags_named(f"word{number}" for number in range(size))
        text = " ".join(f"word{number}" for number in range(size))
        with django_assert_max_num_queries(6) as asked:
            names_in(text)
        counts.append(len(asked))
    assert counts[0] == counts[1]


def test_two_thousand_tags_are_looked_through_quickly() -> None:
    with writing():
        Tag.objects.bulk_create(
            Tag(name=f"river {n}", slug=f"r-{n}", key=f"river {n}", first_word="river") for n in range(2_000)
        )
    text = "The river 7 and the river 1999. " + "Plain words that are no tag at all. " * 500
    started = perf_counter()
    assert set(names_in(text)) == {"river 7", "river 1999"}
    assert perf_counter() - started < 2  # the machine of a test is shared; the figure itself is in docs


# The endpoint


def test_a_writer_is_told_names_and_counts(cast: Cast, client: Client) -> None:
    client.force_login(cast.contributor)
    give_tags(make_article("One"), "tram")
    answer = client.post(ADDRESS, {"headline": "The tram", "body": "<p>tram</p>"})
    assert answer.json() == {"tags": [{"name": "tram", "count": 1, "uses": "1 article", "other": ""}]}


@pytest.mark.parametrize(
    "data",
    [
        {},
        {"body": "\0<p>tram\0</p>"},
        {"body": "<" * 50_000},
        {"headline": "x" * 300_000},
        {"article": "999999999999999999999999999"},
        {"article": "-1"},
        {"article": "x"},
    ],
)
def test_nonsense_is_answered_calmly(cast: Cast, client: Client, data: dict[str, str]) -> None:
    client.force_login(cast.editor)
    assert client.post(ADDRESS, data).status_code == 200


def test_the_neighbours_of_anothers_draft_are_not_told(
    cast: Cast, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    (row,) = tags_named(["harbour"])
    monkeypatch.setattr("articles.tag_text.tag_neighbours", [lambda _article: {row.pk: 0.5}])
    draft = revisions.create(WorkingState(headline="x"), actor=cast.editor)
    for user, told in ((cast.contributor, []), (cast.editor, ["harbour"])):
        client.force_login(user)
        tags = client.post(ADDRESS, {"article": draft.pk}).json()["tags"]
        assert [tag["name"] for tag in tags] == told


def test_who_may_ask(cast: Cast, client: Client) -> None:
    for who, status in (("contributor", 200), ("editor", 200), ("chief", 200), ("administrator", 200)):
        client.force_login(getattr(cast, who))
        assert client.post(ADDRESS, {"headline": "x"}).status_code == status
        assert client.get(ADDRESS).status_code == 405
    client.force_login(cast.moderator)
    assert client.post(ADDRESS, {"headline": "x"}).status_code == 403
    client.logout()
    assert client.post(ADDRESS, {"headline": "x"}).status_code == 302
