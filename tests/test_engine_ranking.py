"""Which articles stand beside another, in which order, and the reasons given."""

import time
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import numpy as np
import pytest

from curation.engine import (
    POPULARITY,
    Document,
    Fingerprint,
    PairCounts,
    Scored,
    Statistics,
    Subject,
    TagCounts,
    cosine,
    diversify,
    features_of,
    fingerprint,
    rank,
)

NOON = datetime(2026, 5, 4, 12, tzinfo=UTC)
TAGS = TagCounts(1000, {1: 400, 2: 3})
STATISTICS = Statistics(1000, {}, PairCounts())
FERRIES = "Harbour ferries raise fares. Ferries raise fares. Harbour ferries. Island ferries"
BREAD = "Bakers bake sourdough bread. Bakers bake sourdough bread"


def subject(number: int, text: str, days: float = 0, headline: str = "", **facts: Any) -> Subject[int]:
    made = fingerprint(features_of(Document(headline, body=text)), STATISTICS)
    return replace(Subject(number, made, published=NOON + timedelta(days=days)), **facts)


def ids(scored: list[Scored[int]]) -> list[int]:
    return [one.id for one in scored]


def score(one: Subject[int], other: Subject[int]) -> float:
    return rank(one, [other], TAGS)[0].score


def test_the_story_alike_comes_first_and_the_stranger_not_at_all() -> None:
    found = rank(subject(1, FERRIES), [subject(2, BREAD), subject(3, f"{FERRIES}. {BREAD}"), subject(4, FERRIES)], TAGS)
    assert ids(found) == [4, 3]
    assert all(0 < one.score <= 1 for one in found)


def test_an_article_is_never_beside_itself() -> None:
    assert rank(subject(1, FERRIES), [subject(1, FERRIES)], TAGS) == []


def test_the_same_day_alone_is_no_relation() -> None:
    assert rank(subject(1, FERRIES), [subject(2, BREAD)], TAGS) == []


def test_of_two_alike_the_nearer_in_time_comes_first() -> None:
    found = rank(subject(1, FERRIES), [subject(2, FERRIES, -300), subject(3, FERRIES, -3)], TAGS)
    assert ids(found) == [3, 2]


def alike(number: int, cosine: float, days: float = 0, tags: tuple[int, ...] = ()) -> Subject[int]:
    """An article that is so far alike to ``alike(…, 1)``."""
    weights = np.array([cosine, (1 - cosine**2) ** 0.5], np.float32)
    hashes = np.array([1, number + 1], np.int32)
    made = Fingerprint(hashes, weights, np.zeros(2, np.bool_))
    return Subject(number, made, tags=tags, published=NOON + timedelta(days=days))


@pytest.mark.parametrize(("cosine", "least", "most"), [(0.1, 0.0, 0.06), (0.5, 0.15, 1.0)])
def test_a_near_date_lifts_only_what_is_alike(cosine: float, least: float, most: float) -> None:
    query = alike(1, 1)
    gain = score(query, alike(2, cosine)) - score(query, alike(3, cosine, -60))
    assert least < gain < most


def test_the_days_other_story_does_not_pass_an_older_one_that_is_more_alike() -> None:
    found = rank(alike(1, 1), [alike(2, 0.1), alike(3, 0.15, -60)], TAGS)
    assert ids(found) == [3, 2]


def test_articles_without_a_tag_in_common_must_be_more_alike() -> None:
    weak = 0.06
    assert rank(alike(1, 1, tags=(1,)), [alike(2, weak, tags=(5,))], TAGS) == []
    assert ids(rank(alike(1, 1), [alike(2, weak, tags=(5,))], TAGS)) == [2]
    assert ids(rank(alike(1, 1, tags=(1, 2)), [alike(2, weak, tags=(1, 5))], TAGS)) == [2]


def test_a_guide_does_not_age() -> None:
    found = rank(subject(1, FERRIES), [subject(2, FERRIES, -3000), subject(3, FERRIES, -3000, kind="guide")], TAGS)
    assert ids(found) == [3, 2]


def test_a_rare_tag_tells_more_than_a_common_one() -> None:
    query = subject(1, FERRIES, tags=(1, 2))
    text = f"{FERRIES}. {BREAD}"
    found = rank(query, [subject(2, text, tags=(1,)), subject(3, text, tags=(2,)), subject(4, text)], TAGS)
    assert ids(found) == [3, 2, 4]


def test_holding_the_others_headline_counts() -> None:
    query = subject(1, FERRIES, headline="Ferries raise fares")
    plain = subject(2, f"{FERRIES}. {BREAD}", headline="Sourdough")
    headed = replace(plain, id=3, fingerprint=replace(plain.fingerprint, headline=query_headline(query, plain)))
    assert ids(rank(query, [plain, headed], TAGS)) == [3, 2]


def query_headline(query: Subject[int], other: Subject[int]) -> np.ndarray:
    return np.isin(other.fingerprint.hashes, query.fingerprint.hashes[query.fingerprint.headline])


