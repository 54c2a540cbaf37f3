"""What the newsroom's own rules find in a comment. The rehearsal of a rule asks the same ``judge``."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import NamedTuple

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from comments.models import Comment, Rule, State
from comments.pipeline.draft import Draft
from comments.pipeline.findings import Code, Finding, Push
from comments.pipeline.word_rules import compiled
from comments.refusals import RefusedError

RATE_SPAN = timedelta(hours=1)

_LINK = re.compile(r"https?://|\bwww\.(?<!//www\.)", re.IGNORECASE)

CODES = {
    Rule.Kind.WORD: Code.RULE_WORD,
    Rule.Kind.LINKS: Code.RULE_LINKS,
    Rule.Kind.RATE: Code.RULE_RATE,
    Rule.Kind.FIRST: Code.RULE_FIRST,
}

PUSHES = {Rule.Action.HOLD: Push.HOLD, Rule.Action.SPAM: Push.SPAM, Rule.Action.REFUSE: Push.SPAM}

REFUSALS = {
    Rule.Kind.WORD: _(
        "Comments that say “%(words)s” are not taken here. Your text is still here: please say it in other words."
    ),
    Rule.Kind.LINKS: _(
        "Your comment has %(number)s links; at most %(limit)s fit here. Your text is still here: please take some out."
    ),
    Rule.Kind.RATE: _(
        "Nobody can send more than %(limit)s comments in an hour here. Your text is still here: please send it later."
    ),
}
"""What the writer is told of a rule that refuses. Its note is the newsroom's own."""

TOO_MANY = 429


class RuleRefusalError(RefusedError):
    """A rule does not take the comment."""

    status = 422


class Sought(NamedTuple):
    """A rule as it is matched; number 0 is one that is not saved yet."""

    number: int
    kind: str
    pattern: str
    limit: int | None
    action: str
    note: str


@dataclass(frozen=True)
class Subject:
    """What a rule looks at. The writer's past is asked for only by rules that need it."""

    text: str
    name: str
    website: str
    sent_within_hour: Callable[[], int]
    """Comments of this writer within the hour before, this one included."""

    was_approved: Callable[[], bool]
    """Whether a comment of this writer was approved before."""


class Hit(NamedTuple):
    """A rule that found something: the words as they were written, where they stand in the text, or a number."""

    rule: Sought
    words: str = ""
    span: tuple[int, int] | None = None
    number: int = 0


def step(draft: Draft, found: Sequence[Finding]) -> list[Finding]:
    """A finding for each rule in force that the comment hits; raises a ``RefusedError`` where one refuses."""
    hits = judge(in_force(), _subject(draft))
    for hit in hits:
        if hit.rule.action == Rule.Action.REFUSE:
            raise _refusal(hit)
    return [finding_of(hit) for hit in hits]


def in_force() -> tuple[Sought, ...]:
    """The rules that are switched on, in one query."""
    rows = Rule.objects.filter(active=True).values_list("pk", "kind", "pattern", "limit", "action", "note")
    return tuple(Sought(*row) for row in rows.order_by("pk"))


def judge(rules: Sequence[Sought], subject: Subject) -> list[Hit]:
    """What ``rules`` find, in their order."""
    words = compiled(tuple((rule.number, rule.pattern) for rule in rules if rule.kind == Rule.Kind.WORD))
    texts = (subject.text, subject.name, subject.website)
    matches = words.find(texts)
    hits = []
    for rule in rules:
        if rule.kind == Rule.Kind.WORD:
            match = matches.get(rule.number)
            if match is not None:
                span = (match.start, match.end) if match.field == 0 else None
                hits.append(Hit(rule, texts[match.field][match.start : match.end], span))
        elif (hit := _counted(rule, subject)) is not None:
            hits.append(hit)
    return hits


def finding_of(hit: Hit) -> Finding:
    """A hit as the pipeline keeps it: the rule's number, its words, what was found, and its note."""
    rule = hit.rule
    facts = {"rule": rule.number, "note": rule.note}
    if rule.kind == Rule.Kind.WORD:
        facts |= {"words": hit.words, "pattern": rule.pattern}
    elif rule.kind != Rule.Kind.FIRST:
        facts |= {"number": hit.number, "limit": rule.limit}
    return Finding(CODES[Rule.Kind(rule.kind)], facts, PUSHES[Rule.Action(rule.action)])


def count_links(text: str) -> int:
    """How many web addresses a text holds."""
    return sum(1 for _match in _LINK.finditer(text))


def _counted(rule: Sought, subject: Subject) -> Hit | None:
    """What a rule finds that looks for no words."""
    if rule.kind == Rule.Kind.FIRST:
        return None if subject.was_approved() else Hit(rule)
    number = count_links(subject.text) if rule.kind == Rule.Kind.LINKS else subject.sent_within_hour()
    return Hit(rule, number=number) if number > (rule.limit or 0) else None


def _subject(draft: Draft) -> Subject:
    others = Comment.objects.filter(email=draft.email)
    if draft.comment is not None:
        others = others.exclude(pk=draft.comment.pk)
    since = timezone.now() - RATE_SPAN
    return Subject(
        text=draft.text,
        name=draft.name,
        website=draft.website,
        sent_within_hour=lambda: 1 + others.filter(created_at__gt=since).count(),
        was_approved=others.filter(state=State.APPROVED).exists,
    )


def _refusal(hit: Hit) -> RuleRefusalError:
    facts = {"words": hit.words, "number": hit.number, "limit": hit.rule.limit}
    error = RuleRefusalError(str(REFUSALS[Rule.Kind(hit.rule.kind)]) % facts)
    if hit.rule.kind == Rule.Kind.RATE:
        error.status = TOO_MANY
    return error
