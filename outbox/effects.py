"""Effects that run after a commit: enqueued by verbs, run by workers.

A handler that only touches our database runs exactly once: its work and the
mark that it is done share one transaction. A handler that mails or calls
somebody runs at least once; the effect's ``key`` is its Message-ID or
idempotency key.
"""

import logging
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from django.db import connection, transaction
from django.utils import timezone

from outbox.models import Effect

Handler = Callable[[dict[str, Any], str], None]

MAX_ATTEMPTS = 12
"""After about a day of doubling pauses an effect waits for a person."""

FIRST_PAUSE = timedelta(seconds=10)
LONGEST_PAUSE = timedelta(hours=3)

logger = logging.getLogger("outbox")

_handlers: dict[str, Handler] = {}


def handler(kind: str) -> Callable[[Handler], Handler]:
    """Register a function ``(payload, key)`` for the effects of one kind; it may run again after a failure."""

    def register(function: Handler) -> Handler:
        _handlers[kind] = function
        return function

    return register


def enqueue(kind: str, payload: dict[str, Any], *, key: str, due: datetime | None = None) -> None:
    """Write an effect into the present transaction; a second one with the same ``key`` is ignored."""
    row = Effect(kind=kind, payload=payload, key=key, due_at=due or timezone.now())
    Effect.objects.bulk_create([row], ignore_conflicts=True)


def run_due(limit: int = 100) -> int:
    """Run up to ``limit`` effects that are due; returns how many were tried. Any number of workers may call it."""
    tried = 0
    while tried < limit and _run_next():
        tried += 1
    return tried


def _run_next() -> bool:
    """Run the oldest due effect that no other worker holds."""
    with transaction.atomic():
        waiting = Effect.objects.filter(done_at__isnull=True, given_up=False, due_at__lte=timezone.now())
        if connection.features.has_select_for_update_skip_locked:
            waiting = waiting.select_for_update(skip_locked=True)
        effect = waiting.order_by("due_at", "id").first()
        if effect is None:
            return False
        effect.attempts += 1
        try:
            with transaction.atomic():
                _handlers[effect.kind](effect.payload, effect.key)
        except Exception as error:  # noqa: BLE001 - whatever a handler raises, the effect must be kept
            _postpone(effect, error)
        else:
            effect.done_at = timezone.now()
            effect.last_error = ""
        effect.save(update_fields=["attempts", "done_at", "due_at", "last_error", "given_up"])
    return True


def _postpone(effect: Effect, error: Exception) -> None:
    logger.warning("effect failed", extra={"effect": effect.key, "attempt": effect.attempts}, exc_info=error)
    effect.last_error = f"{type(error).__name__}: {error}"[:2000]
    effect.given_up = effect.attempts >= MAX_ATTEMPTS
    effect.due_at = timezone.now() + min(FIRST_PAUSE * 2 ** (effect.attempts - 1), LONGEST_PAUSE)
