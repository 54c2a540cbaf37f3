"""Offer a spelling for words that no article holds.

Candidates come from the words of our own articles that share the first two or
the last three letters, which the database looks up by equality; how far away
each is, is counted here. Only a spelling that finds something readers may see
is offered, so that no word of a story still to come is given away.
"""

from collections.abc import Iterable, Sequence
from math import log2

from django.db.models import Q

from articles.folding import normal, terms
from articles.models import SearchWord
from articles.models.search_index import MAX_SPELLING_LENGTH
from articles.search import databases
from articles.search.query import MAX_LENGTH, Query, parse

HEAD, TAIL = 2, 3
LEAST_LENGTH = 4
"""Shorter words are near to too many others."""

MAX_CORRECTED = 3
"""Words of one query that are corrected."""

MAX_NEIGHBOURS = 4_000
"""Candidates compared for one query, well above the fullest pair of letters in 12,000 English articles."""

TRIED = 5
"""Spellings that are tried, nearest first."""

FAR = 99


def learn(words: Iterable[str]) -> None:
    """Remember words that may be offered: one query. In their order, so that two writers never wait for each other."""
    rows = [
        SearchWord(word=word, head=word[:HEAD], tail=word[-TAIL:], length=len(word))
        for word in sorted(words)
        if LEAST_LENGTH <= len(word) <= MAX_SPELLING_LENGTH and word.isalpha()
    ]
    SearchWord.objects.bulk_create(rows, ignore_conflicts=True)


def suggest(text: str, query: Query) -> str:
    """The text with its unknown words replaced such that something is found; empty without such a spelling."""
    wanted = {phrase.words[0] for phrase in query.phrases() if len(phrase.words) == 1}
    unknown = _neighbours([word for word in sorted(wanted) if len(word) >= LEAST_LENGTH][:MAX_CORRECTED])
    if not unknown or not all(unknown.values()):
        return ""
    spellings = [_replaced(text, choice) for choice in _choices(unknown)]
    spellings = [spelling for spelling in spellings if len(spelling) <= MAX_LENGTH]
    counts = databases.index().counts([parse(spelling) for spelling in spellings])
    found = [
        (place - log2(count), place, spelling)
        for place, (spelling, count) in enumerate(zip(spellings, counts, strict=True))
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


def _neighbours(words: Sequence[str]) -> dict[str, list[str]]:
    """The nearest known words of each word that is not known itself, nearest first: one query."""
    if not words:
        return {}
    near = Q()
    for word in words:
        length = Q(length__range=(len(word) - _most(word), len(word) + _most(word)))
        near |= length & (Q(head=word[:HEAD]) | Q(tail=word[-TAIL:]))
    known = list(SearchWord.objects.filter(near).values_list("word", flat=True)[:MAX_NEIGHBOURS])
    return {word: _nearest(word, known) for word in words if word not in known}


def _nearest(word: str, known: Iterable[str]) -> list[str]:
    most = _most(word)
    measured = sorted((distance(word, other, most), other[0] != word[0], other) for other in known)
    return [other for far, _first, other in measured if far != FAR][:TRIED]


def _choices(unknown: dict[str, list[str]]) -> list[dict[str, str]]:
    """The nearest word for each, then the next ones, each once."""
    choices: list[dict[str, str]] = []
    for place in range(TRIED):
        choice = {word: near[min(place, len(near) - 1)] for word, near in unknown.items()}
        if choice not in choices:
            choices.append(choice)
    return choices


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
