"""Where an object of the newsroom is used or shown: asked before it is deleted."""

from collections.abc import Sequence
from typing import Any

from django.db.models import Exists, Model, OuterRef, Q
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from articles.known import known_to
from articles.models import Article, Byline, Redirect, Section, Series, SeriesEntry, Source, Tag, TaggedArticle
from articles.permissions import Actor
from articles.registries import Use
from articles.registries import where_used as registered
from people.models import Author
from wastebin.holding import MOST_SHOWN, Holders, Line, capped

CHANGE = "admin:articles_article_change"


def where_used(item: Model) -> list[Use]:
    """Every use the rooms know of, at most some dozens of each kind with how many more there are."""
    return [use for ask in registered for use in ask(item)]


def known_uses(item: Model, actor: Actor) -> list[Use]:
    """The same as ``actor`` may know it: of others' hidden stories only that there is one. One query more."""
    uses = where_used(item)
    asked = {use.article_id for use in uses if use.article_id is not None}
    known = set(known_to(actor).filter(pk__in=asked).values_list("pk", flat=True)) if asked else set()
    hidden = Use(_("A story that you may not see"), "")
    return list(dict.fromkeys(use if use.article_id is None or use.article_id in known else hidden for use in uses))


def shown_lines(item: Model, request: HttpRequest) -> list[Line]:
    """``known_uses`` for the page that asks before deleting."""
    return [Line(use.label, use.url) for use in known_uses(item, request.user)]


def used_here(item: Model) -> list[Use]:
    """What this room knows: stories that carry a tag or stand in a series, and what leads to an article."""
    if isinstance(item, Tag):
        return _carried(item)
    if isinstance(item, Series):
        entries = SeriesEntry.objects.filter(series=item)
        return _stories(entries.values("article"), entries.count(), _("Part of the series: “%(article)s”"))
    if isinstance(item, Article):
        return _leading_to(item)
    return []


def wanted_by_drafts(model: type[Model], ids: Sequence[Any]) -> Holders:
    """Unseen words that want what readers' own rows do not name yet: sections, sources, authors."""
    wanted = Q()
    for pk in ids:
        wanted |= _wants(model, int(pk)) if model in {Section, Source, Author} else Q()
    if not wanted:
        return [], 0
    return capped(None, Article.objects.with_unseen_words().filter(wanted).order_by("-pk"))


def _wants(model: type[Model], pk: int) -> Q:
    """Whose newest words want it while the row readers see does not name it, as that is told by its foreign key."""
    if model is Author:
        published = Exists(Byline.objects.filter(article=OuterRef("pk"), author=pk))
        return Q(~published, latest__state__bylines__iregex=rf'"author": ?{pk}[,}}]')
    name = "section" if model is Section else "source"
    elsewhere = Q(**{f"{name}__isnull": True}) | ~Q(**{name: pk})
    return Q(elsewhere, **{f"latest__state__{name}": pk})


def _carried(tag: Tag) -> list[Use]:
    count = TaggedArticle.objects.filter(tag=tag).count()
    if not count:
        return []
    words = ngettext("%(count)d story carries it", "%(count)d stories carry it", count) % {"count": count}
    return [Use(words, tag.get_absolute_url())]


def _stories(ids: Any, count: int, words: str) -> list[Use]:
    rows = Article.objects.for_desk().filter(pk__in=ids).order_by("-pk")[:MOST_SHOWN]
    uses = [Use(words % {"article": row}, reverse(CHANGE, args=[row.pk]), row.pk) for row in rows]
    more = count - len(uses)
    return [*uses, Use(_("and %(count)d more") % {"count": more}, "")] if more > 0 else uses


def _leading_to(article: Article) -> list[Use]:
    uses = [
        Use(_("The old address %(path)s leads to it") % {"path": row.path}, "")
        for row in Redirect.objects.filter(article=article)[:MOST_SHOWN]
    ]
    moved = Article.objects.filter(moved_to=article)
    return uses + _stories(moved.values("pk"), moved.count(), _("Readers of “%(article)s” are sent to it"))
