"""What the learnt score has earned: measured on scores given before a person decided, and shown on the desk.

A score that holds as spam by itself is then judged by those who take comments out of the spam again, and by the
second look; so what it measures can only look worse than it is, and the right to act is lost before harm is done.
"""

from dataclasses import dataclass
from datetime import datetime

from django.conf import settings

from comments.learning.earning import Measured, Pair, earned_threshold, measure_all
from comments.learning.heaviest import heaviest
from comments.learning.verdict import Because
from comments.models import Judgement, Learner
from comments.scoring import present, writing_of

NEWEST = 2_000
"""Decisions that count: what the score is worth now, not what it was worth years ago."""

NAMED_FROM = 200
"""Newest decided comments whose words are named."""


@dataclass(frozen=True, slots=True)
class Standing:
    """What the score has learnt and earned. ``towards`` and ``away``: what pushes most to spam, and from it."""

    lessons: int
    changed_at: datetime | None
    is_training: bool
    measured: list[Measured]
    decisions: int
    required: float
    threshold: float | None
    is_acting: bool
    towards: list[Because]
    away: list[Because]


def pairs() -> list[Pair]:
    """Scores and decisions, the newest; what was decided as one group counts once, so no flood earns anything."""
    rows = (
        Judgement.objects.filter(is_spam__isnull=False)
        .order_by("-judged_at", "-pk")
        .values_list("pk", "score", "is_spam", "comment__cluster")[:NEWEST]
    )
    first: dict[tuple[int, bool], Pair] = {}
    for comment, score, is_spam, cluster in rows:
        first.setdefault((cluster or comment, bool(is_spam)), Pair(score, bool(is_spam)))
    return list(first.values())


def threshold() -> float | None:
    """From which score on comments may be held as spam without anybody's decision; ``None``: not earned."""
    return earned_threshold(pairs(), required())


def required() -> float:
    """The precision that has to be certain, as a share."""
    return float(settings.COMMENTS_SPAM_PRECISION) / 100


def standing() -> Standing:
    """All of it, for the desk. Four queries, whatever was learnt; for moderators' eyes."""
    learner = Learner.objects.defer("state").first() or Learner()
    known = pairs()
    newest = Judgement.objects.filter(learnt__isnull=False).order_by("-judged_at").select_related("comment")
    towards, away = heaviest(present().model, [writing_of(row.comment) for row in newest[:NAMED_FROM]])
    return Standing(
        lessons=learner.lessons,
        changed_at=learner.changed_at if learner.lessons else None,
        is_training=learner.training > 0,
        measured=measure_all(known, required()),
        decisions=len(known),
        required=required(),
        threshold=learner.threshold,
        is_acting=settings.COMMENTS_SPAM_BY_SCORE and learner.threshold is not None,
        towards=towards,
        away=away,
    )
