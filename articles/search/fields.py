"""What of an article is findable: its folded words, field by field."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from articles.folding import normal, terms
from articles.models import Article, Byline, TaggedArticle, TagSynonym

MAX_WORDS = 15_000
"""Words of one field that are indexed: PostgreSQL counts positions to 16,383."""

MAX_BYTES = 500_000
"""Of one field in UTF-8: PostgreSQL's vector of a whole article ends at a megabyte."""

GAP = "¦"
"""Stands between two tags or names, so that no phrase reaches from one into the next. Never part of a word."""

_ID_BITS = 29
_LAST_SECOND = 2 ** (63 - 1 - _ID_BITS) - 1


@dataclass
class Fields:
    """Folded words in their order; labels are tags and names of authors."""

    headline: list[str] = field(default_factory=list)
    labels: list[str] = field(default_factory=list)
    standfirst: list[str] = field(default_factory=list)
    body: list[str] = field(default_factory=list)

    def all_words(self) -> set[str]:
        """Every different word."""
        return {*self.headline, *self.labels, *self.standfirst, *self.body} - {GAP}


def fields_of_many(articles: Sequence[Article]) -> dict[int, Fields]:
    """The findable words of published rows as they are stored now, by article id: three queries.

    Tags are found by all their names.
    """
    ids = [article.pk for article in articles]
    tags: dict[int, set[str]] = {pk: set() for pk in ids}
    carried = TaggedArticle.objects.filter(content_object__in=ids)
    for pk, name in carried.values_list("content_object", "tag__name"):
        tags[pk].add(name)
    others = TagSynonym.objects.filter(tag__tagged__content_object__in=ids)
    for pk, name in others.values_list("tag__tagged__content_object", "name"):
        tags[pk].add(name)
    authors: dict[int, dict[str, None]] = {pk: {} for pk in ids}
    for pk, name in Byline.objects.filter(article__in=ids).values_list("article", "author__name"):
        authors[pk][name] = None
    return {
        article.pk: Fields(
            _words(article.headline),
            [word for label in (*sorted(tags[article.pk]), *authors[article.pk]) for word in (*_words(label), GAP)],
            _words(article.standfirst),
            _words(article.body_text),
        )
        for article in articles
    }


def place_of(article: Article) -> int:
    """A number that grows with the time of publication, different for every article: second, then id."""
    published: datetime | None = article.publish_at
    second = int(published.timestamp()) if published else 0
    pk: int = article.pk
    return first_place_of(second) | pk & (1 << _ID_BITS) - 1


def first_place_of(second: int) -> int:
    """The lowest place of a second, which is moved to those that places have."""
    within: int = min(max(second, 0), _LAST_SECOND)
    return within << _ID_BITS


def second_of(place: int) -> int:
    """The second of publication, since 1970, that ``place_of`` put in."""
    return place >> _ID_BITS


def _words(text: str) -> list[str]:
    found: list[str] = []
    left = MAX_BYTES
    for term in terms(normal(text)):
        left -= len(term.word.encode())
        if left < 0 or len(found) >= MAX_WORDS:
            break
        found.append(term.word)
    return found
