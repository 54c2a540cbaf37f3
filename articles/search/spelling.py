"""Offer a spelling for words that no article holds.

Candidates come from the words of our own articles that share the first or the
last three letters, which the database looks up by equality; how far away
each is, is counted here. Only a spelling that finds something readers may see
is offered, so that no word of a story still to come is given away.
"""

from collections.abc import Iterable, Sequence
from itertools import chain
from math import log2
from typing import NamedTuple

from django.db import connection
from django.db.models import Q

from articles.folding import normal, terms
from articles.models import SearchWord
from articles.search import databases
from articles.search.databases import Within
from articles.search.query import MAX_LENGTH, Phrase, Query, parse

HEAD, TAIL = 1, 3
LEAST_LENGTH = 4
"""Shorter words are near to too many others."""

MAX_CORRECTED = 3
"""Words of one query that are corrected."""

MAX_NEIGHBOURS = 10_000
"""Candidates compared for one query; a word of 12,000 English articles has some hundreds to 3,000."""

TRIED = 8
"""Spellings that are tried, nearest first."""

FAR = 99

FAR_COSTS = 3
"""A letter more to change is worth it when the spelling finds eight times as many articles."""

BATCH = 1_000
"""Rows of one INSERT."""


class Neighbour(NamedTuple):
    """A known word and its distance."""

    word: str
    far: int


def learn(words: Iterable[str]) -> None:
    """Remember all words. In their order, so that two writers never wait for each other."""
    rows = [(word, word[:HEAD], word[-TAIL:], len(word)) for word in sorted(words)]
    with connection.cursor() as cursor:
        for start in range(0, len(rows), BATCH):
            some = rows[start : start + BATCH]
            values = ", ".join(["(%s, %s, %s, %s)"] * len(some))
            cursor.execute(
                f"INSERT INTO articles_searchword (word, head, tail, length) VALUES {values} ON CONFLICT DO NOTHING",  # noqa: S608 - placeholders only
                list(chain.from_iterable(some)),
            )


def suggest(text: str, query: Query, within: Within) -> str:
    """The text with its unknown words replaced such that something is found; empty without such a spelling."""
    wanted = {phrase.words[0] for phrase in query.phrases() if len(phrase.words) == 1}
    unknown = _unknown([word for word in sorted(wanted) if len(word) >= LEAST_LENGTH][:MAX_CORRECTED], within)
    if not unknown or not all(unknown.values()):
        return ""
    spellings = _spellings(text, unknown)
    counts = databases.index().counts([parse(spelling, finished=True) for spelling in spellings], within)
    found = [
        (FAR_COSTS * far - log2(count), place, spelling)
        for place, ((spelling, far), count) in enumerate(zip(spellings.items(), counts, strict=True))
        if count
    ]
    return min(found)[2] if found else ""


def distance(one: str, other: str, most: int) -> int:
    """Insertions, deletions, changes and swaps of neighbours between two words; ``FAR`` when more than ``most``."""
    if abs(len(one) - len(other)) > most or len(set(one) ^ set(other)) > 2 * most:
        return FAR
    before: list[int] = []
    row = list(range(len(other) + 1))
    for i, a in enumerate(one, start=1):
        earlier, before, row = before, row, [i]
        for j, b in enumerate(other, start=1):
            cost = min(before[j] + 1, row[j - 1] + 1, before[j - 1] + (a != b))
            if i > 1 and j > 1 and a == other[j - 2] and one[i - 2] == b:
                cost = min(cost, earlier[j - 2] + 1)
            row.append(cost)
        if min(row) > most:
            return FAR
    return row[-1] if row[-1] <= most else FAR


def _most(word: str) -> int:
    return 1 if len(word) <= 5 else 2  # noqa: PLR2004 - two changes in five letters make another word


def _unknown(words: Sequence[str], within: Within) -> dict[str, list[Neighbour]]:
    """For each word that readers can see nowhere, the near ones that they can see, nearest first: two queries.

    A word that only hidden stories hold is answered as one that none holds, and is never offered.
    """
    near = _neighbours(words)
    asked = sorted({*words, *(neighbour.word for some in near.values() for neighbour in some)})
    counts = databases.index().counts([Query(((Phrase((word,)),),)) for word in asked], within)
    seen = {word for word, count in zip(asked, counts, strict=True) if count}
    return {word: [one for one in near[word] if one.word in seen] for word in words if word not in seen}


def _neighbours(words: Sequence[str]) -> dict[str, list[Neighbour]]:
    """The nearest known words of each word, nearest first: one query."""
    if not words:
        return {}
    near = Q()
    for word in words:
        length = Q(length__range=(len(word) - _most(word), len(word) + _most(word)))
        near |= length & (Q(head=word[:HEAD]) | Q(tail=word[-TAIL:]))
    known = list(SearchWord.objects.filter(near).values_list("word", flat=True)[:MAX_NEIGHBOURS])
    offered = [word for word in known if len(word) >= LEAST_LENGTH and word.isalpha()]
    return {word: _nearest(word, (other for other in offered if other != word)) for word in words}


def _nearest(word: str, known: Iterable[str]) -> list[Neighbour]:
    most = _most(word)
    measured = ((distance(word, other, most), other) for other in known)
    near = [Neighbour(other, far) for far, other in measured if far != FAR]
    return sorted(near, key=lambda neighbour: _unlikeness(word, neighbour))[:TRIED]


def _unlikeness(word: str, neighbour: Neighbour) -> tuple[int, bool, bool, int, str]:
    """People seldom mistake the first and the last letter."""
    other, far = neighbour
    return far, other[0] != word[0], other[-1] != word[-1], abs(len(other) - len(word)), other


def _spellings(text: str, unknown: dict[str, list[Neighbour]]) -> dict[str, int]:
    """The text with the nearest word for each unknown one, then with the next ones; and how far it is from the text."""
    spellings: dict[str, int] = {}
    for place in range(TRIED):
        choice = {word: near[min(place, len(near) - 1)] for word, near in unknown.items()}
        spelling = _replaced(text, {word: neighbour.word for word, neighbour in choice.items()})
        if len(spelling) <= MAX_LENGTH:
            spellings.setdefault(spelling, sum(neighbour.far for neighbour in choice.values()))
    return spellings


def _replaced(text: str, choice: dict[str, str]) -> str:
    """The typed text with every word of ``choice`` replaced, signs and other words untouched."""
    text = normal(text)
    pieces: list[str] = []
    done = 0
    for term in terms(text):
        if term.word in choice:
            pieces += [text[done : term.start], choice[term.word]]
            done = term.end
    return "".join([*pieces, text[done:]])
