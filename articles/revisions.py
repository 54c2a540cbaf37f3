"""Saving what an editor wrote: always a revision, never the published article."""

from uuid import UUID

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
from articles.together import copies
from outbox import audit
from pagecache.writing import writing
from people.models import User
from wastebin import bin  # noqa: A004 - nothing here counts in binary
from wastebin.models import Binned

SAVED = "saved"
"""The verb in the audit trail; its details name the revision that was made."""


class TooManyTagsError(ValueError):
    """More tags than one article may carry."""


class NewerVersion(ValueError):  # noqa: N818 -- named for what happened
    """Somebody saved since the version that this one began from.

    ``revision`` is theirs, the newest; ``mine`` is what was to be saved, cleaned; ``base`` the number it began from.
    """

    def __init__(self, revision: Revision, mine: WorkingState, base: int) -> None:
        super().__init__(_("Somebody saved a newer version."))
        self.revision = revision
        self.mine = mine
        self.base = base


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


def save(
    article: Article, state: WorkingState, *, actor: Actor, base: int | None = None, window: UUID | None = None
) -> Revision:
    """Keep ``state`` as the article's newest revision; the same state twice is one revision.

    ``base`` is the number of the revision that ``state`` began from: when it is
    not the newest any more, ``NewerVersion`` is raised and nothing is written.
    ``None`` is for a state made inside this very transaction. What ``actor``
    had typed in ``window`` counts as saved, and its working copy goes.

    Raises ``PermissionDenied`` (also for a field that is not ``actor``'s to
    change), ``TooManyTagsError`` and ``body.BodyRefused`` too. What readers see
    does not change; what was approved is in review again, unless ``actor``
    could have approved it.
    """
    if len(state.tags) > MAX_TAGS:
        raise TooManyTagsError(_("An article carries %(most)d tags at most.") % {"most": MAX_TAGS})
    state = state.with_(body=body.clean(state.body))
    with writing():
        locked = Article.objects.select_for_update(no_key=True).get(pk=article.pk)
        require(may_edit(actor, locked), _("edit this article"))
        revision = _newest_or_new(locked, state, actor, base)
        copies.saved(article, actor, window)
    article.latest, article.status = revision, locked.status
    return revision


def _newest_or_new(locked: Article, state: WorkingState, actor: Actor, base: int | None) -> Revision:
    """The newest revision if it says the same, else a new one on top of it."""
    newest = locked.latest
    digest = state.digest()
    parts = {name: part.dump(locked) for name, part in revision_parts.items()}
    if newest is not None and newest.digest == digest and newest.parts == parts:
        return newest
    if base is not None and newest is not None and base != newest.number and newest.digest != digest:
        raise NewerVersion(newest, state, base)
    refused = refusals(actor, locked, WorkingState.of(locked), state) if newest is not None else {}
    if refused:
        raise PermissionDenied(" ".join(refused.values()))
    number = (locked.revisions.aggregate(last=Max("number"))["last"] or 0) + 1
    revision = Revision.objects.create(
        article=locked,
        number=number,
        state=state.to_json(),
        parts=parts,
        headline=state.headline,
        section_id=state.section,
        planned_at=state.publish_at,
        digest=digest,
        made_by=actor if isinstance(actor, User) else None,
    )
    Article.objects.filter(pk=locked.pk).update(latest=revision)
    ask_later(locked, state.body)
    locked.latest = revision
    audit.record(actor, SAVED, locked, revision=number)
    unapprove(locked, actor)
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
