"""An article's words and pairs of neighbouring words, each with how often it occurs and how it reads."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from articles.folding import normal, terms
from curation.engine.documents import Document
from curation.engine.stems import NOTHING, word_hash

Hashes = NDArray[np.int32]
Weights = NDArray[np.float32]
Flags = NDArray[np.bool_]

HEADLINE_WEIGHT = 3.0
"""An occurrence in the headline counts as so many in the text."""

MAX_CHARACTERS = 60_000
"""Of each field; some 10,000 words. It bounds the time an article takes to about 100 ms."""

_PAIR_LEFT, _PAIR_RIGHT = np.uint32(2_654_435_761), np.uint32(2_246_822_519)
"""Odd multipliers (Knuth's golden ratio, xxHash's second prime) that make a pair's hash depend on its order."""

_JOINING = re.compile(r"(?:['’ʼ][sS])?[ \t\r\n\-‐‑–]{0,3}")
_NUMBER_BEFORE = re.compile(r"\d[\d.,]*[.,]\Z")
_SENTENCE_ENDS = frozenset('.!?:\n"“„«')


@dataclass(frozen=True)
class Features:
    """The features of one article, by ascending hash. Arrays are parallel.

    ``first`` and ``second`` are the hashes of a pair's words; a word has itself in ``first`` and 0 in ``second``.
    ``counts`` are weighted occurrences (headline ×3), ``headline`` tells which features the headline has, ``spans``
    where in ``text`` to read them.
    """

    hashes: Hashes
    counts: Weights
    headline: Flags
    first: Hashes
    second: Hashes
    spans: NDArray[np.int32]
    text: str

    @property
    def is_pair(self) -> Flags:
        """Which features are pairs."""
        pair: Flags = self.second != NOTHING
        return pair

    @property
    def counted(self) -> Hashes:
        """The words whose number of articles must be looked up before, and raised after, indexing."""
        return self.hashes[~self.is_pair]

    @property
    def pairs(self) -> Hashes:
        """The pairs, whose numbers of articles are kept in ``PairCounts``."""
        return self.hashes[self.is_pair]

    def surface(self, feature: int) -> str:
        """The feature as it stands in the article: “heat pumps”, “Department of Justice”; empty if it has it not."""
        at = int(np.searchsorted(self.hashes, feature))
        if at == len(self.hashes) or int(self.hashes[at]) != feature:
            return ""
        return self.reads(*self.spans[at].tolist())

    def reads(self, start: int, end: int) -> str:
        """A piece of the text on one line; of 4,318 it is not just the 318."""
        if self.text[start].isdigit():
            number = _NUMBER_BEFORE.search(self.text, max(start - 12, 0), start)
            start = number.start() if number else start
        return " ".join(self.text[start:end].split())

    def is_name(self, start: int) -> bool:
        """Whether there is a capital inside a sentence; in a headline, all words may have one."""
        if not self.text[start].isupper() or start <= self.text.find("\n"):
            return False
        before = self.text[max(start - 3, 0) : start].rstrip(" ")
        return before != "" and before[-1] not in _SENTENCE_ENDS


@dataclass(frozen=True)
class _Words:
    """The words of a document that count, in their order. ``run`` changes where no pair may reach across."""

    hashes: Hashes
    counts: Weights
    runs: NDArray[np.int32]
    starts: NDArray[np.int32]
    ends: NDArray[np.int32]
    poor: NDArray[np.int8]


def features_of(document: Document) -> Features:
    """Every word and pair of ``document``; pairs pass over stop words but over no punctuation."""
    fields = [normal(field[:MAX_CHARACTERS]) for field in (document.headline, document.standfirst, document.body)]
    words = _words(fields)
    together = words.runs[1:] == words.runs[:-1]
    left, right = words.hashes[:-1][together], words.hashes[1:][together]
    return _gather(
        hashes=np.concatenate([words.hashes, pair_hash(left, right)]),
        counts=np.concatenate([words.counts, words.counts[1:][together]]),
        parts=np.stack(
            [np.concatenate([words.hashes, left]), np.concatenate([np.zeros_like(words.hashes), right])], axis=1
        ),
        spans=np.stack(
            [
                np.concatenate([words.starts, words.starts[:-1][together]]),
                np.concatenate([words.ends, words.ends[1:][together]]),
            ],
            axis=1,
        ),
        poor=np.concatenate([words.poor, words.poor[:-1][together]]),
        text="\n".join(fields),
    )


def pair_hash(left: Hashes, right: Hashes) -> Hashes:
    """The hashes of pairs of words, from the hashes of the words."""
    mixed = left.view(np.uint32) * _PAIR_LEFT + (right.view(np.uint32) ^ (right.view(np.uint32) >> 15)) * _PAIR_RIGHT
    hashes: Hashes = (mixed ^ (mixed >> 13)).view(np.int32)
    return hashes


def _gather(
    *,
    hashes: Hashes,
    counts: Weights,
    parts: Hashes,
    spans: NDArray[np.int32],
    poor: NDArray[np.int8],
    text: str,
) -> Features:
    """One row for each hash, with the first of its best spellings: in small letters, inside a sentence."""
    order = np.lexsort((np.arange(len(hashes)), poor, hashes))
    distinct, firsts = np.unique(hashes[order], return_index=True)
    summed = np.add.reduceat(counts[order], firsts) if len(firsts) else counts
    chosen = order[firsts]
    in_headline = np.maximum.reduceat(counts[order], firsts) == HEADLINE_WEIGHT if len(firsts) else counts > 0
    return Features(
        hashes=distinct,
        counts=summed.astype(np.float32),
        headline=in_headline,
        first=parts[chosen, 0],
        second=parts[chosen, 1],
        spans=spans[chosen],
        text=text,
    )


def _words(fields: list[str]) -> _Words:
    rows = list(_rows(fields))
    columns = np.array(rows, dtype=np.int64).reshape(len(rows), 6).T
    hashes, headline, runs, starts, ends, poor = columns
    return _Words(
        hashes.astype(np.int32),
        np.where(headline, HEADLINE_WEIGHT, 1.0).astype(np.float32),
        runs.astype(np.int32),
        starts.astype(np.int32),
        ends.astype(np.int32),
        poor.astype(np.int8),
    )


def _rows(fields: list[str]) -> Iterator[tuple[int, int, int, int, int, int]]:
    """Hash, in the headline or not, run, start, end, and how poor an example of its spelling it is (0 to 3)."""
    offset = run = 0
    for number, field in enumerate(fields):
        before = 0
        run += 1
        for word, start, end, last in terms(field):
            between = field[before:start]
            run += not _JOINING.fullmatch(between)
            prominent = number == 0 or before == 0 or not _SENTENCE_ENDS.isdisjoint(between)
            poor = 2 * prominent + field[start].isupper()
            before = end
            hashed = NOTHING if last else word_hash(word)
            if hashed != NOTHING:
                yield hashed, number == 0, run, start + offset, end + offset, poor
        offset += len(field) + 1
