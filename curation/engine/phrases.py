"""Shared features as an editor reads them."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from curation.engine.features import Features
from curation.engine.ordinary import ORDINARY
from curation.engine.stems import NOTHING

SHOWN_PHRASES = 4

COMPOUND = 2.0
"""How much rather “heat pumps” is told than a word that counts as much."""

NAME = 1.5
"""The same for what is written with a capital inside a sentence."""

SAID_ONCE = 0.5
"""The same for a plain word that the article says just once, and not in its headline."""

TOLD_FROM = 0.3
"""What counts less than this share of the best phrase is left out: fewer, but telling."""

_BETWEEN = re.compile(r"[\s\-‐‑–]+")
_NUMBER = re.compile(r"\d[\d.,]*(?:st|nd|rd|th|s)?")


@dataclass(frozen=True)
class _Phrase:
    """Something that could be told: its words' hashes, how it reads, what it is worth."""

    words: frozenset[int]
    text: str
    worth: float


def phrases(
    features: Features, hashes: Sequence[int], strengths: Sequence[float] = (), limit: int = SHOWN_PHRASES
) -> list[str]:
    """What the article calls the most telling of these features, best first; no word twice.

    ``strengths`` tell how much each counts, all the same if left out. Numbers and ordinary words are told only where
    a telling word stands with them; if there is nothing else, the strongest that is no number.
    """
    found = sorted(_readable(features, hashes, strengths or [1.0] * len(hashes)), key=lambda one: -one.worth)
    best = found[0].worth if found else 0.0
    telling = [one for one in found if one.worth >= best * TOLD_FROM and one.worth > 0]
    compound = frozenset[int]().union(*(one.words for one in telling if len(one.words) > 1))
    told: list[str] = []
    taken: set[int] = set()
    for one in telling or found[:1]:
        part = len(one.words) == 1 and not one.words.isdisjoint(compound)
        if not part and taken.isdisjoint(one.words):
            told.append(one.text)
            taken |= one.words
    return told[:limit]


def _readable(features: Features, hashes: Sequence[int], strengths: Sequence[float]) -> Iterator[_Phrase]:
    """Those of the features that the article has and that are no bare numbers."""
    if not len(features.hashes):
        return
    wanted = np.array(hashes, np.int32)
    places = np.searchsorted(features.hashes, wanted).clip(max=len(features.hashes) - 1)
    has = features.hashes[places] == wanted
    columns = (features.first, features.second, features.spans, features.counts)
    rows = zip(np.array(strengths)[has].tolist(), *(column[places[has]].tolist() for column in columns), strict=True)
    for strength, first, second, (start, end), count in rows:
        text = features.reads(start, end)
        if any(map(str.isalpha, text)):
            words = (first, second) if second != NOTHING else (first,)
            yield _Phrase(frozenset(words), text, strength * _telling(words, text, features.is_name(start), count))


def _telling(words: Sequence[int], text: str, name: bool, count: float) -> float:
    """How much rather this is told than another feature of the same strength; 0 if it says nothing."""
    parts = _BETWEEN.split(text)
    telling = [
        word not in ORDINARY and not _NUMBER.fullmatch(part)
        for word, part in zip(words, (parts[0], parts[-1]), strict=False)
    ]
    if not any(telling):
        return 0.0
    compound = len(words) > 1 and all(telling) and (name or len(parts) <= 2)  # noqa: PLR2004 - nothing between
    if not (name or compound) and count <= 1:
        return SAID_ONCE
    return (COMPOUND if compound else 1.0) * (NAME if name else 1.0)
