"""Which of the candidates stand nearest to an article, and why."""

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from math import log
from typing import Generic, Self, TypeVar

import numpy as np
from numpy.typing import NDArray

from curation.engine.features import Flags, Hashes, Weights
from curation.engine.fingerprints import Fingerprint

HEADLINE = 0.1
"""What it is worth, where 1 is the same text, to hold all that the other's headline says; both ways together."""

TAGS = 0.08
"""What sharing all tags is worth."""

SEASON, SEASON_DAYS = 0.05, 365.0
"""What the same day is worth to an archive, and in how many days that falls to 1/e."""

MOMENT, MOMENT_DAYS = 3.0, 2.0
"""Running news: on the same day the odds of a relation are 1 + 3 times what the likeness says, which falls to 1/e in
two days. So a near date lifts what is alike anyway, and is worth nothing by itself."""

ALIKE_FROM, ALIKE = 0.1, 0.2
"""Likeness from which a near date lifts, and from which it does so in full. A newsroom has a dozen unrelated stories
a day, and what two of them share by accident seldom reaches 0.1 (in the demo, one pair of twenty drawn at random):
lifted all the same, it puts the day's theatre beside the day's football."""

UNDATED_DAYS = 2.0
"""How far apart two articles count when one has no date: near enough not to be held against them."""

POPULARITY = 0.02
"""The most that readers' clicks can move a score, up or down."""

FLOOR = 0.03
"""Likeness (texts, headlines and tags, 0 to 1) below which nothing is shown, however near in time or often clicked.
Nine in ten pairs drawn at random from two real archives stay below 0.042 and 0.030 (0.079 in the demo's small one);
of what the editors chose and the engine had among its five, nothing lies below 0.03, and in one archive of three
1.7 % below 0.04, which would cost it 0.006 nDCG@5."""

STRANGERS_FLOOR = 0.06
"""The same for two articles that both have tags and share none: the editors have filed them apart, so the words must
say more. In the fives of three archives and the demo it empties 41 more places, of which an editor had chosen one;
nDCG@5 falls by 0.001 in one archive. A floor as high for all costs 0.009 there, because posts on one subject, with one
tag, may share few words; 0.07 instead of 0.06 costs 0.004."""

REASON_FEATURES = 24
"""Enough for four phrases after ordinary words and parts of others have been left out."""

LIMIT = 20

_WHOLE = 1 + HEADLINE + TAGS
_DAY = 86_400.0
_TINY = 1e-9
_FILTER_BITS = 16
_FILTER = np.int32((1 << _FILTER_BITS) - 1)

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

    ``features`` are hashes, strongest first, ``strengths`` what each adds to the likeness of the texts, where the
    strongest is 1; ``tags`` are ids, rarest first; ``days`` the whole days between the two.
    """

    features: tuple[int, ...] = ()
    strengths: tuple[float, ...] = ()
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
    """What candidates share with the query: arrays of owner, place in the query and product of weights by feature,

    then of the cosine of the texts and the share of each other's headline that they hold, by candidate.
    """

    owners: NDArray[np.int64]
    places: NDArray[np.int64]
    products: Weights
    cosines: Scores
    headlines: Scores

    @classmethod
    def between(cls, query: Fingerprint, others: Sequence[Fingerprint]) -> Self:
        """All candidates at once."""
        size = len(others)
        hashes, weights, headline = (
            np.concatenate([getattr(other, column) for other in others]) for column in ("hashes", "weights", "headline")
        )
        owners = np.repeat(np.arange(size), [len(other.hashes) for other in others])
        places, same = _find(query.hashes, hashes)
        products = query.weights[places] * weights[same]
        headed, own = headline * weights**2, query.headline * query.weights**2
        theirs = _sums(owners[same], headed[same], size) / np.maximum(_sums(owners, headed, size), _TINY)
        ours = _sums(owners[same], own[places], size) / max(float(own.sum()), _TINY)
        return cls(owners[same], places, products, _sums(owners[same], products, size), (ours + theirs) / 2)

    def strongest(self, candidate: int) -> tuple[NDArray[np.int64], Weights]:
        """Places of the features this candidate shares, the heaviest first, and the products of their weights."""
        low, high = np.searchsorted(self.owners, (candidate, candidate + 1))
        order = low + np.argsort(-self.products[low:high], kind="stable")[:REASON_FEATURES]
        return self.places[order], self.products[order]


def _find(known: Hashes, hashes: Hashes) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Where in ``known``, which ascends, those of ``hashes`` stand that are in it; and which are.

    Few are: their last bits alone rule most others out, in a tenth of the time that looking for each takes.
    """
    if not len(known):
        return np.zeros(0, np.int64), np.zeros(0, np.int64)
    likely = np.zeros(1 << _FILTER_BITS, np.bool_)
    likely[known & _FILTER] = True
    maybe = np.flatnonzero(likely[hashes & _FILTER])
    places = np.searchsorted(known, hashes[maybe]).clip(max=len(known) - 1)
    same = known[places] == hashes[maybe]
    return places[same], maybe[same]


