"""From hand to hand at the desk: no verb here changes what readers see."""

from django.utils.translation import gettext as _

from articles.models import Article, Status
from articles.permissions import Actor, may_edit, may_publish, require
from articles.publishing.row import expect, locked
from articles.readiness import expect_ready
from outbox import audit
from pagecache.writing import writing


def submit_for_review(article: Article, *, actor: Actor) -> None:
    """Hand a draft to an editor. Raises ``PermissionDenied``; ``NotReadyError`` without headline or story."""
    require(may_edit(actor, article), _("submit this article"))
    expect_ready(article)
    _move(article, Status.IN_REVIEW, "submitted", actor, allowed=(Status.DRAFT,))


def send_back(article: Article, *, actor: Actor, note: str = "") -> None:
    """Back to draft, with a note to its writer."""
    require(may_publish(actor), _("send articles back"))
    _move(article, Status.DRAFT, "sent back", actor, allowed=(Status.IN_REVIEW,), note=note)


def reopen(article: Article, *, actor: Actor) -> None:
    """Back from the archive to draft, to be worked on and published again."""
    require(may_publish(actor), _("reopen articles"))
    _move(article, Status.DRAFT, "reopened", actor, allowed=(Status.ARCHIVED,))


def _move(
    article: Article, status: Status, verb: str, actor: Actor, *, allowed: tuple[Status, ...], note: str = ""
) -> None:
    with writing():
        row = locked(article)
        expect(row, allowed)
        row.status = status
        row.save(update_fields=["status"])
        audit.record(actor, verb, row, note=note)
    article.status = status
