"""Who is trusted: a reader whom a person approved before, whose address is confirmed and whose browser proves it.

Somebody who merely types a trusted reader's address is not that reader; the
finding says so. Trust lets a comment appear at once only where nothing else
was found that holds it.
"""

from collections.abc import Sequence
from datetime import timedelta

from django.conf import settings
from django.db.models import Count, Exists, OuterRef, Q
from django.utils import timezone
from django.utils.translation import gettext as _

from articles.models import Article
from comments import browser_keys
from comments.models import Comment, ConfirmedAddress, ModerationEntry, State
from comments.openness import openness_of
from comments.pipeline.draft import Draft
from comments.pipeline.findings import Code, Finding, Push

REMEMBERED = timedelta(days=180)
"""For so long a refusal, or spam, by a person's decision costs a reader the trust."""

NEWEST = 200
"""Comments of one reader that count; nobody's history makes a submission slower."""


def held_story(draft: Draft, found: Sequence[Finding]) -> list[Finding]:
    """Whether everything under this article waits: it is sensitive, pre-moderated, or held for some hours."""
    return [Finding(Code.HELD_STORY)] if openness_of(draft.article).waits else []


def trust(draft: Draft, found: Sequence[Finding]) -> list[Finding]:
    """Whether the reader is trusted; asks nothing where something else holds the comment anyway. One query."""
    if not settings.COMMENTS_TRUST_AFTER or any(finding.pushes >= Push.HOLD for finding in found):
        return []
    approved = _approved(draft.email)
    if approved < settings.COMMENTS_TRUST_AFTER:
        return []
    if not browser_keys.proves(draft.email, draft.browser_key):
        return [Finding(Code.UNPROVEN)]
    return [Finding(Code.TRUSTED, {"number": approved})]


def promise(article: Article) -> str:
    """Who reads a comment on this article before it appears: true whatever the settings are."""
    if settings.COMMENTS_TRUST_AFTER and not openness_of(article).waits:
        return _("A moderator reads every comment before it appears, except those of readers we have come to trust.")
    return _("Every comment is read by a moderator before it appears.")


def _approved(email: str) -> int:
    """How many comments a person approved and left approved; 0 for an address that is not confirmed or was refused."""
    decided = ModerationEntry.objects.filter(
        comment=OuterRef("pk"), kind=ModerationEntry.Kind.DECIDE, by__isnull=False, after=OuterRef("state")
    )
    bad = Q(state__in=[State.REJECTED, State.SPAM], created_at__gt=timezone.now() - REMEMBERED)
    confirmed = ConfirmedAddress.objects.filter(email=OuterRef("email"))
    newest = Comment.objects.filter(email=email, staff__isnull=True).order_by("-pk").values("pk")[:NEWEST]
    counts = (
        Comment.objects.filter(Exists(decided), Exists(confirmed), pk__in=newest)
        .values("email")
        .annotate(good=Count("pk", Q(state=State.APPROVED)), bad=Count("pk", bad))
    )
    return sum(row["good"] for row in counts if not row["bad"])
