"""How many articles hold a feature or carry a tag: what makes one rare and another worthless."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Self

import numpy as np
from numpy.typing import NDArray

from curation.engine.features import Features, Hashes

PAIR_BUCKETS = 1 << 15
"""Pairs are counted by hash modulo this: 128 kB, where a row for each would be tens of millions. In a big archive a
bucket holds many pairs, and its count is a floor: no pair is taken to be rarer than one in a hundred articles or so,
unless one of its words is. More buckets were no better (``bench/results/related-quality.md``)."""


@dataclass(frozen=True)
class PairCounts:
    """In how many articles the pairs of a bucket occur; never too few for any one pair."""

    buckets: NDArray[np.uint32] = field(default_factory=lambda: np.zeros(PAIR_BUCKETS, np.uint32))

    @staticmethod
    def places(pairs: Hashes) -> NDArray[np.int64]:
        """The buckets of these pairs, each once: those to raise when their article is indexed."""
        return np.unique(_places(pairs))

    def of(self, pairs: Hashes) -> NDArray[np.int64]:
        """The count for each pair."""
        return self.buckets[_places(pairs)].astype(np.int64)

    def add(self, pairs: Hashes, change: int = 1) -> None:
        """Count the pairs of one more article, or of one less with ``change=-1``."""
        places = self.places(pairs)
        self.buckets[places] = np.maximum(self.buckets[places].astype(np.int64) + change, 0)

    def pack(self) -> bytes:
        """Four bytes a bucket, little-endian; may be cut anywhere at a multiple of four."""
        return self.buckets.astype("<u4").tobytes()

    @classmethod
    def unpack(cls, data: bytes) -> Self:
        """From what ``pack`` gave."""
        return cls(np.frombuffer(data, "<u4").astype(np.uint32))


def _places(pairs: Hashes) -> NDArray[np.int64]:
    return pairs.view(np.uint32).astype(np.int64) % PAIR_BUCKETS


@dataclass(frozen=True)
class Statistics:
    """Counts of the archive, or of as much of it as one article needs.

    ``articles`` is the size of the archive, ``words`` articles by the hash of a word (``Features.counted``),
    ``pairs`` those of pairs. The article itself is counted in all of them: first raise, then weigh.
    """

    articles: int
    words: Mapping[int, int]
    pairs: PairCounts

    def df(self, features: Features) -> NDArray[np.int64]:
        """In how many articles each feature occurs; a pair in no more than the rarer of its words."""
        first = self._words(features.first)
        counts = first.copy()
        pair = features.is_pair
        bound = np.minimum(first[pair], self._words(features.second[pair]))
        counts[pair] = np.minimum(self.pairs.of(features.hashes[pair]), bound)
        return counts

    def _words(self, hashes: Hashes) -> NDArray[np.int64]:
        return np.fromiter((self.words.get(word, 0) for word in hashes.tolist()), np.int64, len(hashes))
