"""The learner's state as bytes, its probabilities, and what earns a score the right to act."""

import numpy as np
import pytest

from comments.learning import calibration
from comments.learning.earning import Pair, earned_threshold, lower_bound, measure
from comments.learning.model import Model
from comments.learning.packing import StateError, dump, load
from comments.learning.writing import Writing
from tests.test_learning_model import HAM, SPAM, same, taught


def test_a_state_comes_back_as_it_was_and_goes_on_learning() -> None:
    model = taught()
    back = load(dump(model))

    assert same(back, model)
    assert back.score(SPAM[0]) == model.score(SPAM[0])
    back.learn(HAM[0], False)
    model.learn(HAM[0], False)
    assert same(back, model)


def test_no_bytes_are_a_new_model() -> None:
    assert same(load(b""), Model())


@pytest.mark.parametrize(
    "spoil", [lambda raw: raw[:-1], lambda raw: b"x" + raw, lambda raw: raw[:40] + b"!" + raw[41:]]
)
def test_spoilt_bytes_are_refused(spoil: object) -> None:
    assert callable(spoil)

    with pytest.raises(StateError):
        load(spoil(dump(taught())))


def test_a_state_is_small() -> None:
    assert len(dump(Model())) < 8_000
    assert len(dump(taught())) < 50_000


def test_probabilities_follow_what_margins_turned_out_to_mean() -> None:
    counts = calibration.empty()
    for margin, ham, spam in ((-2.0, 50, 50), (2.0, 10, 90)):
        counts[0, calibration.bin_of(margin)] = ham
        counts[1, calibration.bin_of(margin)] = spam

    slope, offset = calibration.fitted(counts)

    assert calibration.chance(slope * -2 + offset) == pytest.approx(0.5, abs=0.06)
    assert calibration.chance(slope * 2 + offset) == pytest.approx(0.9, abs=0.06)


@pytest.mark.parametrize("seed", range(5))
def test_a_higher_margin_never_means_a_lower_probability_whatever_was_counted(seed: int) -> None:
    counts = np.random.default_rng(seed).integers(0, 1000, (2, calibration.BINS))
    counts[:, ::2] = 0

    slope, offset = calibration.fitted(counts)

    assert slope > 0
    assert np.isfinite(offset)


def test_margins_that_tell_perfectly_still_give_probabilities_short_of_certain() -> None:
    counts = calibration.empty()
    counts[0, :10] = 1000
    counts[1, 25:] = 1000

    slope, offset = calibration.fitted(counts)

    assert 0.9 < calibration.chance(slope * 4 + offset) < 1


@pytest.mark.parametrize(
    ("right", "tried", "bound"), [(0, 0, 0.0), (10, 10, 0.722), (188, 188, 0.980), (90, 100, 0.826), (0, 10, 0.0)]
)
def test_the_lower_bound_is_wilsons(right: int, tried: int, bound: float) -> None:
    assert lower_bound(right, tried) == pytest.approx(bound, abs=0.001)


def pairs(score: float, spam: int, ham: int) -> list[Pair]:
    return [Pair(score, True)] * spam + [Pair(score, False)] * ham


def test_nothing_is_earned_without_decisions_or_with_few() -> None:
    assert earned_threshold([]) is None
    assert earned_threshold(pairs(0.999, 100, 0)) is None


def test_the_lowest_threshold_that_people_bear_out_is_earned() -> None:
    known = pairs(0.96, 300, 0) + pairs(0.85, 40, 20) + pairs(0.1, 0, 500)

    assert earned_threshold(known) == 0.9


def test_a_threshold_is_lost_again_when_people_contradict() -> None:
    known = pairs(0.96, 300, 0)
    assert earned_threshold(known) is not None

    assert earned_threshold(known + pairs(0.96, 0, 10)) is None


def test_a_lower_threshold_does_not_hide_a_higher_one_that_fails() -> None:
    known = pairs(0.995, 20, 3) + pairs(0.75, 2000, 0)

    assert measure(known, 0.7).earned
    assert earned_threshold(known) is None


def test_what_a_threshold_would_have_done_is_told_in_shares() -> None:
    measured = measure(pairs(0.9, 8, 2) + pairs(0.2, 2, 18), 0.8)

    assert (measured.held, measured.precision, measured.recall, measured.ham_held) == (10, 0.8, 0.8, 0.1)


def test_a_score_that_is_no_number_holds_nothing() -> None:
    assert measure([Pair(float("nan"), False)], 0.5).held == 0


def test_scores_before_and_after_packing_are_the_same_for_words_never_met() -> None:
    model = taught()

    assert load(dump(model)).score(Writing("zymurgy")) == model.score(Writing("zymurgy"))
