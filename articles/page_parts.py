"""What stands beside an article's row on the pages that show it, read for many at once: one query for each kind."""

from collections.abc import Collection, Iterable
from typing import Any

from django.db.models import BigAutoField, DateTimeField, Exists, OuterRef
from django.utils import timezone

from articles.models import Article, ArticleQuerySet, Byline, Correction, TaggedArticle
from pagecache.prepared import Prepared, lend

_ID = BigAutoField[int, int]()

_SIGNED = Byline.objects.select_related("author").order_by("position", "id")
_TAGGED = TaggedArticle.objects.select_related("tag").order_by("tag__name")
_CORRECTED = Correction.objects.order_by("made_at", "id")

_PARTS: "dict[str, Prepared[Any]]" = {
    "bylines": Prepared(lambda pk: _SIGNED.filter(article=pk), pk=_ID),
    "tagged": Prepared(lambda pk: _TAGGED.filter(content_object=pk), pk=_ID),
    "corrections": Prepared(lambda pk: _CORRECTED.filter(article=pk), pk=_ID),
}
"""What no join gives, of one article: the plan of a query for any number of them reads whole tables."""

_PARTS_OF_MANY: "dict[str, Prepared[Any]]" = {
    "bylines": Prepared(lambda ids: _SIGNED.filter(article__in=ids), ids=[_ID]),
    "tagged": Prepared(lambda ids: _TAGGED.filter(content_object__in=ids), ids=[_ID]),
    "corrections": Prepared(lambda ids: _CORRECTED.filter(article__in=ids), ids=[_ID]),
}

_CARDS = Prepared(
    lambda ids, now: Article.objects.public(now).cards().filter(pk__in=ids), ids=[_ID], now=DateTimeField()
)


def public_cards(ids: Collection[int]) -> dict[int, Article]:
    """The cards of those that readers may see now, by id."""
    return {card.pk: card for card in _CARDS.rows(ids=list(ids), now=timezone.now())} if ids else {}


def lend_bylines(articles: Iterable[Article]) -> None:
    """Have their bylines, with authors, at hand."""
    lend_parts_of(articles, "bylines")


def noting(articles: ArticleQuerySet) -> ArticleQuerySet:
    """Each with ``noted``: whether it has corrections, which most have not; ``lend_parts`` asks for no others'."""
    return articles.annotate(noted=Exists(Correction.objects.filter(article=OuterRef("pk"))))


def lend_parts(article: Article) -> None:
    """Have all of an article's page at hand that no join gives: bylines, tags and corrections."""
    for name, prepared in _PARTS.items():
        is_there = name != "corrections" or getattr(article, "noted", True)
        lend([article], name, prepared.rows(pk=article.pk) if is_there else [])


def lend_parts_of(articles: Iterable[Article], *names: str) -> None:
    """The same for many; only the parts of these ``names`` where there are some."""
    owners = list(articles)
    ids = [owner.pk for owner in owners]
    for name in names or _PARTS_OF_MANY:
        lend(owners, name, _PARTS_OF_MANY[name].rows(ids=ids) if ids else [])
