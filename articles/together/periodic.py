"""What the worker forgets: windows long closed, and unsaved words nobody came back to."""

from datetime import timedelta

from django.utils import timezone

from articles.together import copies, presence
from outbox.periodic import every


@every(timedelta(minutes=10))
def forget_windows() -> None:
    """Closed without a word: a crash, a lost connection."""
    presence.forget_old(timezone.now())


@every(timedelta(hours=12))
def forget_copies() -> None:
    """Unsaved words after their thirty days."""
    copies.forget_old(timezone.now())
