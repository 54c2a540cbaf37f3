"""Going back to an earlier revision: it becomes the newest one, nothing is taken away."""

from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from articles import revisions
from articles.models import Article, Revision, Section
from articles.permissions import Actor, may_edit, require
from articles.registries import revision_parts
from articles.state import WorkingState
from outbox import audit
from pagecache.writing import writing

RESTORED = "restored"
"""The verb in the audit trail; its details name the revision gone back to and the one made of it."""


class NewerRevisionError(ValidationError):
    """Somebody saved since whoever asks has looked."""


def restore(
    article: Article, revision: Revision, *, actor: Actor, parts: bool = False, seen: int | None = None
) -> Revision:
    """Make ``revision`` the newest one of its article, as a new revision; returns that.

    What readers see of the words does not change. With ``parts`` the live rows
    it kept copies of (picks, products) are made again what they were, at once;
    what was deleted since is left out. ``seen`` is the number of the newest
    revision the actor knew of. Raises ``PermissionDenied``,
    ``NewerRevisionError``, ``body.BodyRefused`` and ``TooManyTagsError``; then
    nothing was written.
    """
    if revision.article_id != article.pk:
        raise ValidationError(_("That revision belongs to another article."))
    dumped = {name: kept for name, kept in revision.parts.items() if parts and name in revision_parts}
    with writing():
        row = _locked(article, dumped)
        require(may_edit(actor, row), _("edit this article"))
        _refuse_newer(row, seen)
        for name, kept in dumped.items():
            revision_parts[name].restore(row, kept, actor=actor)
        saved = revisions.save(article, _still_there(WorkingState.from_json(revision.state)), actor=actor)
        told = {"restored": revision.number, "revision": saved.number, "parts": sorted(dumped)}
        audit.record(actor, RESTORED, article, **told)
    return saved


def _locked(article: Article, dumped: dict[str, Any]) -> Article:
    """The article's row, held together with every other that restoring will hold: in one order, by number."""
    ids = {article.pk}
    for name, kept in dumped.items():
        ids |= revision_parts[name].holds(kept)
    rows = Article.objects.filter(pk__in=ids).select_related(None).select_for_update(no_key=True).order_by("pk")
    return next(row for row in list(rows) if row.pk == article.pk)


def _still_there(state: WorkingState) -> WorkingState:
    """The state without its section where that was deleted since: a revision refers to the section's row."""
    known = state.section is None or Section.objects.filter(pk=state.section).exists()
    return state if known else state.with_(section=None)


def _refuse_newer(row: Article, seen: int | None) -> None:
    newest = row.latest
    if seen is not None and newest is not None and newest.number != seen:
        words = _("%(who)s saved revision %(number)d meanwhile. Look at it first; then you can still restore this one.")
        raise NewerRevisionError(words % {"who": newest.made_by or _("Somebody"), "number": newest.number})
