"""How well a story answers a query, counted from its folded words: BM25 over fields that weigh differently.

FTS5 has such a function too, which counts every article of each word before it answers for one.
"""

from collections.abc import Sequence

from articles.search.query import Phrase, Query

SATURATION, BY_LENGTH = 1.2, 0.75
"""BM25's usual constants: how soon a word said again counts no more, and how much a long story must say it more often."""


def relevances(texts: Sequence[Sequence[str]], weights: Sequence[float], query: Query) -> list[float]:
    """For each story, given as its fields of words between blanks, a number that grows with how much it is about them."""
    lengths = [sum(map(len, fields)) for fields in texts]
    usual = sum(lengths) / len(lengths) if lengths else 0
    wanted = [[_between_blanks(phrase) for phrase in group] for group in query.groups]
    return [
        sum(_saturated(_said(fields, weights, group), length / (usual or 1)) for group in wanted)
        for fields, length in zip(texts, lengths, strict=True)
    ]


def _said(fields: Sequence[str], weights: Sequence[float], group: Sequence[str]) -> float:
    """How often, a word in the headline counting as many."""
    return max(
        sum(weight * f" {text} ".count(phrase) for text, weight in zip(fields, weights, strict=True))
        for phrase in group
    )


def _saturated(said: float, length: float) -> float:
    return said * (SATURATION + 1) / (said + SATURATION * (1 - BY_LENGTH + BY_LENGTH * length))


def _between_blanks(phrase: Phrase) -> str:
    return f" {' '.join(phrase.words)}" + ("" if phrase.prefix else " ")
