"""The very same words again are refused; nearly the same words, and sites known from spam, are findings."""

from collections.abc import Sequence
from datetime import timedelta

from django.utils import timezone

from comments import likeness
from comments.browser_keys import proves
from comments.kin import Kin
from comments.models import Comment, State
from comments.pipeline import rates
from comments.pipeline.draft import Draft
from comments.pipeline.findings import Code, Finding, Push
from comments.refusals import RepeatError

AGAIN_AFTER = timedelta(hours=24)
"""The same words by the same writer under the same article are a second press of the button, or a program."""

SPAM_SITE_FROM = 2
"""So many comments with one linked site, marked as spam by a person, make the site known; one may be a slip."""


def same_again(draft: Draft, found: Sequence[Finding]) -> list[Finding]:
    """Refuse what its writer sent under this article within a day, unless they took it back since.

    Its writer is who types the address on the same network, or proves it to be
    theirs. To anybody else a refusal would tell whose words they copied.
    One query, after a lock that lets no second comment of this writer be
    stored meanwhile; so of fifty sent at once, one is stored.
    """
    rates.lock_writer(draft.email)
    from_here = {} if proves(draft.email, draft.browser_key) else {"address_block": draft.address_block}
    earlier = Comment.objects.filter(
        email=draft.email,
        article=draft.article,
        text=draft.text,
        created_at__gt=timezone.now() - AGAIN_AFTER,
        **from_here,
    ).exclude(state=State.WITHDRAWN)
    if draft.comment is not None:
        earlier = earlier.exclude(pk=draft.comment.pk)
    if earlier.exists():
        raise RepeatError
    return []


def nearly_again(draft: Draft, found: Sequence[Finding]) -> list[Finding]:
    """Whether nearly the same text came before: spam, where a person marked it so and approved none of it."""
    near = [kin for kin in draft.kin if kin.near]
    if not near or not draft.is_telling:
        return []
    spam = _judged(near, State.SPAM)
    if spam and not _judged(near, State.APPROVED):
        return [Finding(Code.SPAM_BEFORE, {"number": len(spam)})]
    return [Finding(Code.SAID_BEFORE, {"number": len(near)})]


def linked_before(draft: Draft, found: Sequence[Finding]) -> list[Finding]:
    """Sites that a person marked as spam before: once is a doubt, more is spam, unless one was approved."""
    findings = []
    for site in likeness.sites(draft.text, draft.website)[: likeness.MOST_DOMAINS]:
        linking = [kin for kin in draft.kin if likeness.site_mark(site) in kin.sites]
        spam = _judged(linking, State.SPAM)
        if spam:
            known = len(spam) >= SPAM_SITE_FROM and not _judged(linking, State.APPROVED)
            push = Push.SPAM if known else Push.HOLD
            findings.append(Finding(Code.SPAM_SITE, {"site": site, "number": len(spam)}, push))
    return findings


def _judged(kin: list[Kin], state: State) -> list[Kin]:
    return [one for one in kin if one.judged and one.state == state]
