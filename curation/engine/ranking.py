"""Which of the candidates stand nearest to an article, and why."""

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from math import log
from typing import Generic, TypeVar

import numpy as np
from numpy.typing import NDArray

from curation.engine.features import Weights
from curation.engine.fingerprint import Fingerprint

TAGS = 0.05
"""What sharing all tags is worth, where 1 is the same text."""

SEASON, SEASON_DAYS = 0.03, 365.0
"""What the same day is worth to an archive, and in how many days that falls to 1/e."""

MOMENT, MOMENT_DAYS = 0.03, 2.0
"""The same for running news."""

POPULARITY = 0.02
"""The most that readers' clicks can move a score, up or down."""

FLOOR = 0.05
"""Below this two articles have little more in common than their language."""

REASON_FEATURES = 4
LIMIT = 20

_WHOLE = 1 + TAGS + SEASON + MOMENT
_DAY = 86_400.0

AGELESS = frozenset({"guide"})
"""Kinds that are as good in five years: their distance in time is not held against them."""

Id = TypeVar("Id", bound=Hashable)
Scores = NDArray[np.float64]


@dataclass(frozen=True)
class Subject(Generic[Id]):
    """An article as the ranking sees it."""

    id: Id
    fingerprint: Fingerprint
    tags: tuple[int, ...] = ()
    section: int | None = None
    source: int | None = None
    kind: str = "news"
    published: datetime | None = None


@dataclass(frozen=True)
class TagCounts:
    """How many articles there are, and how many carry each tag."""

    articles: int
    carriers: Mapping[int, int]

    def weight(self, tag: int) -> float:
        """The rarer, the more: ln((N + 1) / (carriers + 1)) + 1."""
        return max(log((self.articles + 1) / (self.carriers.get(tag, 0) + 1)), 0.0) + 1


@dataclass(frozen=True)
class Reasons:
    """What two articles have in common, in numbers; ``phrases`` puts the features into words.

    ``features`` are hashes, strongest first; ``tags`` ids, rarest first; ``days`` the whole days between the two.
    """

    features: tuple[int, ...] = ()
    tags: tuple[int, ...] = ()
    days: int | None = None
    same_section: bool = False
    same_source: bool = False


@dataclass(frozen=True)
class Scored(Generic[Id]):
    """A candidate that is near enough, with its score between 0 and 1."""

    id: Id
    score: float
    reasons: Reasons


@dataclass(frozen=True)
class _Shared:
    """Where candidates' features are also the query's: candidate, place in the query, product of weights."""

    candidates: NDArray[np.int64]
    places: NDArray[np.int64]
    products: Weights
    cosines: Scores = field(init=False)
    size: int

    def __post_init__(self) -> None:
        object.__setattr__(self, "cosines", np.bincount(self.candidates, self.products, self.size))

    def strongest(self, candidate: int) -> NDArray[np.int64]:
        """Places of the features this candidate shares, the heaviest first."""
        low, high = np.searchsorted(self.candidates, (candidate, candidate + 1))
        return self.places[low:high][np.argsort(-self.products[low:high], kind="stable")]


def rank(
    query: Subject[Id],
    candidates: Sequence[Subject[Id]],
    tag_counts: TagCounts,
    now: datetime | None = None,
    *,
    popularity: Mapping[Id, float] | None = None,
    limit: int = LIMIT,
) -> list[Scored[Id]]:
    """The best ``limit`` candidates of at least ``FLOOR``, best first; equal ones in the order they came.

    A draft has no date: ``now`` stands for it, and without ``now`` time does not count. ``popularity`` is between
    -1 and 1. Apart from it a score is the same seen from either side.
    """
    others = [candidate for candidate in candidates if candidate.id != query.id]
    if not others:
        return []
    shared = _shared(query.fingerprint, [other.fingerprint for other in others])
    days = _days_apart(query.published or now, others)
    scores = shared.cosines + TAGS * _tag_cosines(query.tags, others, tag_counts) + _closeness(query, others, days)
    scores = np.clip(scores / _WHOLE + _popularity(popularity, others), 0, 1)
    best = [int(place) for place in np.argsort(-scores, kind="stable")[:limit] if scores[place] >= FLOOR]
    return [
        Scored(
            others[place].id,
            float(scores[place]),
            Reasons(
                tuple(query.fingerprint.hashes[shared.strongest(place)[:REASON_FEATURES]].tolist()),
                _shared_tags(query.tags, others[place].tags, tag_counts),
                None if np.isnan(days[place]) else int(days[place]),
                query.section is not None and query.section == others[place].section,
                query.source is not None and query.source == others[place].source,
            ),
        )
        for place in best
    ]


def _shared(query: Fingerprint, others: Sequence[Fingerprint]) -> _Shared:
    hashes = np.concatenate([other.hashes for other in others])
    weights = np.concatenate([other.weights for other in others])
    owners = np.repeat(np.arange(len(others)), [len(other.hashes) for other in others])
    places = np.searchsorted(query.hashes, hashes).clip(max=max(len(query.hashes) - 1, 0))
    same = query.hashes[places] == hashes if len(query.hashes) else np.zeros(len(hashes), np.bool_)
    places = places[same]
    return _Shared(owners[same], places, query.weights[places] * weights[same], len(others))


def _days_apart(at: datetime | None, others: Sequence[Subject[Id]]) -> Scores:
    """Days between the query and each candidate, not a number where a date is missing."""
    moments = [np.nan if other.published is None else other.published.timestamp() for other in others]
    return np.abs(np.array(moments) - (np.nan if at is None else at.timestamp())) / _DAY


def _closeness(query: Subject[Id], others: Sequence[Subject[Id]], days: Scores) -> Scores:
    season = np.exp(-days / SEASON_DAYS)
    ageless = np.array([query.kind in AGELESS or other.kind in AGELESS for other in others])
    season[ageless & ~np.isnan(days)] = 1.0
    return np.nan_to_num(SEASON * season + MOMENT * np.exp(-days / MOMENT_DAYS))


def _tag_cosines(tags: tuple[int, ...], others: Sequence[Subject[Id]], counts: TagCounts) -> Scores:
    """Cosines of the tags' weights."""
    squares = {tag: counts.weight(tag) ** 2 for tag in {*tags, *(tag for other in others for tag in other.tags)}}
    own = frozenset(tags)
    length = sum(squares[tag] for tag in own)
    cosines = np.zeros(len(others))
    for place, other in enumerate(others):
        common = sum(squares[tag] for tag in own.intersection(other.tags))
        if common:
            cosines[place] = common / (length * sum(squares[tag] for tag in frozenset(other.tags))) ** 0.5
    return cosines


def _shared_tags(one: tuple[int, ...], other: tuple[int, ...], counts: TagCounts) -> tuple[int, ...]:
    return tuple(sorted(frozenset(one).intersection(other), key=lambda tag: (counts.carriers.get(tag, 0), tag)))


def _popularity(popularity: Mapping[Id, float] | None, others: Sequence[Subject[Id]]) -> Scores:
    if not popularity:
        return np.zeros(len(others))
    return POPULARITY * np.array([popularity.get(other.id, 0.0) for other in others]).clip(-1, 1)
