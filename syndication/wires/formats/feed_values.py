"""Values of feeds, judged as strictly as their standards do; reading them is another matter."""

import re
from datetime import datetime, timedelta

from django.utils import timezone

from syndication.wires.moments import moment

LONGEST = 2_000
"""Characters of an address; a longer one is none, and would keep a pattern busy."""

_RFC3339 = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:\d\d)")
_W3C = re.compile(r"\d{4}(?:-\d\d(?:-\d\d(?:T\d\d:\d\d(?::\d\d(?:\.\d+)?)?(?:Z|[+-]\d\d:\d\d))?)?)?")
_RFC822 = re.compile(
    r"(?:(Mon|Tue|Wed|Thu|Fri|Sat|Sun), )?\d{1,2} "
    r"(Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec) \d{4} \d\d:\d\d(?::\d\d)? "
    r"(?:[+-]\d\d(?:00|15|30|45)|UT|GMT|[ECMP][SD]T|Z)"
)
_MAILED = frozenset(("pubDate", "lastBuildDate", "expirationDate"))
_DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_TAG = re.compile(
    r"tag:(?:[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?(?:\.[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?)*"
    r"|[A-Za-z0-9._%+-]+@[A-Za-z0-9.-]+),"
    r"\d{4}(?:-(?:0[1-9]|1[0-2])(?:-(?:0[1-9]|[12]\d|3[01]))?)?:\S*"
)
_URN = re.compile(r"urn:[A-Za-z0-9][A-Za-z0-9-]{1,31}:\S+", re.IGNORECASE)
_URI = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:\S+")
_REFERENCE = re.compile(r"[^\s<>\"{}|\\^`]*")
_WEB = re.compile(
    r"https?://(?:[^\s/?#@]*@)?(?:\[[0-9a-fA-F:.]+\]|[^\s/?#:@\[\],]+\.?)(?::\d{1,5})?(?:[/?#]\S*)?", re.IGNORECASE
)
_MEDIA_TYPE = re.compile(r"[A-Za-z0-9!#$&^_.+-]+/[A-Za-z0-9!#$&^_.+-]+(?:\s*;.*)?")
_LOOSE_PERCENT = re.compile(r"%(?![0-9A-Fa-f]{2})")
_SMALL_PERCENT = re.compile(r"%(?:[a-f][0-9a-fA-F]|[0-9A-F][a-f]|4[1-9A-F]|5[0-9A]|6[1-9A-F]|7[0-9A]|3[0-9])")
_SCHEMES = frozenset(
    (
        "http",
        "https",
        "tag",
        "urn",
        "mailto",
        "ftp",
        "info",
        "data",
        "cid",
        "mid",
        "news",
        "nntp",
        "feed",
        "uuid",
        "tel",
    )
)


def faulty_moment(name: str, text: str, *, is_atom: bool) -> bool:
    """Whether it is none, written otherwise than its standard has it, or absurd: before 1970, or days ahead."""
    when = moment(text)
    if when is None or when > timezone.now() + timedelta(days=2):
        return True
    if name in _MAILED:
        match = _RFC822.fullmatch(text)
        return match is None or not _fits_day(match[1], text)
    return (_RFC3339 if is_atom and ":" not in name else _W3C).fullmatch(text) is None


def _fits_day(day: str | None, text: str) -> bool:
    """Whether the day of the week is that of the date."""
    if day is None:
        return True
    number, month, year = text.split(", ")[1].split(" ")[:3]
    try:
        date = datetime.strptime(f"{number} {month} {year}", "%d %b %Y")  # noqa: DTZ007 - a day has no zone
    except ValueError:
        return False
    return _DAYS[date.weekday()] == day


def faulty_address(text: str, *, whole: bool, canonical: bool = True) -> bool:
    """Whether it is no address: blank, with blanks or signs none may hold; ``whole`` ones must name their scheme."""
    if (
        not text
        or len(text) > LONGEST
        or text != text.strip()
        or not _REFERENCE.fullmatch(text)
        or _LOOSE_PERCENT.search(text)
    ):
        return True
    scheme = text.partition(":")[0].lower() if _URI.fullmatch(text) else ""
    if not scheme:
        return whole or ":" in text.partition("/")[0]
    judged = {"http": _WEB, "https": _WEB, "tag": _TAG, "urn": _URN}.get(scheme)
    if judged is not None and not judged.fullmatch(text):
        return True
    return whole and canonical and _is_not_canonical(text, scheme)


def _is_not_canonical(text: str, scheme: str) -> bool:
    """Whether an identity is written in one of several ways that mean the same."""
    if scheme not in _SCHEMES or text.partition(":")[0] != scheme or _SMALL_PERCENT.search(text):
        return True
    host, slash, path = text.partition("//")[2].partition("/")
    if scheme not in {"http", "https"}:
        return False
    return (
        host != host.lower()
        or not slash
        or host.endswith((":80", ":", "."))
        or "/./" in f"/{path}/"
        or "/../" in f"/{path}/"
    )


def faulty_number(text: str, least: int, most: int) -> bool:
    """Whether it is no whole number between the two."""
    digits = text.strip()
    whole = digits.isascii() and digits.isdecimal() and len(digits) < 18  # noqa: PLR2004 - what a database counts to
    return not (whole and least <= int(digits) <= most)


def is_media_type(text: str) -> bool:
    """Whether it is written as ``text/html`` or ``text/html; charset=utf-8``."""
    return _MEDIA_TYPE.fullmatch(text) is not None
