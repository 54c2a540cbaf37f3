"""Figures of a score against labels: both are arrays of one length, the label 1 for spam."""

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Labels = NDArray[np.int64]

DRAWS = 1000


def auc(labels: Labels, scores: Floats) -> float:
    """The chance that a spam has a higher score than a ham, ties half (Mann and Whitney)."""
    spam, ham = scores[labels == 1], np.sort(scores[labels == 0])
    below = np.searchsorted(ham, spam, "left") + np.searchsorted(ham, spam, "right")
    return float(below.sum() / 2 / max(1, len(spam) * len(ham)))


def average_precision(labels: Labels, scores: Floats) -> float:
    """Precision averaged over the spam, best first."""
    ordered = labels[np.argsort(-scores, kind="stable")]
    precision = np.cumsum(ordered) / np.arange(1, len(ordered) + 1)
    return float(precision[ordered == 1].mean())


def strictest(labels: Labels, scores: Floats, ham_share: float) -> float:
    """The threshold above which at most ``ham_share`` of the ham lies."""
    ham = np.sort(scores[labels == 0])[::-1]
    return float(ham[min(len(ham) - 1, int(ham_share * len(ham)))])


def held(labels: Labels, scores: Floats, threshold: float) -> tuple[float, float]:
    """Share of the spam and share of the ham above ``threshold``."""
    above = scores > threshold
    return float(above[labels == 1].mean()), float(above[labels == 0].mean())


def brier(labels: Labels, scores: Floats) -> float:
    """Mean squared error of the probabilities."""
    return float(((scores - labels) ** 2).mean())


def calibration_error(labels: Labels, scores: Floats) -> float:
    """Expected calibration error over ten bins of equal width."""
    bins = np.minimum(9, (scores * 10).astype(int))
    return float(
        sum(
            abs(scores[bins == place].mean() - labels[bins == place].mean()) * (bins == place).mean()
            for place in np.unique(bins)
        )
    )


def difference(labels: Labels, ours: Floats, theirs: Floats, figure: Callable[[Labels, Floats], float]) -> list[float]:
    """``figure`` of ours less theirs, and its 95 % interval by drawing the tested comments anew (bootstrap, paired)."""
    draw = np.random.default_rng(4)
    drawn = []
    for _ in range(DRAWS):
        rows = draw.integers(0, len(labels), len(labels))
        if 0 < labels[rows].sum() < len(rows):
            drawn.append(figure(labels[rows], ours[rows]) - figure(labels[rows], theirs[rows]))
    low, high = np.quantile(drawn, [0.025, 0.975])
    return [figure(labels, ours) - figure(labels, theirs), float(low), float(high)]
