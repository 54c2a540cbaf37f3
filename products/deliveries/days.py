"""The moment a list speaks of."""

from datetime import date, datetime, time

from django.utils import timezone

LAST_MINUTE = time(23, 59)


def end_of(day: date) -> datetime:
    """The end of a day in the site's zone, or now: never later."""
    return min(timezone.make_aware(datetime.combine(day, LAST_MINUTE)), timezone.now())
