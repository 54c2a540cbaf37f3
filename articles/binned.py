"""How this room's objects go into the bin and come back."""

from typing import Any

from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from articles.known import knows_all
from articles.models import Article, Section, Series, Source, Status, Tag, TaggedArticle
from articles.models.article import LIVE_STATUSES
from articles.models.tag import have_indexed_again
from articles.permissions import Actor, may_delete
from articles.previews import links
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


def _article_back(article: Article, actor: Actor) -> list[str]:
    """It comes back as a draft, and without its links: what it was to be, and for whom, is decided anew."""
    notes = []
    if article.status in LIVE_STATUSES:
        article.status = Status.DRAFT
        article.save(update_fields=["status"])
        notes.append(_("It is a draft now: nothing is published by bringing it back."))
    ended = links.revoke_all(article, actor=actor)
    return [*notes, _revoked_words(ended)] if ended else notes


def _revoked_words(count: int) -> str:
    return ngettext(
        "Its link for people outside stays closed; make a new one where it is still wanted.",
        "Its %(count)d links for people outside stay closed; make new ones where they are still wanted.",
        count,
    ) % {"count": count}


def _tag_back(tag: Tag, actor: Actor) -> list[str]:
    have_indexed_again(
        TaggedArticle.objects.filter(tag=tag).values_list("content_object", flat=True), why=f"tag:{tag.pk}"
    )
    return _picture_back(tag, actor)


def _picture_back(row: Any, _actor: Actor) -> list[str]:
    """Readers see its picture as long as the row exists."""
    if row.picture_id:
        publicity.show([row.picture_id])
    return []
