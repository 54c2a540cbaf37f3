"""Keeping twins apart in a list that is already in order."""

from collections.abc import Mapping, Sequence

import numpy as np

from curation.engine.fingerprints import Fingerprint
from curation.engine.ranking import Id, Scored

SHOWN = 5
"""The places of a list in which no two near-duplicates stand."""

TWINS = 0.9
"""From this cosine on two texts are one text with small changes."""


def cosine(one: Fingerprint, other: Fingerprint) -> float:
    """How alike two texts are, 0 to 1."""
    _both, here, there = np.intersect1d(one.hashes, other.hashes, assume_unique=True, return_indices=True)
    return float(one.weights[here] @ other.weights[there])


def diversify(
    ranked: Sequence[Scored[Id]], fingerprints: Mapping[Id, Fingerprint], shown: int = SHOWN
) -> list[Scored[Id]]:
    """The same list; a near-duplicate of one of the first ``shown`` waits until those are full."""
    first: list[Scored[Id]] = []
    later: list[Scored[Id]] = []
    for scored in ranked:
        twin = len(first) < shown and any(
            cosine(fingerprints[scored.id], fingerprints[other.id]) >= TWINS for other in first
        )
        (later if twin or len(first) >= shown else first).append(scored)
    return first + sorted(later, key=lambda scored: -scored.score)
