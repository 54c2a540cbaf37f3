"""Folding text and reading queries."""

import pytest

from articles.folding import normal, terms, words
from articles.search.query import LEAST_PREFIX, MAX_GROUPS, MAX_LENGTH, Phrase, QueryTooLongError, parse


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("ÉLAN élan Elan", ["elan", "elan", "elan"]),
        ("e\u0301lan", ["elan"]),
        ("Straße STRASSE", ["strasse", "strasse"]),
        ("Łódź, Ørsted & Æther", ["lodz", "orsted", "aether"]),
        ("İstanbul", ["istanbul"]),
        ("Ελλάδα", ["ελλαδα"]),
        ("Trump’s and people's", ["trump", "and", "people"]),
        ("don't", ["don", "t"]),
        ("covid-19 a_b 1,000", ["covid", "19", "a", "b", "1", "000"]),
        ("ｆｕｌｌ ﬁt", ["full", "fit"]),
        ("हिन्दी", ["हिन्दी"]),
        ("東京都", ["東京", "京都", "都"]),
        ("京", ["京"]),
        ("iPhone手机", ["iphone", "手机", "机"]),
        ("ﾊﾞｽ", ["バス", "ス"]),
        ("한국어", ["한국", "국어", "어"]),
        ("🙂 \x00 ' \" -- \ud800", []),
    ],
)
def test_the_same_word_folds_the_same(text: str, folded: list[str]) -> None:
    assert words(text) == folded


@pytest.mark.parametrize("text", ["O'Brien's 12's 's a'sb _x__y_ it'S", "A" * 200, "a\x00b\tc-d's-e", "'s''s"])
def test_plain_text_is_read_faster_and_alike(text: str) -> None:
    assert words(text) == [term.word for term in terms(normal(text))]


def test_every_word_knows_where_it_stands() -> None:
    text = normal("Le cafe\u0301 des Élans, 東京都!")
    assert [text[term.start : term.end] for term in terms(text)] == ["Le", "café", "des", "Élans", "東京", "京都", "都"]


def one(*words: str, prefix: bool = False) -> tuple[Phrase, ...]:
    """A group of one phrase."""
    return (Phrase(words, prefix),)


def test_words_phrases_minus_prefix_and_or_are_understood() -> None:
    query = parse('Tram "night bus" rail* one OR two -freight -"old line" ok')
    assert query.groups == (
        one("tram"),
        one("night", "bus"),
        one("rail", prefix=True),
        (Phrase(("one",)), Phrase(("two",))),
        one("ok"),
    )
    assert query.without == (Phrase(("freight",)), Phrase(("old", "line")))


def test_the_last_word_may_be_a_beginning_unless_it_is_short_or_quoted() -> None:
    assert parse("late trams").groups == (one("late"), (Phrase(("trams",)), Phrase(("trams",), prefix=True)))
    assert parse("a" * (LEAST_PREFIX - 1)).groups == (one("a" * (LEAST_PREFIX - 1)),)
    assert parse('"trams"').groups == (one("trams"),)
    assert parse("trams", finished=True).groups == (one("trams"),)
    assert parse("tr*").groups == (one("tr"),)


def test_compound_words_are_phrases() -> None:
    assert parse("covid-19 x").groups[0] == one("covid", "19")


def test_chinese_is_searched_by_pairs_and_one_character_by_its_beginning() -> None:
    assert parse("東京都").groups == (one("東京", "京都"),)
    assert parse("京").groups == (one("京", prefix=True),)


@pytest.mark.parametrize("text", ["", "   ", "-", "--", '"', '""', "*", "-tram", "OR", "\x00", "🙂", "'; --", "()*:^"])
def test_nothing_to_look_for_is_an_empty_query(text: str) -> None:
    assert not parse(text) or text == "OR"


def test_a_query_is_bounded() -> None:
    assert parse("a" * MAX_LENGTH)
    with pytest.raises(QueryTooLongError, match="200"):
        parse("a" * (MAX_LENGTH + 1))
    pasted = "the quick brown foxes jump over the lazy dogs while it is raining in the old town"
    groups = parse(pasted, finished=True).groups
    assert len(groups) == MAX_GROUPS
    assert one("it") not in groups
    assert one("raining") in groups
