"""An invented archive of any size: Zipf words, topics that some forty articles share, tags, ten years of days.

As features without any text, so that a million articles take minutes, or as texts for the whole way through.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import numpy as np
from numpy.typing import NDArray

from curation.engine import Features, PairCounts, Statistics, Subject, fingerprint
from curation.engine.features import pair_hash
from curation.indexing import Work

VOCABULARY = 60_000
ZIPF = 1.05
COMMON = 1_000
"""Topics are made of rarer words than these."""

PER_TOPIC = 40
TOPIC_WORDS = 60
FROM_TOPIC = 0.35
WORDS, HEADLINE = 350, 7
TAGS, TAGS_OF_TOPIC, TAGS_OF_ARTICLE = 3_000, 5, 3
DAYS, DAY = 3_650, 86_400
LAST_DAY = datetime(2026, 3, 1, 12, tzinfo=UTC)
AT_ONCE = 1_000
SAMPLE = 5_000
"""Articles from which the counts are taken, scaled up."""

READS = "estuary"
"""What every feature without a text reads as."""

KNUTH = np.uint32(2_654_435_761)

Tokens = NDArray[np.int64]


@dataclass(frozen=True)
class Written:
    """One article: its words as numbers (headline first), tags, section, day."""

    words: Tokens
    tags: tuple[int, ...]
    section: int
    published: datetime


class World:
    """``number`` articles; the same seed gives the same ones."""

    def __init__(self, number: int, seed: int = 1) -> None:
        self.number = number
        self.random = np.random.default_rng(seed)
        ranks = np.arange(1, VOCABULARY + 1)
        self.odds = (1 / ranks**ZIPF).cumsum()
        self.odds /= self.odds[-1]
        self.topic_odds = (1 / np.arange(1, TOPIC_WORDS + 1)).cumsum()
        self.topic_odds /= self.topic_odds[-1]
        topics = max(number // PER_TOPIC, 10)
        self.topics = self.random.integers(COMMON, VOCABULARY, (topics, TOPIC_WORDS))
        self.topic_tags = np.minimum(self.random.zipf(1.4, (topics, TAGS_OF_TOPIC)), TAGS)

    def article(self, place: int) -> Written:
        """The ``place``-th article; topics come back over the years."""
        return self._some(place, 1)[0]

    def articles(self, start: int = 0) -> Iterator[tuple[int, Written]]:
        """All of them with their numbers, which begin with 1."""
        for first in range(start, self.number, AT_ONCE):
            yield from enumerate(self._some(first, min(AT_ONCE, self.number - first)), start=first + 1)

    def _some(self, first: int, count: int) -> list[Written]:
        """Articles from the ``first``-th on."""
        shape = count, HEADLINE + WORDS
        topics = self.random.integers(len(self.topics), size=count)
        words = np.searchsorted(self.odds, self.random.random(shape))
        own = self.random.random(shape) < FROM_TOPIC
        own[:, :HEADLINE:2] = True
        rows, columns = np.nonzero(own)
        ranks = np.searchsorted(self.topic_odds, self.random.random(len(rows)))
        words[rows, columns] = self.topics[topics[rows], ranks]
        chosen = self.random.random((count, TAGS_OF_TOPIC)).argsort(axis=1)[:, :TAGS_OF_ARTICLE]
        tags = self.topic_tags[topics[:, None], chosen].tolist()
        ages = (
            DAYS * (1 - np.arange(first, first + count) / self.number) + self.random.integers(80_000, size=count) / DAY
        )
        return [
            Written(words[place], tuple(sorted(set(tags[place]))), topic % 9 + 1, LAST_DAY - timedelta(days=age))
            for place, (topic, age) in enumerate(zip(topics.tolist(), ages.tolist(), strict=True))
        ]

    def statistics(self) -> Statistics:
        """Counts of the whole archive, from a sample."""
        counts = np.zeros(VOCABULARY, np.int64)
        pairs = PairCounts()
        sample = min(SAMPLE, self.number)
        for _place in range(sample):
            words = self.article(self.number // 2).words
            counts[np.unique(words)] += 1
            pairs.add(features_of(words).pairs)
        scale = self.number / sample
        words_seen = dict(
            zip(hashes_of(np.arange(VOCABULARY)).tolist(), (counts * scale).astype(int).tolist(), strict=True)
        )
        return Statistics(self.number, words_seen, PairCounts((pairs.buckets * scale).astype(np.uint32)))


def hashes_of(words: Tokens) -> NDArray[np.int32]:
    """What a word's number hashes to."""
    return ((words.astype(np.uint32) + np.uint32(7)) * KNUTH).view(np.int32)


def features_of(words: Tokens) -> Features:
    """As ``engine.features_of`` makes them of a text: words and neighbouring pairs, the headline counting threefold."""
    hashes = hashes_of(words)
    left, right = hashes[:-1], hashes[1:]
    everything = np.concatenate([hashes, pair_hash(left, right)])
    counts = np.concatenate([np.ones(len(hashes)), np.ones(len(left))])
    counts[:HEADLINE] = 3
    counts[len(hashes) : len(hashes) + HEADLINE] = 3
    first = np.concatenate([hashes, left])
    second = np.concatenate([np.zeros_like(hashes), right])
    distinct, places, inverse = np.unique(everything, return_index=True, return_inverse=True)
    summed = np.bincount(inverse, counts).astype(np.float32)
    in_headline = np.isin(distinct, everything[counts > 1])
    spans = np.tile(np.array([0, len(READS)], np.int32), (len(distinct), 1))
    return Features(distinct, summed, in_headline, first[places], second[places], spans, READS)


def work_of(pk: int, written: Written, statistics: Statistics) -> Work:
    """The article under the engine's eyes, without a text."""
    features = features_of(written.words)
    subject = Subject(
        pk, fingerprint(features, statistics), written.tags, written.section, None, "news", written.published
    )
    return Work(features, subject, {tag: f"tag {tag}" for tag in written.tags})


SYLLABLES = [consonant + vowel for consonant in "bdfgklmnprstvz" for vowel in "aeiou"]


def spelling(word: int) -> str:
    """A word that can be said, different for every number."""
    letters = []
    number = word + 70
    while number:
        number, syllable = divmod(number, len(SYLLABLES))
        letters.append(SYLLABLES[syllable])
    return "".join(letters) + "n"


def text_of(words: Tokens) -> tuple[str, str]:
    """Headline and body as text, in sentences of some twelve words."""
    spelt = [spelling(int(word)) for word in words]
    sentences = [" ".join(spelt[start : start + 12]) for start in range(HEADLINE, len(spelt), 12)]
    return " ".join(spelt[:HEADLINE]), ". ".join(sentences) + "."
