"""What the contracts with agencies let us hand on to those who publish it again; our own stories go whole."""

from articles.models import Article, ArticleQuerySet
from articles.models.source import FeedTerms
from pagecache.reading import depends_on


def terms_of(article: Article) -> FeedTerms:
    """What of an article may be handed on; whoever tells it notes the key of its source."""
    return FeedTerms(article.source.feeds) if article.source is not None else FeedTerms.FULL


def may_hand_on(found: ArticleQuerySet) -> ArticleQuerySet:
    """Those of ``found`` of which at least a summary may be handed on; their key noted."""
    depends_on("sources")
    return found.exclude(source__feeds=FeedTerms.NONE)
