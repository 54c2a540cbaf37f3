"""The worker's jobs for wires: looking at feeds whose time has come, and forgetting what nobody took."""

from datetime import timedelta

from django.conf import settings
from django.utils import timezone

from outbox.periodic import every
from syndication.models import WireItem
from syndication.models.wire import WireState
from syndication.wires.looking import ask_due

MOST_FORGOTTEN = 1_000
"""Items of one statement: on SQLite it holds the one write lock."""


@every(timedelta(minutes=1))
def ask_for_looks() -> None:
    """The worker's job: it only says which feeds are due."""
    ask_due(timezone.now())


@every(timedelta(hours=6))
def forget_old() -> None:
    """Items that became no article, and that their feed has not held for ``WIRES_KEPT_DAYS``."""
    before = timezone.now() - timedelta(days=settings.WIRES_KEPT_DAYS)
    old = WireItem.objects.filter(seen_at__lt=before, article=None).exclude(state=WireState.DRAFTED)
    while some := list(old.values_list("pk", flat=True)[:MOST_FORGOTTEN]):
        WireItem.objects.filter(pk__in=some).delete()
