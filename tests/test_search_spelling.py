"""Spellings offered when nothing is found."""

import pytest

from articles import search
from articles.search.spelling import FAR, distance
from tests.factories import make_article

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _stories() -> None:
    for headline, body in (
        ("Government shutdown", "The government and the harbour"),
        ("Tariffs rise", "Tariffs on steel"),
        ("Tariffs fall", "Tariffs on paper, a tarif of old"),
        ("The white house", "A house in the écologie quarter"),
    ):
        search.index(make_article(headline, body_text=body))


@pytest.mark.parametrize(
    ("typed", "offered"),
    [
        ("goverment", "government"),
        ("tarrifs", "tariffs"),
        ("ovgernment", "government"),
        ("white huose", "white house"),
        ("ecolgie", "ecologie"),
        ("Goverment SHUTDWON", "government shutdown"),
        ('"the" goverment -paper', '"the" government -paper'),
        ("goverment, harbuor", "government, harbour"),
    ],
)
def test_a_near_word_that_finds_something_is_offered(typed: str, offered: str) -> None:
    results = search.find(typed)
    assert results.total == 0
    assert results.spelling == offered
    assert search.find(offered).total > 0


@pytest.mark.parametrize("typed", ["zzzzzz", "qx", "government tariffs", "goverment zzzzzz", "京都", "12345"])
def test_nothing_is_offered_where_nothing_is_near(typed: str) -> None:
    assert search.find(typed).spelling == ""


def test_a_removed_story_gives_no_spelling() -> None:
    story = make_article("Xylophones", body_text="xylophones")
    search.index(story)
    assert search.find("xylophonse").spelling == "xylophones"
    search.remove(story.pk)
    assert search.find("xylophonse").spelling == ""


@pytest.mark.parametrize(
    ("one", "other", "far"),
    [("tram", "tram", 0), ("tram", "tran", 1), ("tram", "tarm", 1), ("tram", "tra", 1), ("tram", "trains", 3)],
)
def test_distance_counts_what_fingers_do(one: str, other: str, far: int) -> None:
    assert distance(one, other, 3) == distance(other, one, 3) == far


def test_distance_stops_counting_when_it_is_too_much() -> None:
    assert distance("tram", "harbour", 2) == FAR
    assert distance("abcdef", "fedcba", 2) == FAR
