"""Learning from all decisions, in passes: each decision once, then each again beside all others.

Where it stands is kept with the learner after every batch, in the same transaction as what was learnt; so it can be
killed and goes on where it was, and decisions made meanwhile are learnt as ever.
"""

from datetime import timedelta
from typing import Any, NamedTuple

from django.db import transaction
from django.db.models import Exists, F, OuterRef, QuerySet
from django.db.models.functions import Mod
from django.utils import timezone

from comments import lessons
from comments.learning import packing
from comments.learning.model import Model
from comments.learning.training import STRANDS
from comments.models import Comment, Judgement, Learner, ModerationEntry
from outbox import effects
from outbox.periodic import every

BATCH = 40
"""As many as one effect teaches."""
PASSES = 1 + STRANDS
"""The first learns what stands, the oldest first; each other one looks again at every sixteenth comment."""

LOOK_AGAIN_FROM = 50
"""With fewer lessons there is little to look at again."""


class Progress(NamedTuple):
    """Which pass is going on (0: none), and how many of how many comments it has behind it."""

    number: int
    done: int
    total: int


def start(*, anew: bool = False) -> None:
    """Begin the passes; ``anew`` forgets first. A training that is going on begins again."""
    with transaction.atomic():
        learner = lessons.locked()
        if anew:
            lessons.begin_anew(learner)
            return
        _begin(learner, 1)
        lessons.ask_for_training(learner)


def step() -> bool:
    """Take one batch; whether there is more to do."""
    with transaction.atomic():
        learner = lessons.locked()
        if not learner.training:
            return False
        try:
            _take(learner)
        except (packing.StateError, lessons.StaleError):
            lessons.begin_anew(learner)
        return learner.training > 0


def progress() -> Progress:
    """Where it stands."""
    learner = Learner.objects.defer("state").first() or Learner()
    waiting = _comments(learner.training or 1)
    total = waiting.count()
    return Progress(learner.training, total - _left(learner).count() if learner.training else total, total)


@effects.handler(lessons.TRAIN)
def go_on(payload: dict[str, Any], key: str) -> None:
    """A step, and the effect for the next one."""
    if step():
        lessons.ask_for_training(Learner.objects.defer("state").get())


@every(timedelta(days=1))
def look_again_daily() -> None:
    """Once a day every lesson is looked at beside those that came since; a training that is going on goes on."""
    with transaction.atomic():
        learner = Learner.objects.select_for_update().defer("state").filter(training=0).first()
        if learner is not None and learner.lessons >= LOOK_AGAIN_FROM:
            _begin(learner, 2)
            lessons.ask_for_training(learner)


def _take(learner: Learner) -> None:
    found = list(_left(learner)[:BATCH].values_list("pk", flat=True))
    if not found:
        _begin(learner, (learner.training + 1) % (PASSES + 1))
        return
    model = packing.load(bytes(learner.state))
    if learner.training == 1:
        lessons.adjust(model, found)
    else:
        _look_again(model, found)
    learner.reached = found[-1]
    lessons.keep(learner, model)


def _look_again(model: Model, found: list[int]) -> None:
    rows = Judgement.objects.filter(pk__in=found, learnt__isnull=False).select_related("comment").in_bulk()
    taught = [rows[pk] for pk in found if pk in rows]
    for judgement in taught:
        lessons.relearn(model, judgement)
    Judgement.objects.bulk_update(taught, ["lesson"])


def _begin(learner: Learner, number: int) -> None:
    learner.training = number
    learner.reached = 0
    learner.changed_at = timezone.now()
    learner.version += 1
    learner.save(update_fields=["training", "reached", "changed_at", "version"])


def _left(learner: Learner) -> QuerySet[Comment]:
    """The comments that the present pass has before it, in its order."""
    return _comments(learner.training).filter(pk__gt=learner.reached).order_by("pk")


def _comments(number: int) -> QuerySet[Comment]:
    """Those that a person decided about; for looking again, those of one strand that were learnt."""
    if number > 1:
        learnt = Comment.objects.filter(judgement__learnt__isnull=False)
        return learnt.annotate(strand=Mod(F("pk"), STRANDS)).filter(strand=number - 2)
    decided = ModerationEntry.objects.filter(comment=OuterRef("pk"), kind=ModerationEntry.Kind.DECIDE, by__isnull=False)
    return Comment.objects.filter(Exists(decided))
