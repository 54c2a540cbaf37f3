"""A writing as numbers: what is in it, each thing hashed to a place in a space of fixed size."""

import re
import unicodedata
import zlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from comments.learning import links
from comments.learning.shapes import shapes
from comments.learning.writing import Writing
from comments.pipeline import folding

VERSION = 1
"""Raised whenever the same writing gives other features: what was learnt before must be learnt anew."""

BITS = 17
SPACE = 1 << BITS

LONGEST = 8_000
"""Characters that are looked at: as many as the form takes."""

PART_LENGTHS = (3, 4, 5)
LONGEST_WORD = 40
"""Characters of one word whose parts are looked at."""


class Kind(StrEnum):
    """What a feature is."""

    ALWAYS = "always"
    WORD = "word"
    PAIR = "pair"
    FRAME = "frame"  # two words with one between
    PART = "part"  # some letters of a word, its ends included: what survives a misspelling
    MARK = "mark"
    LINK = "link"
    SHAPE = "shape"
    WRITER = "writer"


WEIGHTS: dict[Kind, float] = {
    Kind.WORD: 1.0,
    Kind.PAIR: 1.0,
    Kind.FRAME: 0.6,
    Kind.PART: 1.5,
    Kind.MARK: 0.5,
    Kind.LINK: 1.2,
    Kind.WRITER: 1.0,
}
"""How long the vector of each kind is, however many features it has; found by ``bench/comments_score.py``."""

ALWAYS_WEIGHT = 0.3
SHAPE_WEIGHT = 0.45

MOST_FORMS = 4
"""Ways to read one word that are looked at."""

_INSIDE = re.compile(r"(?<=\w)['’](?=\w)")
_MARKS = re.compile(r"[^\w\s]+")
_STRETCH = re.compile(r"(.)\1{2,}")


@dataclass(frozen=True, slots=True)
class Feature:
    """One thing in a writing. ``tells`` is what a person reads of it: for part of a word, the word."""

    kind: Kind
    key: str
    tells: str

    def place(self) -> int:
        """Where it is in the space."""
        return zlib.crc32(f"{self.kind}:{self.key}".encode("utf-8", "surrogatepass")) & (SPACE - 1)


@dataclass(frozen=True, slots=True)
class Features:
    """All of a writing: for each feature its place and how much it counts."""

    all: list[Feature]
    places: NDArray[np.int64]
    values: NDArray[np.float64]


def extract(writing: Writing) -> Features:
    """The features of ``writing``; those of an empty one are its shape and what is always there."""
    text = writing.text[:LONGEST]
    body, found = links.split(text)
    words = _words(body)
    groups = {
        Kind.WORD: _unique(Kind.WORD, [*((word, word) for word in words), *_disguised(body)]),
        Kind.PAIR: _unique(Kind.PAIR, _pairs(words)),
        Kind.FRAME: _unique(Kind.FRAME, _frames(words)),
        Kind.PART: _unique(Kind.PART, _parts(words)),
        Kind.MARK: _unique(Kind.MARK, _marks(body)),
        Kind.LINK: _unique(Kind.LINK, _of_links([*found, *_website(writing)])),
        Kind.WRITER: _unique(Kind.WRITER, _of_writer(writing)),
    }
    shape = _unique(Kind.SHAPE, ((name, name.partition(".")[0]) for name in shapes(text, words, found)))
    return _together(groups, shape)


def named(writing: Writing) -> list[Feature]:
    """Only what can be told by itself: words, pairs of neighbours, hosts; each once."""
    body, found = links.split(writing.text[:LONGEST])
    words = _words(body)
    hosts = [link.host for link in [*found, *_website(writing)] if link.host]
    return [
        *_unique(Kind.WORD, ((word, word) for word in words if word != links.PLACE)),
        *_unique(
            Kind.PAIR, ((key, tells) for key, tells in _pairs(words) if not {"^", "$", links.PLACE} & {*key.split()})
        ),
        *_unique(Kind.LINK, ((host, host) for host in hosts)),
    ]


