"""Rations: how often something may happen for one source in a stretch of time, held in the database.

The source is kept as a keyed hash only, and the count under the end of its
stretch of time, as the worker forgets counts an hour after what they stand under. A conditional update under the row's
lock counts, so that none of many at once slips past a limit.
"""

from datetime import datetime, timedelta

from django.db.models import F
from django.utils import timezone
from django.utils.crypto import salted_hmac

from comments.models import Arrivals


def take(kind: str, value: str, *, limit: int, window: timedelta) -> bool:
    """Whether one more fits; then it is counted."""
    digest = salted_hmac(f"comments.ration.{kind}", value, algorithm="sha256").hexdigest()[:48]
    row, _created = Arrivals.objects.get_or_create(source=f"{kind}:{digest}", since=_end(window))
    return bool(Arrivals.objects.filter(pk=row.pk, number__lt=limit).update(number=F("number") + 1))


def _end(window: timedelta) -> datetime:
    """When the present stretch ends; stretches follow one another since 1970."""
    seconds = int(window.total_seconds())
    ended = int(timezone.now().timestamp()) // seconds
    return datetime.fromtimestamp((ended + 1) * seconds, timezone.get_default_timezone())
