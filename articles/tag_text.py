"""Which tags a text speaks of: those of the archive whose names, or other names, stand in it as whole words.

Score of a tag = weight × rarity + neighbours, where

- weight = ln(1 + occurrences), an occurrence in the headline counting as four
  and one in the standfirst as two; words covered by a longer tag's name count
  for that one only;
- rarity = ln(2 + A / (1 + n)) for a tag on n articles, A being the number of the
  newest article, which costs less than counting them; ½ for a tag that no article
  carries, which an editor may not want to revive: less than any other's;
- neighbours = 3 × the share of the nearest articles that carry the tag (0 to 1,
  ``registries.tag_neighbours``).
"""

import html
import math
import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from heapq import nlargest

from django.db.models import Count, Max

from articles.folding import normal, terms
from articles.models import Article, Tag, TaggedArticle, TagSynonym
from articles.models.tag import tag_words
from articles.registries import tag_neighbours

MOST_CHARACTERS = 100_000
"""Characters of a field that are read: some fifteen thousand words, far more than a story has."""

MOST_WORDS = 4_000
"""Different words that are looked up: SQLite takes 32,766 values in a statement, and no story has as many."""

HEADLINE, STANDFIRST, BODY = 4, 2, 1
NEIGHBOURS = 3.0
UNUSED = 0.5

_MARKUP = re.compile(r"<[^<>]*>")


@dataclass(frozen=True)
class Found:
    """A tag that is proposed, and on how many articles it stands."""

    tag: Tag
    count: int
    score: float
    in_text: int
    """How often the text says it."""


def tags_for(parts: Sequence[tuple[str, int]], article: Article | None, limit: int) -> list[Found]:
    """The tags that fit the parts of a story, each a text with its weight, best first: four queries, and the engine's.

    ``article`` is the story where it exists, so that its neighbours are asked.
    """
    near = _neighbours(article) if article is not None else {}
    said: dict[int, float] = defaultdict(float)
    times: dict[int, int] = defaultdict(int)
    texts = [(_words(text), weight) for text, weight in parts]
    names = _names_in({word for words, _weight in texts for word in words})
    for words, weight in texts:
        for tag, count in _occurrences(words, names).items():
            said[tag] += count * weight
            times[tag] += count
    return _ranked(said, times, near, limit)


def plain(markup: str) -> str:
    """The words of a story's source, without its markup."""
    return html.unescape(_MARKUP.sub(" ", markup[:MOST_CHARACTERS]))


def _words(text: str) -> list[str]:
    return [term.word for term in terms(normal(text[:MOST_CHARACTERS])) if not term.last]


def _neighbours(article: Article) -> dict[int, float]:
    weights: dict[int, float] = defaultdict(float)
    for ask in tag_neighbours:
        for tag, weight in ask(article).items():
            weights[tag] += weight
    return weights


def _names_in(words: set[str]) -> list[tuple[tuple[str, ...], int]]:
    """The names that begin with one of the words, longest first, with the tag each means."""
    first = sorted(words)[:MOST_WORDS]
    rows: set[tuple[str, int]] = set(Tag.objects.filter(first_word__in=first).values_list("name", "pk"))
    rows |= set(TagSynonym.objects.filter(first_word__in=first).values_list("name", "tag"))
    names = [(tuple(tag_words(name)), pk) for name, pk in rows]
    return sorted((name for name in names if words.issuperset(name[0])), key=lambda name: (-len(name[0]), name))


def _occurrences(words: list[str], names: Iterable[tuple[tuple[str, ...], int]]) -> dict[int, int]:
    """How often each tag is named; a word belongs to the longest name it is part of."""
    places: dict[str, list[int]] = defaultdict(list)
    for place, word in enumerate(words):
        places[word].append(place)
    taken = [False] * len(words)
    counts: dict[int, int] = defaultdict(int)
    for name, pk in names:
        for start in places.get(name[0], ()):
            end = start + len(name)
            if tuple(words[start:end]) == name and not any(taken[start:end]):
                taken[start:end] = [True] * len(name)
                counts[pk] += 1
    return counts


def _ranked(said: dict[int, float], times: dict[int, int], near: dict[int, float], limit: int) -> list[Found]:
    wanted = said.keys() | near.keys()
    rows = TaggedArticle.objects.filter(tag__in=wanted).values_list("tag").annotate(count=Count("pk")).order_by()
    counts: dict[int, int] = dict(rows)
    whole = Article.objects.aggregate(last=Max("pk"))["last"] or 0
    scores = {pk: _score(said.get(pk, 0), counts.get(pk, 0), whole) + NEIGHBOURS * near.get(pk, 0) for pk in wanted}
    best = nlargest(limit, scores, key=lambda pk: (scores[pk], -pk))
    tags = Tag.objects.only("name").in_bulk(best)
    return [Found(tags[pk], counts.get(pk, 0), scores[pk], times.get(pk, 0)) for pk in best if pk in tags]


def _score(said: float, count: int, whole: int) -> float:
    rarity = math.log(2 + whole / (1 + count))
    return math.log1p(said) * (rarity if count else UNUSED)
