"""Articles and what they are made of."""

from articles.models.article import Article, ArticleQuerySet, BodyImage, Kind, Status
from articles.models.byline import Byline, BylineRole
from articles.models.correction import Correction
from articles.models.revision import Revision
from articles.models.search_index import SearchEntry, SearchWord
from articles.models.section import Section
from articles.models.source import Source
from articles.models.tag import Tag, TaggedArticle, tag_key

__all__ = [
    "Article",
    "ArticleQuerySet",
    "BodyImage",
    "Byline",
    "BylineRole",
    "Correction",
    "Kind",
    "Revision",
    "SearchEntry",
    "SearchWord",
    "Section",
    "Source",
    "Status",
    "Tag",
    "TaggedArticle",
    "tag_key",
]
