"""What moderators decide is learnt: each standing decision of a person once, and no more once it is taken back.

An effect of the outbox brings the learner to what stands now, so effects may come in any order and in any number.
The learner's row lock keeps two workers from losing a lesson. Approved is ham; spam, or refused as an advertisement,
is spam; refused for other reasons says nothing about spam.
"""

import hashlib
from collections.abc import Iterable, Sequence
from typing import Any

from django.db import transaction
from django.utils import timezone

from comments import merits
from comments.learning import packing
from comments.learning.model import Model, UnknownLessonError
from comments.learning.verdict import Lesson
from comments.learning.writing import Writing
from comments.models import Comment, Judgement, Learner, ModerationEntry, Reason, State
from comments.scoring import writing_of
from outbox import effects

TEACH = "comments.teach"
"""The effect that learns what stands about comments; payload ``{"comments": [ids]}``."""

TRAIN = "comments.train"
"""The effect that takes the next step of ``comments.training`` and asks for one more."""

AT_ONCE = 40
"""Comments of one effect: on SQLite a fifth of a second in which nobody else writes."""

DIGEST = 8
_LESSON = 4


class StaleError(Exception):
    """The state is not what the lessons on record made: all has to be learnt anew."""


def teach_later(entries: Sequence[ModerationEntry]) -> None:
    """A follower of decisions: what people decided, or took back, is learnt by the worker."""
    told = [
        entry for entry in entries if entry.kind == ModerationEntry.Kind.DECIDE and (entry.by_id or entry.undoes_id)
    ]
    for start in range(0, len(told), AT_ONCE):
        part = told[start : start + AT_ONCE]
        comments = [entry.comment_id for entry in part]
        effects.enqueue(TEACH, {"comments": comments}, key=f"{TEACH}:{part[0].pk}")


@effects.handler(TEACH)
def learn_what_stands(payload: dict[str, Any], key: str) -> None:
    """Bring the learner to what stands about the comments of ``payload``."""
    teach(payload["comments"])


def teach(comments: Iterable[int]) -> None:
    """Learn what stands about ``comments``, and take out what stands no more. Where that fails all is learnt anew."""
    with transaction.atomic():
        learner = locked()
        try:
            model = packing.load(bytes(learner.state))
            changed = adjust(model, list(comments))
        except (packing.StateError, StaleError):
            begin_anew(learner)
        else:
            if changed:
                keep(learner, model)


def locked() -> Learner:
    """The learner's row, made where it is missing, locked until the transaction ends."""
    Learner.objects.get_or_create(pk=1)
    return Learner.objects.select_for_update().get(pk=1)


def keep(learner: Learner, model: Model) -> None:
    """Write the state, and what the score has earned by now."""
    learner.state = packing.dump(model)
    learner.lessons = model.total
    learner.threshold = merits.threshold()
    learner.version += 1
    learner.changed_at = timezone.now()
    learner.save()


def begin_anew(learner: Learner) -> None:
    """Forget everything that was learnt; the passes of ``comments.training`` learn it again, from the decisions."""
    Judgement.objects.exclude(learnt=None).update(learnt=None, lesson=b"")
    learner.training, learner.reached = 1, 0
    keep(learner, Model())
    ask_for_training(learner)


def ask_for_training(learner: Learner) -> None:
    """Enqueue the next step."""
    effects.enqueue(TRAIN, {}, key=f"{TRAIN}:{learner.version}:{learner.training}:{learner.reached}")


def adjust(model: Model, ids: Sequence[int]) -> bool:
    """Bring ``model`` to what stands about the comments; whether anything changed. Raises ``StaleError``."""
    standing = decisions_about(ids)
    rows = Comment.objects.filter(pk__in=ids).select_related("judgement").order_by("pk")
    changed = [_adjust(model, row, standing.get(row.pk)) for row in rows]
    return any(changed)


def decisions_about(ids: Sequence[int]) -> dict[int, ModerationEntry]:
    """By comment the newest decision that was not taken back. One query."""
    entries = ModerationEntry.objects.filter(
        comment__in=ids, kind=ModerationEntry.Kind.DECIDE, undoes__isnull=True, undone_by__isnull=True
    )
    return {entry.comment_id: entry for entry in entries.order_by("at", "pk")}


def label_of(entry: ModerationEntry | None) -> bool | None:
    """What a decision says about spam; ``None``: nothing, or no person made it."""
    if entry is None or entry.by_id is None:
        return None
    if entry.after == State.SPAM or (entry.after == State.REJECTED and entry.code == Reason.ADVERT):
        return True
    return False if entry.after == State.APPROVED else None


def relearn(model: Model, judgement: Judgement) -> None:
    """Find the push of a lesson anew; one whose comment has other words by now stays as it is."""
    writing = writing_of(judgement.comment)
    raw = bytes(judgement.lesson)
    if raw[_LESSON:] == _digest(writing):
        lesson = model.relearn(writing, Lesson.unpacked(raw[:_LESSON]))
        judgement.lesson = lesson.packed() + raw[_LESSON:]


def _adjust(model: Model, comment: Comment, entry: ModerationEntry | None) -> bool:
    label = label_of(entry)
    judgement = getattr(comment, "judgement", None)
    if judgement is None and label is None:
        return False
    writing = writing_of(comment)
    judgement = judgement or _first(model, comment, writing)
    judgement.is_spam, judgement.judged_at = label, entry.at if entry and label is not None else None
    changed = judgement.learnt != label
    if changed:
        _teach(model, judgement, writing, label)
    judgement.save()
    return changed


def _teach(model: Model, judgement: Judgement, writing: Writing, label: bool | None) -> None:
    if judgement.learnt is not None:
        _take_out(model, judgement, writing)
    judgement.learnt, judgement.lesson = label, b""
    if label is not None:
        judgement.lesson = model.learn(writing, label).packed() + _digest(writing)


def _take_out(model: Model, judgement: Judgement, writing: Writing) -> None:
    raw = bytes(judgement.lesson)
    if raw[_LESSON:] != _digest(writing):
        raise StaleError
    try:
        model.unlearn(writing, Lesson.unpacked(raw[:_LESSON]))
    except UnknownLessonError as error:
        raise StaleError from error


def _first(model: Model, comment: Comment, writing: Writing) -> Judgement:
    """The score it was given when it came; for one that came unscored, by what was learnt without it."""
    score = comment.score if comment.score is not None else model.score(writing).probability
    automatic = comment.why == "score" and any(row.get("push") == 3 for row in comment.findings)  # noqa: PLR2004
    return Judgement(comment=comment, score=score, automatic=automatic)


def _digest(writing: Writing) -> bytes:
    parts = "\0".join((writing.text, writing.name, writing.website, writing.email_domain))
    return hashlib.blake2b(parts.encode("utf-8", "surrogatepass"), digest_size=DIGEST).digest()
