"""Four eyes: whether the newest words of an article were approved by somebody other than who alone wrote them."""

from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from articles.models import Article, Handover, Revision, Status
from articles.permissions import Actor, may_publish, works_everywhere
from articles.publishing.steps import APPROVED, CHANGES_ASKED, EDITED, SENT_BACK, take_step

JUDGEMENTS = (APPROVED, CHANGES_ASKED, SENT_BACK)
MOST_JUDGED = 50
"""Steps looked back on; whoever goes back further than that has it approved again."""


def is_approved(row: Article, revision: Revision | None = None) -> bool:
    """Whether the last word on the revision, which is the newest if none is named, is an approval.

    Approved are words, whatever the time they go out at: a revision that only
    moved it needs no second look.
    """
    wanted = revision or row.latest
    if wanted is None:
        return False
    judged = Handover.objects.filter(article=row, verb__in=JUDGEMENTS, revision__isnull=False)
    newest_first = judged.select_related("revision").order_by("-pk")[:MOST_JUDGED]
    return next((step.verb == APPROVED for step in newest_first if _same_words(step.revision, wanted)), False)


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
    if row.status != Status.APPROVED or is_approved(row):
        return
    alone = works_everywhere(actor) or (may_publish(actor, row) and not settings.REVIEW_REQUIRED)
    if not alone:
        take_step(row, EDITED, actor, to_status=Status.IN_REVIEW, allowed=(Status.APPROVED,))


def _same_words(one: Revision | None, other: Revision) -> bool:
    if one is None or one.pk == other.pk:
        return one is not None
    return {**one.state, "publish_at": None} == {**other.state, "publish_at": None}
