"""Why a writing has its score, in what a person can see: words, links and shapes, each with its push."""

import numpy as np
from numpy.typing import NDArray

from comments.learning.features import Features, Kind
from comments.learning.verdict import Because

SHOWN = 8
LEAST = 0.02
"""Pushes below this say nothing."""


def because(features: Features, pushes: NDArray[np.float64]) -> tuple[Because, ...]:
    """The strongest first, at most ``SHOWN``; parts of a word count for their word."""
    sums: dict[tuple[Kind, str], float] = {}
    for feature, push in zip(features.all, pushes.tolist(), strict=True):
        if feature.tells:
            key = (_SHOWN_AS.get(feature.kind, feature.kind), feature.tells)
            sums[key] = sums.get(key, 0.0) + push
    strongest = sorted(sums.items(), key=lambda item: -abs(item[1]))[:SHOWN]
    return tuple(Because(kind, words, push) for (kind, words), push in strongest if abs(push) >= LEAST)


_SHOWN_AS = {Kind.PART: Kind.WORD, Kind.FRAME: Kind.PAIR}
