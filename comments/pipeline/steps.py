"""The steps in their order: repeats, bans, rules, the learnt score, trust.

Rates are counted before them, in a transaction of their own. A step looks at a
draft, inside the transaction that will store it, and returns what it found; it
raises a ``RefusedError`` where the comment is not taken at all. It reads the
findings of the steps before it, and writes nothing but its own counts.
"""

from collections.abc import Callable, Sequence

from comments.models import State
from comments.pipeline import bans, rules
from comments.pipeline.draft import Draft
from comments.pipeline.findings import Code, Finding, Push, strongest
from comments.pipeline.repeats import linked_before, nearly_again, same_again
from comments.pipeline.trust import held_story, trust
from comments.scoring import score

Step = Callable[[Draft, Sequence[Finding]], list[Finding]]


def trap(draft: Draft, found: Sequence[Finding]) -> list[Finding]:
    """Whether a field was filled in that people do not see."""
    return [Finding(Code.TRAP)] if draft.trapped else []


STEPS: tuple[Step, ...] = (
    same_again,
    trap,
    nearly_again,
    linked_before,
    bans.step,
    rules.step,
    score,
    held_story,
    trust,
)


def examine(draft: Draft, found: Sequence[Finding] = ()) -> list[Finding]:
    """``found``, what was noticed of the form, and what each step finds. Raises a ``RefusedError``."""
    findings = list(found)
    for step in STEPS:
        findings += step(draft, findings)
    return findings


def state_after(findings: Sequence[Finding]) -> State:
    """Where a comment with these findings stands."""
    decisive = strongest(findings)
    if decisive is None or decisive.pushes is Push.HOLD:
        return State.PENDING
    return State.SPAM if decisive.pushes is Push.SPAM else State.APPROVED
