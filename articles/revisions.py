"""Saving what an editor wrote: always a revision, never the published article."""

from uuid import UUID

from django.db.models import Max
from django.utils.translation import gettext as _

from articles import body
from articles.known import known_state, knows_newest
from articles.models import Article, Revision, Status
from articles.models.tag import MAX_TAGS
from articles.permissions import Actor, may_delete, may_edit, may_write, require
from articles.registries import article_leaving, revision_parts
from articles.state import WorkingState
from articles.together import copies
from outbox import audit
from pagecache.writing import writing
from people.models import User


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
    Raises ``PermissionDenied``, ``TooManyTagsError`` and ``body.BodyRefused`` too.
    What readers see does not change.
    """
    if len(state.tags) > MAX_TAGS:
        raise TooManyTagsError(_("An article carries %(most)d tags at most.") % {"most": MAX_TAGS})
    state = state.with_(body=body.clean(state.body))
    with writing():
        locked = Article.objects.select_for_update(no_key=True).get(pk=article.pk)
        require(may_edit(actor, locked), _("edit this article"))
        revision = _newest_or_new(locked, state, actor, base)
        copies.saved(article, actor, window)
    article.latest = revision
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
    number = (locked.revisions.aggregate(last=Max("number"))["last"] or 0) + 1
    revision = Revision.objects.create(
        article=locked,
        number=number,
        state=state.to_json(),
        parts=parts,
        headline=state.headline,
        section_id=state.section,
        digest=digest,
        made_by=actor if isinstance(actor, User) else None,
    )
    Article.objects.filter(pk=locked.pk).update(latest=revision)
    locked.latest = revision
    audit.record(actor, "saved", locked, revision=number)
    return revision


def duplicate(article: Article, *, actor: Actor) -> Article:
    """A new draft with the newest words of ``article`` that ``actor`` may read, without its address and dates."""
    require(article.is_public() or knows_newest(actor, article), _("copy this article"))
    state = known_state(actor, article)
    copy = state.with_(
        headline=_("Copy of %(headline)s") % {"headline": state.headline},
        slug="",
        publish_at=None,
        expire_at=None,
        embargo_until=None,
    )
    return create(copy, actor=actor)


def discard(article: Article, *, actor: Actor) -> None:
    """Delete a draft that no reader ever saw, with its revisions. Raises ``PermissionDenied``."""
    with writing():
        locked = Article.objects.select_for_update(of=("self",), no_key=True).get(pk=article.pk)
        require(may_delete(actor, locked), _("delete this article"))
        for tell in article_leaving:
            tell(locked, actor)
        audit.record(actor, "deleted", locked)
        locked.delete()