def test_a_score_is_the_same_from_either_side() -> None:
    one = subject(1, FERRIES, headline="Ferries", tags=(1, 2))
    other = subject(2, f"{FERRIES}. {BREAD}", -40, headline="Fares", tags=(2, 5))
    assert score(one, other) == pytest.approx(score(other, one))


def test_a_draft_is_taken_to_be_of_now() -> None:
    draft = replace(subject(1, FERRIES), published=None)
    found = rank(draft, [subject(2, FERRIES, -300), subject(3, FERRIES, -3)], TAGS, NOON)
    assert ids(found) == [3, 2]
    assert [one.reasons.days for one in found] == [3, 300]


def test_without_a_date_time_is_not_held_against_anybody() -> None:
    undated = replace(subject(2, FERRIES), published=None)
    found = rank(subject(1, FERRIES), [subject(3, FERRIES, -300), undated], TAGS)
    assert ids(found) == [2, 3]
    assert found[0].reasons.days is None


def test_reasons_say_what_is_shared() -> None:
    query = subject(1, FERRIES, tags=(1, 2), section=7, source=9)
    other = subject(2, f"{FERRIES}. {BREAD}", -2.5, tags=(2, 1, 5), section=7, source=8)
    reasons = rank(query, [other], TAGS)[0].reasons
    assert reasons.tags == (2, 1)
    assert reasons.strengths[0] == 1
    assert list(reasons.strengths) == sorted(reasons.strengths, reverse=True)
    assert reasons.days == 2
    assert reasons.same_section
    assert not reasons.same_source
    names = features_of(Document("", body=FERRIES))
    assert names.surface(reasons.features[0]).lower() in {"ferries", "harbour ferries", "raise", "fares"}


def test_two_articles_without_section_and_source_share_neither() -> None:
    reasons = rank(subject(1, FERRIES), [subject(2, FERRIES)], TAGS)[0].reasons
    assert not reasons.same_section
    assert not reasons.same_source


def test_clicks_move_a_score_a_little_and_lift_no_stranger() -> None:
    query, one, stranger = subject(1, FERRIES), subject(2, f"{FERRIES}. {BREAD}"), subject(3, BREAD)
    plain = score(query, one)
    found = rank(query, [one, stranger], TAGS, popularity={2: -50.0, 3: 50.0})
    assert ids(found) == [2]
    assert found[0].score == pytest.approx(plain - POPULARITY)


def test_equal_candidates_keep_the_order_they_came_in() -> None:
    found = rank(subject(1, FERRIES), [subject(number, FERRIES) for number in (5, 3, 4)], TAGS)
    assert ids(found) == [5, 3, 4]


def test_a_list_is_no_longer_than_asked_for() -> None:
    assert len(rank(subject(1, FERRIES), [subject(number, FERRIES) for number in range(2, 9)], TAGS, limit=3)) == 3


@pytest.mark.parametrize("text", ["", "the"])
def test_an_article_that_says_nothing_finds_nothing_and_is_not_found(text: str) -> None:
    assert rank(subject(1, text), [subject(2, FERRIES), subject(3, text)], TAGS) == []
    assert rank(subject(2, FERRIES), [subject(1, text)], TAGS) == []
    assert rank(subject(2, FERRIES), [], TAGS) == []


def test_equal_tags_relate_even_without_words_but_only_just() -> None:
    found = rank(subject(1, "", tags=(2,)), [subject(2, "", tags=(2,))], TAGS)
    assert ids(found) == [2]
    assert found[0].score < 0.3


def test_near_duplicates_do_not_stand_side_by_side_among_the_five() -> None:
    query = subject(1, FERRIES)
    twins = [subject(number, FERRIES) for number in (2, 3, 4)]
    others = [
        subject(number, f"{FERRIES}. {BREAD}. {filler}. {filler}") for number, filler in ((5, "tea"), (6, "milk"))
    ]
    made = {one.id: one.fingerprint for one in [*twins, *others]}
    ranked = rank(query, [*twins, *others], TAGS)
    order = ids(diversify(ranked, made))
    assert order[0] == 2
    assert set(order) == {2, 3, 4, 5, 6}
    assert cosine(made[order[0]], made[order[1]]) < 0.9


def test_a_list_without_twins_stays_as_it_is() -> None:
    texts = {2: FERRIES, 3: f"{FERRIES}. {BREAD}"}
    candidates = [subject(number, text) for number, text in texts.items()]
    ranked = rank(subject(1, FERRIES), candidates, TAGS)
    assert diversify(ranked, {one.id: one.fingerprint for one in candidates}) == ranked


def test_three_hundred_candidates_take_a_moment() -> None:
    random = np.random.default_rng(1)

    def drawn(number: int) -> Subject[int]:
        hashes = np.unique(random.integers(0, 5000, 400).astype(np.int32))[:300]
        weights = (random.random(len(hashes)) / 10).astype(np.float32)
        return Subject(number, Fingerprint(hashes, weights, weights > 0.09), (1, 2, number), published=NOON)

    candidates = [drawn(number) for number in range(300)]
    durations = []
    for _round in range(5):
        start = time.perf_counter()
        rank(candidates[0], candidates, TAGS)
        durations.append(time.perf_counter() - start)
    assert min(durations) < 0.05
