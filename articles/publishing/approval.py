"""Four eyes: whether the newest words of an article were approved by somebody other than who alone wrote them."""

from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from articles.models import Article, Handover, Revision, Status
from articles.permissions import Actor, may_publish, works_everywhere
from articles.publishing.steps import APPROVED, EDITED, take_step


def is_approved(row: Article, revision: Revision | None = None) -> bool:
    """Whether somebody approved the very revision, which is the newest if none is named."""
    wanted = revision or row.latest
    return wanted is not None and Handover.objects.filter(article=row, verb=APPROVED, revision=wanted).exists()


def require_second_reader(row: Article, actor: Actor) -> None:
    """Where ``REVIEW_REQUIRED`` is set, raise ``ValidationError`` for an approval of what only ``actor`` wrote."""
    if not settings.REVIEW_REQUIRED or works_everywhere(actor):
        return
    others = row.revisions.filter(made_by__isnull=False).exclude(made_by=getattr(actor, "pk", None))
    if not others.exists():
        raise ValidationError(_("You alone wrote it. Ask a colleague to read and approve it."))


def require_approved(row: Article, actor: Actor, revision: Revision | None = None) -> None:
    """Where ``REVIEW_REQUIRED`` is set, raise ``ValidationError`` for words that nobody approved."""
    if not settings.REVIEW_REQUIRED or works_everywhere(actor) or is_approved(row, revision):
        return
    raise ValidationError(_("A colleague must approve the newest words first. Submit them for review."))


def unapprove(row: Article, actor: Actor) -> None:
    """After a save: back in review what was approved, unless ``actor`` may publish the new words by themselves."""
    if row.status != Status.APPROVED:
        return
    alone = works_everywhere(actor) or (may_publish(actor, row) and not settings.REVIEW_REQUIRED)
    if not alone:
        take_step(row, EDITED, actor, to_status=Status.IN_REVIEW, allowed=(Status.APPROVED,))
