"""Saving what an editor wrote: always a revision, never the published article."""

from django.core.exceptions import PermissionDenied
from django.db.models import Max
from django.utils.translation import gettext as _

from articles import body
from articles.field_rights import refusals
from articles.known import known_state, knows_newest
from articles.models import Article, Revision, Status
from articles.models.tag import MAX_TAGS
from articles.permissions import Actor, may_edit, may_write, require
from articles.publishing.approval import unapprove
from articles.readiness.asking import ask_later
from articles.registries import revision_parts
from articles.state import WorkingState
from outbox import audit
from pagecache.writing import writing
from people.models import User
from wastebin import bin  # noqa: A004 - nothing here counts in binary
from wastebin.models import Binned


class TooManyTagsError(ValueError):
    """More tags than one article may carry."""


def start(article: Article, *, actor: Actor) -> Article:
    """Give a new, empty draft its row; its words come with the first ``save``. Raises ``PermissionDenied``."""
    require(may_write(actor), _("write articles"))
    with writing():
        article.status = Status.DRAFT
        article.created_by = actor if isinstance(actor, User) else None
        article.save()
        audit.record(actor, "created", article)
    return article


def create(state: WorkingState, *, actor: Actor) -> Article:
    """A new draft whose first revision is ``state``. Raises ``PermissionDenied``."""
    with writing():
        article = start(Article(), actor=actor)
        save(article, state, actor=actor)
    return article


def save(article: Article, state: WorkingState, *, actor: Actor) -> Revision:
    """Keep ``state`` as the article's newest revision; the same state twice is one revision.

    Raises ``PermissionDenied`` (also for a field that is not ``actor``'s to
    change), ``TooManyTagsError`` and ``body.BodyRefused``. What readers see does
    not change; what was approved is in review again, unless ``actor`` could
    have approved it.
    """
    if len(state.tags) > MAX_TAGS:
        raise TooManyTagsError(_("An article carries %(most)d tags at most.") % {"most": MAX_TAGS})
    state = state.with_(body=body.clean(state.body))
    digest = state.digest()
    parts = {name: part.dump(article) for name, part in revision_parts.items()}
    with writing():
        locked = Article.objects.select_for_update(no_key=True).get(pk=article.pk)
        require(may_edit(actor, locked), _("edit this article"))
        newest = locked.latest
        refused = refusals(actor, locked, WorkingState.of(locked), state) if newest is not None else {}
        if refused:
            raise PermissionDenied(" ".join(refused.values()))
        if newest is not None and newest.digest == digest and newest.parts == parts:
            article.latest = newest
            return newest
        number = (article.revisions.aggregate(last=Max("number"))["last"] or 0) + 1
        revision = Revision.objects.create(
            article=article,
            number=number,
            state=state.to_json(),
            parts=parts,
            headline=state.headline,
            section_id=state.section,
            planned_at=state.publish_at,
            digest=digest,
            made_by=actor if isinstance(actor, User) else None,
        )
        Article.objects.filter(pk=article.pk).update(latest=revision)
        ask_later(article, state.body)
        article.latest = locked.latest = revision
        audit.record(actor, "saved", article, revision=number)
        unapprove(locked, actor)
        article.status = locked.status
    return revision


def duplicate(article: Article, *, actor: Actor) -> Article:
    """A new draft with the newest words of ``article`` that ``actor`` may read, without its address and dates."""
    known = article.is_public() or knows_newest(actor, article)
    require(known and article.status != Status.KILLED, _("copy this article"))
    state = known_state(actor, article)
    copy = state.with_(
        headline=_("Copy of %(headline)s") % {"headline": state.headline},
        slug="",
        publish_at=None,
        expire_at=None,
        embargo_until=None,
    )
    return create(copy, actor=actor)


def discard(article: Article, *, actor: Actor) -> Binned:
    """Put a draft that no reader ever saw into the bin, with its revisions. Raises ``PermissionDenied``."""
    return bin.put(article, actor=actor)
