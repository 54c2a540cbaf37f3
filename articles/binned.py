"""How this room's objects go into the bin and come back."""

from typing import Any

from django.db.models import Q

from articles.known import knows_all
from articles.models import Article, Section, Series, Source, Status, Tag, TaggedArticle
from articles.models.article import LIVE_STATUSES
from articles.models.tag import have_indexed_again
from articles.permissions import Actor, may_delete
from articles.registries import article_leaving
from images import publicity
from wastebin.kinds import BinKind, register


def register_all() -> None:
    """Articles no reader saw, sections, tags, sources and series."""
    register(
        BinKind(
            Article,
            may_put=may_delete,
            theirs=_own_articles,
            leaving=_leaving,
            back=_article_back,
            derived=frozenset({"articles.searchentry"}),
        )
    )
    register(BinKind(Tag, back=_tag_back))
    for model in (Section, Series):
        register(BinKind(model, back=_picture_back))
    register(BinKind(Source))


def _own_articles(actor: Actor) -> Q:
    """Whoever may not know of others' drafts knows of those they deleted themselves."""
    return Q() if knows_all(actor) else Q(by=getattr(actor, "pk", None))


def _leaving(article: Article, actor: Actor) -> None:
    for tell in article_leaving:
        tell(article, actor)


def _article_back(article: Article) -> None:
    """It comes back as a draft: its minute may have passed, and nobody should be published by an undo."""
    if article.status in LIVE_STATUSES:
        article.status = Status.DRAFT
        article.save(update_fields=["status"])


def _tag_back(tag: Tag) -> None:
    _picture_back(tag)
    have_indexed_again(
        TaggedArticle.objects.filter(tag=tag).values_list("content_object", flat=True), why=f"tag:{tag.pk}"
    )


def _picture_back(row: Any) -> None:
    """Readers see its picture as long as the row exists."""
    if row.picture_id:
        publicity.show([row.picture_id])
