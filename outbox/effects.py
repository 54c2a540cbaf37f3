"""Effects that run after a commit: enqueued by verbs, run by workers.

Running one takes two steps. First a worker *claims* it: it counts the attempt
and puts the effect off, as though it had failed already, and commits. So an
effect that kills its worker cannot hold up the queue for ever. Then it runs:

- a handler of our own database runs exactly once: its work and the mark that
  it is done are one transaction, under the effect's row lock;
- a handler declared ``outside=True`` mails, calls somebody or works for long;
  it runs in no transaction, and at least once. The effect's ``key`` is its
  Message-ID or idempotency key;
- one declared ``slow=True`` besides waits on servers that nobody here knows,
  and has a lane of its own, so that nothing else waits behind it.
"""

import logging
from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from outbox.models import Effect

Handler = Callable[[dict[str, Any], str], None]

MAX_ATTEMPTS = 18
"""After about a day of doubling pauses an effect waits for a person."""

FIRST_PAUSE = timedelta(seconds=10)
LONGEST_PAUSE = timedelta(hours=3)

OUTSIDE_LEASE = timedelta(minutes=10)
"""How long nobody else tries a claimed effect that works outside; longer than any time-out of mail or HTTP."""

AT_ONCE = 500
"""Effects written by one statement."""

logger = logging.getLogger("outbox")


class _Registered(NamedTuple):
    function: Handler
    outside: bool
    slow: bool


_handlers: dict[str, _Registered] = {}


def handler(kind: str, *, outside: bool = False, slow: bool = False) -> Callable[[Handler], Handler]:
    """Register a function ``(payload, key)`` for the effects of one kind; it may run again after a failure."""

    def register(function: Handler) -> Handler:
        _handlers[kind] = _Registered(function, outside or slow, slow)
        return function

    return register


class Wanted(NamedTuple):
    """One of many effects of a kind; due at once where nothing is said."""

    payload: dict[str, Any]
    key: str
    due: datetime | None = None


def enqueue(kind: str, payload: dict[str, Any], *, key: str, due: datetime | None = None) -> None:
    """Write an effect into the present transaction; a second one with the same ``key`` is ignored, also later on.

    “Later on” lasts while the first waits or runs, and ``EFFECTS_KEPT_DAYS``
    after it was done; then its row is dropped. A key that must never come back
    therefore names what happens once (a row's id, a moment), not a subject.
    """
    enqueue_all(kind, [Wanted(payload, key, due)])


def enqueue_all(kind: str, wanted: Iterable[Wanted]) -> None:
    """As ``enqueue``, for many: one statement for each ``AT_ONCE`` of them."""
    now = timezone.now()
    rows = [Effect(kind=kind, payload=one.payload, key=one.key, due_at=one.due or now) for one in wanted]
    Effect.objects.bulk_create(rows, ignore_conflicts=True, batch_size=AT_ONCE)


def run_due(limit: int = 100, *, stopping: Callable[[], bool] = lambda: False, slow: bool | None = None) -> int:
    """Run up to ``limit`` effects that are due, of one lane where ``slow`` says which; returns how many were tried.

    Any number of workers may call it; ``stopping`` is asked before each.
    """
    tried = 0
    while tried < limit and not stopping():
        effect = _claim(slow)
        if effect is None:
            break
        if not effect.given_up:
            _try(effect)
        tried += 1
    return tried


def _claim(slow: bool | None = None) -> Effect | None:
    """Take the oldest due effect that nobody else holds, and put it off until it may be tried again."""
    due = _due(slow)
    if not due.exists():
        return None  # an idle worker takes no lock
    with transaction.atomic():
        effect = due.select_for_update(skip_locked=True).first()
        if effect is None:
            return None
        effect.attempts += 1
        effect.given_up = effect.attempts > MAX_ATTEMPTS  # the last attempt never came back
        effect.due_at = timezone.now() + max(_pause(effect), _lease(effect))
        effect.save(update_fields=["attempts", "given_up", "due_at"])
    return effect


def _due(slow: bool | None) -> QuerySet[Effect]:
    due = Effect.objects.due()
    if slow is None:
        return due
    kinds = [kind for kind, registered in _handlers.items() if registered.slow]
    return due.filter(kind__in=kinds) if slow else due.exclude(kind__in=kinds)


def _pause(effect: Effect) -> timedelta:
    return min(FIRST_PAUSE * (1 << (effect.attempts - 1)), LONGEST_PAUSE)


def _lease(effect: Effect) -> timedelta:
    registered = _handlers.get(effect.kind)
    return OUTSIDE_LEASE if registered and registered.outside else timedelta()


def _try(effect: Effect) -> None:
    try:
        registered = _handlers[effect.kind]
        if registered.outside:
            registered.function(effect.payload, effect.key)
            _mark_done(effect)
        else:
            with transaction.atomic():
                if _mark_done(effect):
                    registered.function(effect.payload, effect.key)
    except Exception as error:  # noqa: BLE001 - whatever a handler raises, the effect must be kept
        _keep(effect, error)


def _mark_done(effect: Effect) -> bool:
    """Whether this attempt is still the one that counts; marking it locks the row until the transaction ends."""
    mine = Effect.objects.filter(pk=effect.pk, attempts=effect.attempts, done_at__isnull=True)
    return bool(mine.update(done_at=timezone.now(), last_error=""))


def _keep(effect: Effect, error: Exception) -> None:
    logger.warning("effect failed", extra={"effect": effect.key, "attempt": effect.attempts}, exc_info=error)
    reason = f"{type(error).__name__}: {error}".replace("\x00", "")
    Effect.objects.filter(pk=effect.pk, attempts=effect.attempts).update(
        due_at=timezone.now() + _pause(effect),
        last_error=reason[:2000],
        given_up=effect.attempts >= MAX_ATTEMPTS,
    )
