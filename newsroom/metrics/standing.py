"""Figures that stand in the database: what waits, what failed, who works. A few short statements."""

from collections.abc import Iterator
from datetime import datetime

from django.db import Error
from django.db.models import Count, Min, Q
from django.utils import timezone

from comments.models import Comment
from newsroom.metrics.text import Gauge
from newsroom.probe import NoAnswerError, Question, condition
from outbox.models import Effect, Heartbeat

ABOUT = {
    "newsroom_database_up": "Whether the database answers within two seconds.",
    "newsroom_database_answer_seconds": "Seconds that the shortest of all statements took.",
    "newsroom_migrations_pending": "Migrations of this release that the database lacks.",
    "newsroom_outbox_due": "Effects that are due and not done, by kind.",
    "newsroom_outbox_failing": "Effects that failed and will be tried again, by kind.",
    "newsroom_outbox_given_up": "Effects that failed for a day and wait for a person, by kind.",
    "newsroom_outbox_oldest_seconds": "How long the oldest due effect has been due.",
    "newsroom_workers": "Workers seen within the last minute.",
    "newsroom_worker_seen_seconds": "How long ago the last worker was seen.",
    "newsroom_comments_pending": "Comments that wait for a moderator.",
    "newsroom_comments_oldest_seconds": "How long the oldest of them has waited.",
}


def standing() -> list[Gauge]:
    """The figures, or just that the database is not up; never waits for long."""
    try:
        now = condition.ask()
        return [
            Gauge("newsroom_database_up", 1),
            Gauge("newsroom_database_answer_seconds", now.seconds),
            Gauge("newsroom_migrations_pending", len(now.pending)),
            *_what_waits.ask(),
        ]
    except (Error, NoAnswerError):
        return [Gauge("newsroom_database_up", 0)]


def _read() -> list[Gauge]:
    return [*_outbox(timezone.now()), *_workers(timezone.now()), *_comments(timezone.now())]


_what_waits = Question(_read)


def _outbox(now: datetime) -> Iterator[Gauge]:
    counts = (
        Effect.objects.waiting()
        .values("kind")
        .annotate(
            due=Count("pk", filter=Q(due_at__lte=now)),
            failing=Count("pk", filter=Q(attempts__gt=0) & ~Q(last_error="")),
        )
    )
    for row in counts.order_by("kind"):
        labels = (("kind", row["kind"]),)
        yield Gauge("newsroom_outbox_due", row["due"], labels)
        yield Gauge("newsroom_outbox_failing", row["failing"], labels)
    given_up = Effect.objects.lost().values("kind").annotate(number=Count("pk"))
    for lost in given_up.order_by("kind"):
        yield Gauge("newsroom_outbox_given_up", lost["number"], (("kind", lost["kind"]),))
    oldest = Effect.objects.due().aggregate(at=Min("due_at"))["at"]
    yield Gauge("newsroom_outbox_oldest_seconds", _since(oldest, now))


def _workers(now: datetime) -> Iterator[Gauge]:
    yield Gauge("newsroom_workers", Heartbeat.objects.alive().count())
    seen = Heartbeat.objects.order_by("-seen_at").values_list("seen_at", flat=True).first()
    if seen is not None:
        yield Gauge("newsroom_worker_seen_seconds", _since(seen, now))


def _comments(now: datetime) -> Iterator[Gauge]:
    pending = Comment.objects.pending().aggregate(number=Count("pk"), oldest=Min("waiting_since"))
    yield Gauge("newsroom_comments_pending", pending["number"])
    yield Gauge("newsroom_comments_oldest_seconds", _since(pending["oldest"], now))


def _since(moment: datetime | None, now: datetime) -> float:
    return max(0.0, (now - moment).total_seconds()) if moment else 0.0
