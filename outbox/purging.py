"""Effects that are done are dropped after a while, so that the table does not grow for ever."""

from datetime import timedelta

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from outbox.models import Effect
from outbox.periodic import every

AT_ONCE = 1_000
"""Rows of one transaction: on SQLite it is the one write lock."""

MOST_AT_A_TIME = 200_000
"""Rows of one run; what is left waits an hour for the next."""


def purge() -> int:
    """Drop what was done more than ``EFFECTS_KEPT_DAYS`` ago; returns how many.

    What failed for good stays for a person. While a row is kept, its key stops
    a second effect of the same name; ``effects.enqueue`` says what follows.
    """
    dropped = 0
    while dropped < MOST_AT_A_TIME and (some := _drop_some()):
        dropped += some
    return dropped


def _drop_some() -> int:
    before = timezone.now() - timedelta(days=settings.EFFECTS_KEPT_DAYS)
    with transaction.atomic():
        old = Effect.objects.filter(done_at__lt=before).order_by("done_at")
        ids = list(old.select_for_update(skip_locked=True).values_list("pk", flat=True)[:AT_ONCE])
        return Effect.objects.filter(pk__in=ids).delete()[0] if ids else 0


@every(timedelta(hours=1))
def purge_hourly() -> None:
    """The worker's job; any number of workers may run it."""
    purge()
