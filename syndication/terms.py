"""What the contracts with agencies let us hand on to those who publish it again; our own stories go whole."""

from collections.abc import Iterable

from django.db.models import Q
from django.http import Http404

from articles.models import Article, ArticleQuerySet
from articles.models.source import FeedTerms
from articles.stories import public_article
from pagecache.reading import depends_on


def terms_of(article: Article) -> FeedTerms:
    """What of an article may be handed on; whoever tells it notes the key of its source."""
    return FeedTerms(article.source.feeds) if article.source is not None else FeedTerms.FULL


def handed_on(pk: int) -> Article:
    """The public story, if at least a summary of it may be handed on; its keys noted. ``Http404``, ``GoneError``."""
    found = public_article(pk)
    depends_on(f"article:{pk}", until=found.expire_at)
    if found.source is not None:
        depends_on(f"source:{found.source.pk}")
    if terms_of(found) == FeedTerms.NONE:
        raise Http404
    return found


def may_hand_on(found: ArticleQuerySet) -> ArticleQuerySet:
    """Those of ``found`` of which at least a summary may be handed on; their key noted."""
    depends_on("sources")
    return no_silent_ones(found)


def no_silent_ones(found: ArticleQuerySet) -> ArticleQuerySet:
    """The same; whoever asks notes the key ``sources``."""
    return found.exclude(source__feeds=FeedTerms.NONE)


def kept_back(articles: Iterable[Article]) -> frozenset[int]:
    """The ids of those whose text we may not hand on; their key noted. One query."""
    return _bound(articles, Q(source__isnull=False) & ~Q(source__feeds=FeedTerms.FULL))


def kept_silent(articles: Iterable[Article]) -> frozenset[int]:
    """The ids of those of which nothing may be handed on; their key noted. One query."""
    return _bound(articles, Q(source__feeds=FeedTerms.NONE))


def _bound(articles: Iterable[Article], terms: Q) -> frozenset[int]:
    depends_on("sources")
    ids = [article.pk for article in articles]
    return frozenset(Article.objects.filter(terms, pk__in=ids).values_list("pk", flat=True))
