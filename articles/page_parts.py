"""What stands beside an article's row on the pages that show it, read for many at once: one query for each kind."""

from collections.abc import Collection, Iterable
from typing import Any

from django.db.models import BigAutoField, DateTimeField, Exists, OuterRef
from django.utils import timezone

from articles.models import Article, ArticleQuerySet, Byline, Correction, TaggedArticle
from pagecache.prepared import Prepared, lend

_ID = BigAutoField[int, int]()

_BYLINES = Prepared(
    lambda ids: Byline.objects.filter(article__in=ids).select_related("author").order_by("position", "id"), ids=[_ID]
)
_TAGS = Prepared(
    lambda ids: TaggedArticle.objects.filter(content_object__in=ids).select_related("tag").order_by("tag__name"),
    ids=[_ID],
)
_CORRECTIONS = Prepared(lambda ids: Correction.objects.filter(article__in=ids).order_by("made_at", "id"), ids=[_ID])

_CARDS = Prepared(
    lambda ids, now: Article.objects.public(now).cards().filter(pk__in=ids), ids=[_ID], now=DateTimeField()
)


def public_cards(ids: Collection[int]) -> dict[int, Article]:
    """The cards of those that readers may see now, by id."""
    return {card.pk: card for card in _CARDS.rows(ids=list(ids), now=timezone.now())} if ids else {}


def lend_bylines(articles: Iterable[Article]) -> None:
    """Have their bylines, with authors, at hand."""
    _lend("bylines", _BYLINES, articles)


def noting(articles: ArticleQuerySet) -> ArticleQuerySet:
    """Each with ``noted``: whether it has corrections, which most have not; ``lend_parts`` asks for no others'."""
    return articles.annotate(noted=Exists(Correction.objects.filter(article=OuterRef("pk"))))


def lend_parts(article: Article) -> None:
    """Have all of an article's page at hand that no join gives: bylines, tags and corrections."""
    _lend("bylines", _BYLINES, [article])
    _lend("tagged", _TAGS, [article])
    if getattr(article, "noted", True):
        _lend("corrections", _CORRECTIONS, [article])
    else:
        lend([article], "corrections", [])


def lend_parts_of(articles: Iterable[Article]) -> None:
    """The same for many."""
    rows = list(articles)
    for name, prepared in (("bylines", _BYLINES), ("tagged", _TAGS), ("corrections", _CORRECTIONS)):
        _lend(name, prepared, rows)


def _lend(
    name: str,
    prepared: "Prepared[Any]",
    articles: Iterable[Article],
) -> None:
    owners = list(articles)
    lend(owners, name, prepared.rows(ids=[owner.pk for owner in owners]) if owners else [])
