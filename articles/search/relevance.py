"""How well a story answers a query, counted from its folded words: BM25 over fields that weigh differently.

FTS5 has such a function too, which counts every article of each word before it answers for one.
"""

from collections.abc import Sequence
from operator import mul

from articles.search.query import Phrase, Query

SATURATION, BY_LENGTH = 1.2, 0.75
"""BM25's usual constants: how soon a word said again counts no more, how much oftener a long story must say it."""


def relevances(texts: Sequence[Sequence[str]], weights: Sequence[float], query: Query) -> list[float]:
    """For each story, given as its fields of words between blanks, a number that grows with how much it is about them.

    Of the words of a group that one counts which is said most.
    """
    padded = [[f" {text} " for text in fields] for fields in texts]
    lengths = [sum(map(len, fields)) for fields in texts]
    usual = (sum(lengths) / len(lengths) if lengths else 0) or 1
    needs = [SATURATION * (1 - BY_LENGTH + BY_LENGTH * length / usual) for length in lengths]
    scores = [0.0] * len(texts)
    for group in query.groups:
        wanted = _widest(group)
        for place, fields in enumerate(padded):
            said = max([sum(map(mul, weights, [text.count(words) for text in fields])) for words in wanted])
            scores[place] += said * (SATURATION + 1) / (said + needs[place])
    return scores


def _widest(group: Sequence[Phrase]) -> list[str]:
    """What to count; a beginning stands for the words that begin with it."""
    wanted = [_between_blanks(phrase) for phrase in group]
    return [one for one in wanted if not any(one != other and one.startswith(other) for other in wanted)]


def _between_blanks(phrase: Phrase) -> str:
    return f" {' '.join(phrase.words)}" + ("" if phrase.prefix else " ")
