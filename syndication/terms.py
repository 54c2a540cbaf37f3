"""What the contracts with agencies let us hand on to those who publish it again; our own stories go whole."""

from collections.abc import Iterable

from articles.models import Article, ArticleQuerySet
from articles.models.source import FeedTerms
from pagecache.reading import depends_on


def terms_of(article: Article) -> FeedTerms:
    """What of an article may be handed on; whoever tells it notes the key of its source."""
    return FeedTerms(article.source.feeds) if article.source is not None else FeedTerms.FULL


def kept_back(articles: Iterable[Article]) -> frozenset[int]:
    """The ids of those whose text we may not hand on; their key noted. One query."""
    depends_on("sources")
    ids = [article.pk for article in articles]
    bound = Article.objects.filter(pk__in=ids, source__isnull=False).exclude(source__feeds=FeedTerms.FULL)
    return frozenset(bound.values_list("pk", flat=True))


def may_hand_on(found: ArticleQuerySet) -> ArticleQuerySet:
    """Those of ``found`` of which at least a summary may be handed on; their key noted."""
    depends_on("sources")
    return found.exclude(source__feeds=FeedTerms.NONE)
