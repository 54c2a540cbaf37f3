"""What of a text counts, in any language, and how it reads."""

import time

import numpy as np
import pytest

from curation.engine import Document, Features, features_of, phrases
from curation.engine.stems import stem


def surfaces(features: Features) -> set[str]:
    return {features.surface(feature) for feature in features.hashes.tolist()}


def count(features: Features, reads: str) -> float:
    return {
        features.surface(feature): float(number)
        for feature, number in zip(features.hashes.tolist(), features.counts, strict=True)
    }[reads]


def test_a_feature_reads_as_the_editor_wrote_it() -> None:
    found = features_of(Document("Heat Pumps for All", body="The Department of Justice bought heat pumps."))
    assert {"heat pumps", "heat", "pumps", "Department of Justice"} <= surfaces(found)


def test_stop_words_are_no_features_and_pairs_reach_over_them() -> None:
    found = features_of(Document("", body="The price of the house"))
    assert surfaces(found) == {"price", "house", "price of the house"}


@pytest.mark.parametrize("text", ["tea. Coffee", "tea, coffee", "tea\n\n\n\ncoffee", "tea (coffee)"])
def test_no_pair_reaches_over_punctuation(text: str) -> None:
    assert not features_of(Document("", body=text)).pairs.size


def test_no_pair_reaches_from_the_headline_into_the_text() -> None:
    assert not features_of(Document("tea", "coffee", "milk")).pairs.size


def test_the_headline_counts_three_times_and_is_remembered() -> None:
    found = features_of(Document("Harbour", body="Harbour ferries"))
    assert count(found, "Harbour") == 4
    assert found.headline.sum() == 1


def test_singular_and_plural_are_one_feature() -> None:
    one, other = (features_of(Document(text)).hashes for text in ("city pump", "cities pumps"))
    assert np.array_equal(one, other)


@pytest.mark.parametrize("word", ["haus", "gas", "press", "basis", "straße", "новости", "أخبار", "新聞", "خبرs"])
def test_words_that_are_no_english_plurals_stay_whole(word: str) -> None:
    assert stem(word) == word


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Die Wärmepumpen im Neubau", "WÄRMEPUMPEN IM NEUBAU"),
        ("الحكومة الجديدة", "الحُكومة الجديدة"),
        ("東京都知事選挙", "東京都知事選挙。"),
    ],
)
def test_case_accents_and_vowel_marks_make_no_difference(one: str, other: str) -> None:
    first, second = (set(features_of(Document(text)).hashes.tolist()) for text in (one, other))
    assert second
    assert second <= first


def test_the_words_to_look_up_and_the_pairs_make_all_features() -> None:
    found = features_of(Document("Heat pumps", body="Heat pumps save money"))
    assert sorted([*found.counted.tolist(), *found.pairs.tolist()]) == found.hashes.tolist()


def test_hashes_fit_a_signed_column_and_never_change() -> None:
    found = features_of(Document("heat pumps"))
    assert found.hashes.dtype == np.int32
    assert found.hashes.tolist() == [-1743277587, -1169889544, 1711636116]


def test_the_order_of_a_pair_matters() -> None:
    assert not np.array_equal(features_of(Document("dog bites")).pairs, features_of(Document("bites dog")).pairs)


def test_an_unknown_feature_reads_as_nothing() -> None:
    assert features_of(Document("tea")).surface(12345) == ""


@pytest.mark.parametrize("text", ["", " \n ", "the", "!!! … ???", "a 1 b"])
def test_a_text_that_says_nothing_has_no_features(text: str) -> None:
    found = features_of(Document(text, text, text))
    assert not found.hashes.size
    assert phrases(found, []) == []


def test_a_hundred_thousand_words_are_cut_where_it_would_take_too_long() -> None:
    document = Document("Long", body=" ".join(f"word{number % 5000}" for number in range(100_000)))
    start = time.process_time()
    found = features_of(document)
    assert time.process_time() - start < 1
    assert found.hashes.size < 15_000


def told(text: str, *names: str, strengths: tuple[float, ...] = ()) -> list[str]:
    """What is told of an article when these of its features are shared."""
    found = features_of(Document("Lead", body=text))
    reads = {found.surface(feature): feature for feature in found.hashes.tolist()}
    return phrases(found, [reads[name] for name in names], strengths)


def test_a_phrase_hides_the_words_it_is_made_of() -> None:
    assert told("heat pumps and money, money", "pumps", "heat pumps", "money", "heat") == ["heat pumps", "money"]


def test_what_the_article_does_not_have_is_not_told() -> None:
    found = features_of(Document("", body="heat pumps"))
    assert phrases(found, [12345, *found.pairs.tolist()]) == ["heat pumps"]


def test_no_more_phrases_are_told_than_asked_for() -> None:
    found = features_of(Document("", body="tide, gate, storm, flood, river"))
    assert len(phrases(found, found.hashes.tolist())) == 4
    assert len(phrases(found, found.hashes.tolist(), limit=1)) == 1


def test_pairs_and_names_are_told_before_plain_words() -> None:
    text = "A storm and a storm in Ashby. The tide gate shut"
    assert told(text, "storm", "Ashby", "tide gate") == ["tide gate", "Ashby", "storm"]


def test_a_capital_at_the_beginning_of_a_sentence_makes_no_name() -> None:
    assert told("Storm, storms in Ashby. Dykes broke, dykes", "storms", "dykes", "Ashby") == [
        "Ashby",
        "storms",
        "dykes",
    ]


def test_no_word_is_told_twice() -> None:
    assert told("tide gate keepers", "tide gate", "gate keepers", strengths=(1.0, 0.9)) == ["tide gate"]


def test_numbers_and_ordinary_words_are_told_only_beside_a_telling_word() -> None:
    text = "It was gone in 112 days, all 4,318 dykes gone in 112 days, booked on Friday, dykes"
    assert told(text, "gone", "112", "112 days", "Friday", "4,318 dykes") == ["4,318 dykes"]


def test_what_counts_for_little_beside_the_strongest_is_left_out() -> None:
    assert told("dykes, dykes; herons, herons", "dykes", "herons", strengths=(1.0, 0.2)) == ["dykes"]


def test_a_reason_is_told_even_where_all_shared_words_are_ordinary() -> None:
    assert told("It was gone by Friday, 112", "112", "gone", "Friday") == ["gone"]


@pytest.mark.parametrize(
    ("text", "reads"),
    [
        ("It was the hospital’s patients", "hospital’s patients"),
        ("It was the patients’ hospital", "hospital"),
        ("We saw the\nnorth leaf", "north leaf"),
        ("They said 1,400 tonnes", "1,400 tonnes"),
        ("It was in 2021, 318 tonnes", "318 tonnes"),
    ],
)
def test_a_phrase_reads_as_it_is_written(text: str, reads: str) -> None:
    assert reads in surfaces(features_of(Document("Lead", body=text)))


def test_telling_a_reason_takes_a_moment() -> None:
    found = features_of(Document("Lead", body=" ".join(f"Word{number} and word{number}" for number in range(500))))
    shared = found.hashes.tolist()[:24]
    durations = []
    for _round in range(20):
        start = time.perf_counter()
        phrases(found, shared)
        durations.append(time.perf_counter() - start)
    assert min(durations) < 0.0005
