"""Times as statements written out in SQL give them."""

from datetime import UTC, datetime

from django.utils.dateparse import parse_datetime


def instant(value: str | datetime | None) -> datetime | None:
    """A time as either database gives it: SQLite's are in UTC, as text or without saying so."""
    moment = parse_datetime(value) if isinstance(value, str) else value
    return moment.replace(tzinfo=UTC) if moment is not None and moment.tzinfo is None else moment
