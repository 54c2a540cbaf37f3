"""The few hundred features an article is known by, and how they are kept in a column."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate
from typing import Self

import numpy as np

from curation.engine.features import Features, Flags, Hashes, Weights
from curation.engine.statistics import Statistics

KEPT = 300
"""Features of a fingerprint. Half as many cost 0.01 nDCG@5, more bring nothing."""

POSTED = 100
"""The heaviest features, by which candidates are found."""

COMMON_SHARE = 0.3
"""A feature in more of the articles than this tells none of them apart."""

COMMON_AT_LEAST = 10
"""… but in a small archive it takes so many articles to call it common."""

CHANCE_PAIR = 0.8
"""What a pair that stands in the text just once is worth: many such neighbours are chance."""

_PACKED = np.dtype([("hash", "<i4"), ("weight", "u1")])
_STEPS = 127
_TINY = 1e-9
_IN_HEADLINE = 128


@dataclass(frozen=True)
class Fingerprint:
    """Features by ascending hash, with weights, and which the headline has; of length 1 unless it is empty."""

    hashes: Hashes
    weights: Weights
    headline: Flags

    def heaviest(self, limit: int = POSTED) -> Hashes:
        """The hashes of the ``limit`` heaviest features, heaviest first; equal ones by hash."""
        return self.hashes[np.lexsort((self.hashes, -self.weights))[:limit]]

    def pack(self) -> bytes:
        """Five bytes a feature: the hash, the weight in 127ths of the heaviest, and a bit for the headline's."""
        rows = np.empty(len(self.hashes), _PACKED)
        rows["hash"] = self.hashes
        steps = np.rint(self.weights * (_STEPS / max(float(self.weights.max(initial=0)), _TINY))).clip(1)
        rows["weight"] = steps.astype(np.uint8) | np.where(self.headline, _IN_HEADLINE, 0).astype(np.uint8)
        return rows.tobytes()

    @classmethod
    def unpack(cls, data: bytes) -> Self:
        """From what ``pack`` gave; lengths are made 1 again, so the scale need not be kept."""
        return cls.unpack_many([data])[0]

    @classmethod
    def unpack_many(cls, packed: Sequence[bytes]) -> list[Self]:
        """Many at once, in a fifth of the time that one after the other takes."""
        rows = np.frombuffer(b"".join(packed), np.uint8).reshape(-1, _PACKED.itemsize)
        hashes, last = rows[:, :4].copy().view("<i4").ravel().astype(np.int32, copy=False), rows[:, 4].copy()
        sizes = [len(data) // _PACKED.itemsize for data in packed]
        steps, headline = (last & _STEPS).astype(np.float32), last >= _IN_HEADLINE
        found, start = [], 0
        for end in accumulate(sizes):
            own = steps[start:end]
            length = np.sqrt(np.float64(own @ own)).clip(_TINY)
            found.append(cls(hashes[start:end], (own / length).astype(np.float32), headline[start:end]))
            start = end
        return found


def fingerprint(features: Features, statistics: Statistics) -> Fingerprint:
    """The heaviest features of an article by (1 + ln tf) · (ln((N + 1) / (df + 1)) + 1).

    The sublinear TF-IDF of Salton and Buckley (1988), smoothed as scikit-learn does. What no other article
    has counts only when this one repeats it or has it in the headline: half of all pairs occur once and never again.
    """
    df = statistics.df(features)
    common = df > max(COMMON_SHARE * statistics.articles, COMMON_AT_LEAST)
    unheard = (df <= 1) & (features.counts <= 1)
    kept = np.flatnonzero(~(common | unheard))
    rarity = np.log((statistics.articles + 1) / (df[kept] + 1)).clip(0) + 1
    chance = np.where(features.is_pair[kept] & (features.counts[kept] <= 1), CHANCE_PAIR, 1.0)
    weights = ((1 + np.log(features.counts[kept])) * rarity * chance).astype(np.float32)
    heaviest = np.sort(np.lexsort((features.hashes[kept], -weights))[:KEPT])
    chosen = kept[heaviest]
    return Fingerprint(features.hashes[chosen], _unit(weights[heaviest]), features.headline[chosen])


def _unit(weights: Weights) -> Weights:
    length = float(np.sqrt((weights * weights).sum()))
    return (weights / max(length, _TINY)).astype(np.float32)
