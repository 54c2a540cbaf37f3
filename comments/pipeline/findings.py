"""What a step of the pipeline found: a code and facts, stored with the comment and told in words."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import IntEnum
from typing import Any

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Push(IntEnum):
    """Where a finding pushes a comment. The strongest push decides; ``TRUST`` only where nothing else pushes."""

    NOTE = 0
    TRUST = 1
    HOLD = 2
    SPAM = 3


class Code(TextChoices):
    """What can be found. The words are for moderators; facts fill the places in braces."""

    TRAP = "trap", _("Filled in a field that people do not see")
    FAST = "fast", _("Sent within three seconds of opening the form")
    OLD = "old", _("Sent from a form that was open for more than a day")
    UNKNOWN_ORIGIN = "unknown-origin", _("The browser did not say which page the form was on")
    RULE_WORD = "rule-word", _("Says “{words}”; a rule looks for “{pattern}”. {note}")
    RULE_LINKS = "rule-links", _("Has {number} links; a rule allows {limit}. {note}")
    RULE_RATE = "rule-rate", _("Comment number {number} of this writer within an hour; a rule allows {limit}. {note}")
    RULE_FIRST = "rule-first", _("No comment of this writer has been approved yet; a rule holds it. {note}")
    CHANGED = "changed", _("Its writer changed the words")
    REPORTED = "reported", _("Reported by {number} readers")
    SAID_BEFORE = "said-before", _("Nearly the same text as in {number} earlier comments")
    SPAM_BEFORE = "spam-before", _("Nearly the same text as in {number} comments that a moderator marked as spam")
    SPAM_SITE = "spam-site", _("Links to {site}, as {number} comments that a moderator marked as spam")
    SCORE = "score", _("Going by earlier decisions {percent} % likely to be spam, {sure} % sure: {words}")
    AKISMET = "akismet", _("Akismet takes it for spam")
    HELD_STORY = "held-story", _("Every comment under this story waits for a moderator")
    UNPROVEN = "unproven", _("A trusted reader's email address, but the browser could not prove that it is theirs")
    TRUSTED = "trusted", _("A moderator approved {number} comments of this reader, whose address is confirmed")


PUSHES: dict[str, Push] = {
    Code.TRAP: Push.SPAM,
    Code.REPORTED: Push.HOLD,
    Code.OLD: Push.HOLD,
    Code.UNKNOWN_ORIGIN: Push.HOLD,
    Code.SAID_BEFORE: Push.HOLD,
    Code.SPAM_BEFORE: Push.SPAM,
    Code.SPAM_SITE: Push.SPAM,
    Code.AKISMET: Push.SPAM,
    Code.HELD_STORY: Push.HOLD,
    Code.TRUSTED: Push.TRUST,
}
"""What each code pushes to by itself; what is not named here is a note."""


@dataclass(frozen=True)
class Finding:
    """One thing that was found. ``push`` overrides what its code pushes to by itself."""

    code: Code
    facts: dict[str, Any] = field(default_factory=dict)
    push: Push | None = None

    @property
    def pushes(self) -> Push:
        """Where it pushes the comment."""
        return PUSHES.get(self.code, Push.NOTE) if self.push is None else self.push

    def in_words(self) -> str:
        """What was found, for a moderator."""
        return str(self.code.label).format_map(_Facts(self.facts))

    def stored(self) -> dict[str, Any]:
        """As JSON."""
        row: dict[str, Any] = {"code": str(self.code), "push": int(self.pushes)}
        return {**row, "facts": self.facts} if self.facts else row


class _Facts(dict[str, Any]):
    def __missing__(self, key: str) -> str:
        return "…"


def read(rows: Iterable[Any]) -> list[Finding]:
    """The findings of a stored comment; what this version does not know is left out."""
    return [
        Finding(Code(row["code"]), dict(row.get("facts") or {}), Push(row["push"]))
        for row in rows
        if isinstance(row, dict) and row.get("code") in Code.values and row.get("push") in set(Push)
    ]


def strongest(findings: Iterable[Finding]) -> Finding | None:
    """The finding that decides: the first of those with the strongest push; ``None`` where all are notes."""
    pushing = [finding for finding in findings if finding.pushes is not Push.NOTE]
    return max(pushing, key=lambda finding: finding.pushes, default=None)
