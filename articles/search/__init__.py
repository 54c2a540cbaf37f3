"""Search: make articles findable, find them by relevance, mark what was found, help when nothing was.

``index`` and ``remove`` belong to publishing, ``find`` to the search page,
``newest`` to lists that are ordered by date, ``matching`` to jobs.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime

from django.utils import timezone

from articles.models import Article, ArticleQuerySet, SearchEntry
from articles.models.article import CARD_FIELDS
from articles.search import databases, spelling
from articles.search.beginnings import written_out
from articles.search.databases import CANDIDATES, LAST_PLACE, Candidate, Within
from articles.search.fields import fields_of_many, first_place_of, place_of, second_of
from articles.search.marking import Hit, hit_of
from articles.search.query import MAX_LENGTH, Query, QueryTooLongError, parse
from pagecache.writing import writing

__all__ = [
    "CANDIDATES",
    "MAX_LENGTH",
    "Hit",
    "Listed",
    "QueryTooLongError",
    "Results",
    "find",
    "index",
    "matching",
    "newest",
    "remove",
]

STRONG_BONUS = 1.5
"""An article with all the words in headline, labels or standfirst counts this much more."""

FRESHNESS = 0.5
HALF_FRESH_DAYS = 180
"""A story of now counts 1.5 times, one of half a year ago 1.25 times, an old one once."""

_DAY = 86_400


@dataclass(frozen=True)
class Results:
    """One page of what was found. With ``more`` there may be more matches than the ``total`` that were ranked.

    ``spelling`` is a query that does find something, offered when this one found nothing.
    """

    hits: list[Hit] = field(default_factory=list)
    total: int = 0
    more: bool = False
    spelling: str = ""


@dataclass(frozen=True)
class Listed:
    """The ids of what words find, for a list by date, whether or not readers may see it.

    ``oldest``: when the oldest story looked at was published, if not all were.
    ``is_cut``: more words begin as the last one does than were looked for.
    """

    ids: list[int]
    oldest: datetime | None
    is_cut: bool


def index(article: Article) -> None:
    """Make the row as it is stored now findable, in place of what was known of it.

    Whether readers may see it is asked when they search, so a scheduled
    article is found from its minute on.
    """
    index_many([article])


def index_many(articles: Sequence[Article]) -> None:
    """The same for many, in as many statements as for one on SQLite."""
    found = fields_of_many(articles)
    with writing():
        databases.index().write([(one.pk, place_of(one), found[one.pk]) for one in articles])
        spelling.learn(set().union(*(fields.all_words() for fields in found.values())))


def remove(article_id: int) -> None:
    """Forget the article's words."""
    SearchEntry.objects.filter(article_id=article_id).delete()


def find(text: str, *, limit: int = 20, offset: int = 0, within: Within = ArticleQuerySet.all) -> Results:
    """What readers may see of ``text``, best first: three queries, five when nothing was found.

    ``within`` narrows what is looked at, counted and offered as a spelling.

    The newest ``CANDIDATES`` matches are ranked, and the newest ``CANDIDATES``
    of those with all the words in headline, labels or standfirst. Of a beginning
    the shortest words count. Raises ``QueryTooLongError``.
    """
    query = parse(text)
    if not query:
        return Results()
    whole, is_cut = written_out(query)
    candidates, older = databases.index().candidates(query, whole, within)
    if not candidates:
        return Results(more=is_cut or older, spelling=spelling.suggest(text, query, within))
    ranked = _ranked(candidates)
    return Results(_hits(ranked[offset : offset + limit], query), len(ranked), more=is_cut or older)


def matching(articles: ArticleQuerySet, text: str) -> ArticleQuerySet:
    """Those of ``articles`` that the words of ``text`` find, in no order and however many; all when it names none.

    Raises ``QueryTooLongError``.
    """
    query = parse(text)
    return articles.among(databases.index().ids(query)) if query else articles


def newest(text: str, since: datetime | None = None, until: datetime | None = None) -> Listed | None:
    """The newest articles that the words of ``text`` find, in two queries; ``None`` when it names none.

    For lists by date, which narrow the articles themselves: published at
    ``since`` or later, and before ``until``. What was published before 1970
    stands at one place, and is found with the other. Raises ``QueryTooLongError``.
    """
    query = parse(text)
    if not query:
        return None
    whole, is_cut = written_out(query)
    first = first_place_of(int(since.timestamp())) if since else 0
    last = first_place_of(max(int(until.timestamp()), 1)) - 1 if until else LAST_PLACE
    found = databases.index().newest(whole, first, last)
    oldest = None if found.oldest is None else datetime.fromtimestamp(second_of(found.oldest), UTC)
    return Listed(found.ids, oldest, is_cut=is_cut)


def _ranked(candidates: list[Candidate]) -> list[int]:
    """Article ids, best first; of equals the newest."""
    now = timezone.now().timestamp()
    scores: dict[int, tuple[float, int]] = {}
    for candidate in candidates:
        age = max(now - second_of(candidate.place), 0) / _DAY
        fresh = 1 + FRESHNESS / (1 + age / HALF_FRESH_DAYS)
        score = candidate.relevance * fresh * (STRONG_BONUS if candidate.strong else 1)
        scores[candidate.article_id] = max(scores.get(candidate.article_id, (0.0, 0)), (score, candidate.place))
    return sorted(scores, key=lambda pk: scores[pk], reverse=True)


def _hits(ids: list[int], query: Query) -> list[Hit]:
    rows = Article.objects.public().select_related("section", "lead_picture").only(*CARD_FIELDS, "body_text")
    found = rows.in_bulk(ids)
    return [hit_of(found[pk], query) for pk in ids if pk in found]
