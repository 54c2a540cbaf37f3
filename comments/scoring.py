"""The learnt score in the pipeline: what it says of a draft, and when it may act by itself.

The state is read anew only when it has changed: one query each time, the state itself only with a new version.
"""

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db.models import BinaryField, Case, Value, When
from django.utils import timezone

from comments.learning import packing
from comments.learning.model import Model
from comments.learning.verdict import Verdict
from comments.learning.writing import Writing, domain_of
from comments.models import Comment, Learner
from comments.pipeline.draft import Draft
from comments.pipeline.findings import Code, Finding, Push
from comments.score_words import in_words, inert

HOLD_FROM = 0.5
"""From here a comment waits for a moderator, even a trusted reader's. Holding takes nothing away and needs no merit."""

logger = logging.getLogger("comments")


@dataclass(frozen=True, slots=True)
class Present:
    """What is learnt as of one version of the state. ``threshold``: from where it may hold as spam by itself."""

    version: int
    changed_at: datetime
    threshold: float | None
    model: Model


_last = Present(-1, datetime.min.replace(tzinfo=timezone.get_default_timezone()), None, Model())


def score(draft: Draft, found: Sequence[Finding]) -> list[Finding]:
    """How likely the draft is spam by what moderators decided before, and why. One query.

    Before the first lesson it speaks only where its first belief holds the draft.
    """
    known = present()
    finding = finding_of(known.model.score(writing_of(draft)), known.threshold)
    return [finding] if known.model.total or finding.pushes is not Push.NOTE else []


def finding_of(verdict: Verdict, threshold: float | None) -> Finding:
    """What is stored of a verdict; it pushes to spam only from an earned ``threshold`` on."""
    reasons = [inert(because) for because in verdict.because]
    facts: dict[str, Any] = {
        "score": round(verdict.probability, 4),
        "percent": round(verdict.probability * 100),
        "sure": round(verdict.certainty * 100),
        "because": [[str(because.kind), because.words, round(because.push, 2)] for because in reasons],
        "words": in_words(reasons),
    }
    return Finding(Code.SCORE, facts, _push(verdict.probability, threshold))


def given(findings: Sequence[Finding]) -> float | None:
    """The score among findings."""
    scores = [finding.facts.get("score") for finding in findings if finding.code == Code.SCORE]
    return float(scores[0]) if scores and isinstance(scores[0], int | float) else None


def writing_of(words: Draft | Comment) -> Writing:
    """What is scored and learnt of a draft or of a stored comment."""
    return Writing(words.text, words.name, words.website, domain_of(words.email))


def present() -> Present:
    """What is learnt now. A state that this version cannot read counts as nothing learnt, until it is learnt anew."""
    global _last  # noqa: PLW0603 - one for each process; replaced as a whole
    last = _last
    unchanged = When(version=last.version, changed_at=last.changed_at, then=Value(b"", output_field=BinaryField()))
    row = (
        Learner.objects.annotate(news=Case(unchanged, default="state"))
        .values_list("version", "changed_at", "threshold", "news")
        .first()
    )
    if row is None:
        return Present(0, last.changed_at, None, Model())
    version, changed_at, threshold, news = row
    if (version, changed_at) != (last.version, last.changed_at):
        _last = Present(version, changed_at, threshold, _read(bytes(news)))
    return _last


def _read(raw: bytes) -> Model:
    try:
        return packing.load(raw)
    except packing.StateError:
        logger.warning("What comments' decisions taught cannot be read; run manage.py train_comments.")
        return Model()


def _push(probability: float, threshold: float | None) -> Push:
    if settings.COMMENTS_SPAM_BY_SCORE and threshold is not None and probability >= threshold:
        return Push.SPAM
    return Push.HOLD if probability >= HOLD_FROM else Push.NOTE