def _together(groups: dict[Kind, list[Feature]], shape: list[Feature]) -> Features:
    every = [Feature(Kind.ALWAYS, "", ""), *shape]
    values = [ALWAYS_WEIGHT] + [SHAPE_WEIGHT] * len(shape)
    for kind, features in groups.items():
        every += features
        values += [WEIGHTS[kind] / max(1, len(features)) ** 0.5] * len(features)
    places = np.fromiter((feature.place() for feature in every), np.int64, len(every))
    return Features(every, places, np.array(values))


def _unique(kind: Kind, keyed: Iterable[tuple[str, str]]) -> list[Feature]:
    first: dict[str, str] = {}
    for key, tells in keyed:
        first.setdefault(key, tells)
    return [Feature(kind, key, tells) for key, tells in first.items()]


def _words(body: str) -> list[str]:
    """The words in their order, a link among them as one."""
    first, *rest = map(_readings, _INSIDE.sub("", body).split(links.PLACE))
    return [*first, *(word for run in rest for word in (links.PLACE, *run))]


def _readings(run: str) -> Iterator[str]:
    """Words folded: numbers only by their length, stretched letters twice."""
    for word in folding.words(run):
        plain = word.forms[0] if word.forms else ""
        if plain.isdecimal():
            yield "0" * min(len(plain), 4)
        elif plain:
            yield _STRETCH.sub(r"\1\1", plain)


def _disguised(body: str) -> Iterator[tuple[str, str]]:
    """What a word reads when its digits, or letters of other scripts, are those they look like."""
    for word in folding.words(body):
        for form in word.forms[1:MOST_FORMS] if not word.forms[0].isdecimal() else ():
            yield _STRETCH.sub(r"\1\1", form), word.forms[0]


def _marks(body: str) -> Iterator[tuple[str, str]]:
    """Runs of punctuation and signs: three of them, or one and “+” where it is repeated."""
    for run in _MARKS.findall(body):
        signs = "".join(sign for sign in run if sign != links.PLACE and unicodedata.category(sign)[0] in "PS")
        if signs:
            mark = signs[0] + "+" if len(signs) > 1 and len(set(signs)) == 1 else signs[:3]
            yield mark, mark


def _pairs(words: Sequence[str]) -> Iterator[tuple[str, str]]:
    for left, right in pairwise(["^", *words, "$"]):
        yield f"{left} {right}", " ".join(word for word in (left, right) if word not in {"^", "$"})


def _frames(words: Sequence[str]) -> Iterator[tuple[str, str]]:
    ended = ["^", *words, "$"]
    for left, right in zip(ended, ended[2:], strict=False):
        yield f"{left} {right}", " … ".join(word for word in (left, right) if word not in {"^", "$"})


def _parts(words: Sequence[str]) -> Iterator[tuple[str, str]]:
    for word in dict.fromkeys(words):
        if word == links.PLACE:
            continue
        ended = f" {word[:LONGEST_WORD]} "
        for length in PART_LENGTHS:
            for start in range(len(ended) - length + 1):
                yield ended[start : start + length], word


def _of_links(found: Sequence[links.Link]) -> Iterator[tuple[str, str]]:
    for link in found:
        for trait in link.traits():
            yield trait, link.host or links.PLACE


def _website(writing: Writing) -> list[links.Link]:
    return [links.read(writing.website[:LONGEST])] if writing.website else []


def _of_writer(writing: Writing) -> Iterator[tuple[str, str]]:
    for word in folding.words(writing.name[:LONGEST]):
        if word.forms:
            yield f"name {word.forms[0]}", word.forms[0]
    if writing.email_domain:
        yield f"mail {writing.email_domain[:LONGEST]}", writing.email_domain
    if writing.website:
        yield "website", "website"
