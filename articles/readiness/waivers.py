"""Waivers: somebody answers, by name and with a reason, for a line of the checklist that stays."""

from collections.abc import Iterable

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _

from articles.models import Article, Waiver
from articles.permissions import Actor, may_edit, may_publish, require
from articles.readiness.checking import check
from articles.registries import PUBLISHERS, Finding
from articles.state import WorkingState
from outbox import audit
from pagecache.writing import bump, writing
from people.models import User

SHORTEST_REASON, LONGEST_REASON = 10, 500
"""Characters: enough to say something, and what the column holds."""


def may_waive(actor: Actor, article: Article, finding: Finding) -> bool:
    """Whether ``actor`` may answer for this finding of this article."""
    if not finding.waivable_by or not may_edit(actor, article):
        return False
    if finding.waivable_by == PUBLISHERS:
        return may_publish(actor, article)
    return actor is None or actor.has_perm(finding.waivable_by)


def waive(article: Article, code: str, reason: str, *, actor: Actor) -> Waiver:
    """Let the article go out in spite of its finding ``code``, for as long as that stands.

    A second waiver of the same finding changes nothing and is given back as it
    was. Raises ``PermissionDenied``, or ``ValidationError`` in words: for a
    reason too short or too long, a finding that is not there (any more), or
    one that nobody may waive.
    """
    told = checked_reason(reason)
    with writing() as keys:
        row = Article.objects.select_for_update(of=("self",), no_key=True).get(pk=article.pk)
        finding = finding_of(row, code)
        if not finding.waivable_by:
            raise ValidationError(_("This cannot be waived: it has to be mended."))
        require(may_waive(actor, row, finding), _("waive this"))
        if finding.waiver is not None:
            return finding.waiver
        keys.add(waived_key(row))
        waiver = Waiver.objects.create(
            article=row,
            code=finding.code,
            reason=told,
            revision=row.latest,
            made_by=actor if isinstance(actor, User) else None,
        )
        audit.record(actor, "waived", row, code=finding.code, line=str(finding.message)[:300], reason=told)
    return waiver


def withdraw_waiver(article: Article, code: str, *, actor: Actor) -> None:
    """The finding counts again; one that nobody waives is no mistake. Raises ``PermissionDenied``."""
    with writing() as keys:
        row = Article.objects.select_for_update(of=("self",), no_key=True).get(pk=article.pk)
        require(may_publish(actor, row), _("withdraw this"))
        if standing := Waiver.objects.filter(article=row, code=code, withdrawn_at__isnull=True):
            standing.update(withdrawn_at=timezone.now())
            keys.add(waived_key(row))
            audit.record(actor, "withdrew waiver", row, code=code)


def lapse(article: Article, findings: Iterable[Finding]) -> None:
    """End the waivers whose finding is there no longer, so that they do not hold when it comes back.

    Called where the article goes out, in that transaction.
    """
    standing = Waiver.objects.filter(article=article, withdrawn_at__isnull=True)
    over = standing.exclude(code__in={finding.code for finding in findings})
    if over.update(withdrawn_at=timezone.now()):
        bump([waived_key(article)])


def waived_key(article: Article) -> str:
    """The page key of what readers see only while somebody answers for it."""
    return f"waivers:{article.pk}"


def finding_of(article: Article, code: str) -> Finding:
    """The finding of the newest revision with this code. Raises ``ValidationError`` where there is none now."""
    for finding in check(article, WorkingState.of(article)):
        if code and finding.code == code:
            return finding
    raise ValidationError(_("This is on the checklist no longer: somebody may have mended it."))


def checked_reason(reason: str) -> str:
    """The reason on one line. Raises ``ValidationError`` for one that says nothing, or cannot be stored."""
    told = " ".join(reason.split())
    if not SHORTEST_REASON <= len(told) <= LONGEST_REASON or "\0" in told:
        message = _("Say in %(least)d to %(most)d characters why it may stay; colleagues read it later.")
        raise ValidationError(message % {"least": SHORTEST_REASON, "most": LONGEST_REASON})
    return told
