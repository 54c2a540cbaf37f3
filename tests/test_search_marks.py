"""Marks in headlines and snippets."""

import re

import pytest

from articles.models import Article
from articles.search.marking import SNIPPET, hit_of
from articles.search.query import parse


def hit(query: str, headline: str = "", standfirst: str = "", body: str = "") -> tuple[str, str]:
    """Headline and snippet as HTML."""
    article = Article(headline=headline, standfirst=standfirst, body_text=body)
    result = hit_of(article, parse(query))
    return result.headline, result.snippet


def test_what_was_found_is_marked_as_it_is_written() -> None:
    headline, snippet = hit("elan tram", "Die Élans", "Trams, TRAM, and e\u0301lan", "")
    assert headline == "Die Élans"
    assert snippet == "<mark>Trams</mark>, <mark>TRAM</mark>, and <mark>élan</mark>"


def test_a_phrase_is_one_mark_and_only_where_it_stands() -> None:
    headline, _snippet = hit('"night bus"', "Bus at night: the night-bus, not the night train")
    assert headline == "Bus at night: the <mark>night-bus</mark>, not the night train"


def test_overlapping_pairs_are_one_mark() -> None:
    headline, _snippet = hit("東京都", "今日の東京都です")
    assert headline == "今日の<mark>東京都</mark>です"


@pytest.mark.parametrize("text", ['<script>alert("tram")</script>', "a & tram < b", "'tram\""])
def test_marked_text_is_escaped(text: str) -> None:
    for marked in hit("tram script", text, text, ""):
        assert "<script" not in marked
        assert re.sub(r"</?mark>", "", marked) == re.sub(r"</?mark>", "", marked).replace("<", "&lt;")
        assert "<mark>tram</mark>" in marked


def test_the_snippet_shows_the_part_of_the_story_with_most_of_the_words() -> None:
    body = "A tram. " + "Nothing here. " * 60 + "The tram stood in the harbour. " + "Nothing more. " * 60
    _headline, snippet = hit("tram harbour", "Late", "A cold day", body)
    assert "<mark>tram</mark> stood in the <mark>harbour</mark>" in snippet
    assert snippet.startswith("… ")
    assert snippet.endswith(" …")
    assert len(re.sub("<[^>]+>", "", snippet)) <= SNIPPET + 4


def test_without_words_in_standfirst_and_story_the_standfirst_stands_as_it_is() -> None:
    assert hit("transport", "Tram", "A cold day", "Snow") == ("Tram", "A cold day")


def test_a_story_without_standfirst_shows_its_beginning() -> None:
    assert hit("transport", "Tram", "", "Snow fell. " * 100)[1].startswith("Snow fell.")


def test_an_endless_word_is_cut_but_harmless() -> None:
    _headline, snippet = hit("xyz", "", "", "y" * 5000 + " xyz")
    assert "<mark>xyz</mark>" in snippet
