"""Moments as wires write them: RFC 2822, ISO 8601 in its many shapes, NITF's basic form."""

import re
from datetime import UTC, datetime, timedelta, timezone
from email.utils import parsedate_to_datetime

EARLIEST = datetime(1970, 1, 2, tzinfo=UTC)
LATEST = datetime(2200, 1, 1, tzinfo=UTC)

_ISO = re.compile(
    r"(\d{4})-?(\d\d)?-?(\d\d)?"
    r"(?:[Tt ]+(\d\d):?(\d\d)(?::?(\d\d)(?:[.,]\d{1,12})?)?)?"
    r"\s*(Z|z|UTC|GMT|[+-]\d\d:?\d\d|[+-]\d\d)?"
)
_ZONES = {
    "EST": -5, "EDT": -4, "CST": -6, "CDT": -5, "MST": -7, "MDT": -6, "PST": -8, "PDT": -7, "AEST": 10, "AEDT": 11,
    "BST": 1, "CET": 1, "CEST": 2, "EET": 2, "EEST": 3, "JST": 9, "MSK": 3, "IST": 5.5,
}  # fmt: skip
_LONGEST = 60


def moment(text: str) -> datetime | None:
    """The moment ``text`` names, aware; ``None`` for what is none, or lies before 1970 or after 2200."""
    text = " ".join(text.split())
    if not text or len(text) > _LONGEST:
        return None
    found = _iso(text) or _mail(text)
    return found if found is not None and EARLIEST <= found <= LATEST else None


def _iso(text: str) -> datetime | None:
    match = _ISO.fullmatch(text)
    if match is None:
        return None
    year, month, day, hour, minute, second, zone = match.groups()
    try:
        made = datetime(int(year), int(month or 1), int(day or 1), tzinfo=UTC)
        made += timedelta(hours=int(hour or 0), minutes=int(minute or 0), seconds=min(int(second or 0), 60))
        return (made - _offset(zone)).astimezone(UTC) if int(hour or 0) <= 24 else None  # noqa: PLR2004 - midnight
    except (ValueError, OverflowError):
        return None


def _offset(zone: str | None) -> timedelta:
    if not zone or zone[0] not in "+-":
        return timedelta()
    digits = zone[1:].replace(":", "")
    size = timedelta(hours=int(digits[:2]), minutes=int(digits[2:] or 0))
    return -size if zone[0] == "-" else size


def _mail(text: str) -> datetime | None:
    name = text.rpartition(" ")[2].upper()
    try:
        made = parsedate_to_datetime(text)
        if name in _ZONES:
            made = made.replace(tzinfo=timezone(timedelta(hours=_ZONES[name])))
        return (made if made.tzinfo else made.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