def _sums(owners: NDArray[np.int64], amounts: Weights, size: int) -> Scores:
    """What each owner's amounts come to."""
    return np.bincount(owners, amounts, size).astype(np.float64)


def rank(
    query: Subject[Id],
    candidates: Sequence[Subject[Id]],
    tag_counts: TagCounts,
    now: datetime | None = None,
    *,
    popularity: Mapping[Id, float] | None = None,
    limit: int = LIMIT,
) -> list[Scored[Id]]:
    """The best ``limit`` candidates, best first; equal ones in the order they came, none below its floor.

    A draft has no date: ``now`` stands for it, and without ``now`` time does not count. ``popularity`` is between
    -1 and 1. Apart from it a score is the same seen from either side.
    """
    others = [candidate for candidate in candidates if candidate.id != query.id]
    if not others:
        return []
    shared = _Shared.between(query.fingerprint, [other.fingerprint for other in others])
    days = _days_apart(query.published or now, others)
    alike_tags = _tag_cosines(query.tags, others, tag_counts)
    likeness = ((shared.cosines + HEADLINE * shared.headlines + TAGS * alike_tags) / _WHOLE).clip(0, 1)
    near = likeness >= _floors(query, others, alike_tags)
    scores = _in_time(likeness, days, _ageless(query, others)) + _popularity(popularity, others)
    scores = scores.clip(0, 1)
    best = [int(place) for place in np.argsort(-scores, kind="stable") if near[place]][:limit]
    found = []
    for place in best:
        reasons = _reasons(query, others[place], shared.strongest(place), float(days[place]), tag_counts)
        found.append(Scored(others[place].id, float(scores[place]), reasons))
    return found


def _reasons(
    query: Subject[Id],
    other: Subject[Id],
    strongest: tuple[NDArray[np.int64], Weights],
    days: float,
    counts: TagCounts,
) -> Reasons:
    places, products = strongest
    return Reasons(
        features=tuple(query.fingerprint.hashes[places].tolist()),
        strengths=tuple((products / max(float(products.max(initial=0)), _TINY)).tolist()),
        tags=_shared_tags(query.tags, other.tags, counts),
        days=None if np.isnan(days) else int(days),
        same_section=query.section is not None and query.section == other.section,
        same_source=query.source is not None and query.source == other.source,
    )


def _days_apart(at: datetime | None, others: Sequence[Subject[Id]]) -> Scores:
    """Days between the query and each candidate, not a number where a date is missing."""
    moments = [np.nan if other.published is None else other.published.timestamp() for other in others]
    return np.abs(np.array(moments) - (np.nan if at is None else at.timestamp())) / _DAY


def _floors(query: Subject[Id], others: Sequence[Subject[Id]], alike_tags: Scores) -> Scores:
    """What each candidate's likeness must reach."""
    tagged = np.array([bool(query.tags and other.tags) for other in others])
    return np.where(tagged & (alike_tags == 0), STRANGERS_FLOOR, FLOOR)


def _ageless(query: Subject[Id], others: Sequence[Subject[Id]]) -> Flags:
    return np.array([query.kind in AGELESS or other.kind in AGELESS for other in others])


def _in_time(likeness: Scores, days: Scores, ageless: Flags) -> Scores:
    """Scores from likeness (0 to 1) and the days between: running news and an archive on one scale."""
    known = np.where(np.isnan(days), UNDATED_DAYS, days)
    season = np.where(ageless, 1.0, np.exp(-known / SEASON_DAYS))
    trusted = ((likeness - ALIKE_FROM) / (ALIKE - ALIKE_FROM)).clip(0, 1)
    odds = 1 + MOMENT * trusted * np.exp(-known / MOMENT_DAYS)
    lifted = odds * likeness / (1 + (odds - 1) * likeness)
    scores: Scores = (lifted + SEASON * season) / (1 + SEASON)
    return scores


def _tag_cosines(tags: tuple[int, ...], others: Sequence[Subject[Id]], counts: TagCounts) -> Scores:
    """Cosines of the tags' weights."""
    squares = {tag: counts.weight(tag) ** 2 for tag in {*tags, *(tag for other in others for tag in other.tags)}}
    own = frozenset(tags)
    length = sum(squares[tag] for tag in own)
    cosines = np.zeros(len(others))
    for place, other in enumerate(others):
        common = own.intersection(other.tags)
        if common:
            theirs = sum(squares[tag] for tag in frozenset(other.tags))
            cosines[place] = sum(squares[tag] for tag in common) / (length * theirs) ** 0.5
    return cosines


def _shared_tags(one: tuple[int, ...], other: tuple[int, ...], counts: TagCounts) -> tuple[int, ...]:
    return tuple(sorted(frozenset(one).intersection(other), key=lambda tag: (counts.carriers.get(tag, 0), tag)))


def _popularity(popularity: Mapping[Id, float] | None, others: Sequence[Subject[Id]]) -> Scores:
    if not popularity:
        return np.zeros(len(others))
    return POPULARITY * np.array([popularity.get(other.id, 0.0) for other in others]).clip(-1, 1)
