"""The desk's search: every word in a headline, the newest or the one readers see, or the number of the story."""

import pytest

from articles import revisions
from articles.headline_search import find
from articles.models import Article
from articles.state import WorkingState
from tests.factories import make_article

pytestmark = pytest.mark.django_db


def found(typed: str) -> set[str]:
    among = find(typed)
    rows = Article.objects.all() if among is None else Article.objects.filter(pk__in=among.ids)
    return set(rows.values_list("headline", flat=True))


def test_each_word_is_found_in_what_readers_see_or_in_the_newest_revision() -> None:
    article = make_article("The tram is late")
    make_article("A ferry sails")
    state = WorkingState.of_article(article).with_(headline="The harbour waits")
    revisions.save(article, state, actor=None)
    assert found("tram") == found("HARBOUR") == found("harbour tram") == {"The tram is late"}
    assert found("harbour ferry") == set()


def test_what_is_quoted_is_one_word_and_nothing_typed_is_a_pattern() -> None:
    make_article("The tram is late")
    make_article("Late, the tram: 100%_")
    assert found('"tram is late"') == {"The tram is late"}
    assert found("100%_") == {"Late, the tram: 100%_"}
    assert found("%") == {"Late, the tram: 100%_"}
    assert found("'") == set()


def test_a_number_is_the_story_of_that_number_and_a_huge_one_is_none() -> None:
    article = make_article("The tram is late")
    make_article("A ferry sails")
    assert found(str(article.pk)) == {"The tram is late"}
    assert found("9" * 40) == found("²") == found("-1") == set()


def test_an_empty_search_finds_all() -> None:
    make_article("The tram is late")
    assert found("") == found("  ") == {"The tram is late"}
