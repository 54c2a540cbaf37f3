"""From margins to probabilities, by what became of earlier ones (Platt 1999, fitted as Lin, Lin and Weng 2007).

Only margins given *before* the decision count, so the fit flatters nobody. They are kept as counts by bin: adding and
taking away are exact, and their number never grows.
"""

import math

import numpy as np
from numpy.typing import NDArray

BINS = 33
WIDTH = 0.5
"""Bins of half a unit from -8.25 to 8.25; the outer ones take the rest."""

BELIEF = 10.0
"""Decisions that the first belief weighs: that a margin is the logarithm of the odds."""

ROUNDS = 25

Counts = NDArray[np.int64]
"""Shape (2, BINS): ham and spam decisions by bin."""


def empty() -> Counts:
    """No decision yet."""
    return np.zeros((2, BINS), np.int64)


def bin_of(margin: float) -> int:
    """The bin of a margin."""
    return int(min(BINS - 1, max(0, round(margin / WIDTH) + BINS // 2)))


def fitted(counts: Counts) -> tuple[float, float]:
    """Slope and offset: the probability is ``chance(slope * margin + offset)``. The slope is above 0."""
    margins = (np.arange(BINS) - BINS // 2).astype(np.float64) * WIDTH
    believed = _believed(margins)
    ham, spam = counts[0] + believed[0], counts[1] + believed[1]
    theta = np.array([1.0, 0.0])
    design = np.stack([margins, np.ones(BINS)])
    for _ in range(ROUNDS):
        expected = 1 / (1 + np.exp(-np.clip(theta @ design, -30, 30)))
        total = ham + spam
        slope = design @ (spam - total * expected) - [theta[0] - 1, 0]
        bend = (design * (total * expected * (1 - expected))) @ design.T + np.diag([1.0, 1e-6])
        theta = theta + np.linalg.solve(bend, slope)
    return max(0.05, float(theta[0])), float(theta[1])


def chance(log_odds: float) -> float:
    """The probability of these odds."""
    return 1 / (1 + math.exp(-max(-60.0, min(60.0, log_odds))))


def _believed(margins: NDArray[np.float64]) -> NDArray[np.float64]:
    weights = np.exp(-(margins**2) / 8)
    weights *= BELIEF / weights.sum()
    spam = weights / (1 + np.exp(-margins))
    return np.stack([weights - spam, spam])
