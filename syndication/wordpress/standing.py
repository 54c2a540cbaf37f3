"""Whether a post may be read: nothing that readers could not read there may be read here."""

from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

from django.utils import timezone
from django.utils.translation import gettext as _

from articles.publishing.arriving import Release
from syndication.wordpress.reading import Node

EARLIEST, LATEST = 1970, 2100
"""Years of a post's date that are believed."""

SKIPPED = frozenset({"trash", "auto-draft", "inherit"})


@dataclass(frozen=True)
class Standing:
    """Where a post is to stand, the date it carries, and why it is not where it stood."""

    release: Release
    publish_at: datetime | None = None
    why: str = ""


def standing_of(item: Node, now: datetime, *, page: bool) -> Standing:
    """Published only what was published, without a password, at a time that can be read."""
    status, at = item.get("wp:status").casefold(), moment_of(item)
    past = at if at is not None and at <= now else None
    if item.get("wp:post_password"):
        return Standing(Release.DRAFT, past, _("It had a password: it is a draft."))
    if page:
        return Standing(Release.ARCHIVED, past)
    if at is not None and (status == "publish" or (status == "future" and at > now)):
        return Standing(Release.LIVE, at)
    return Standing(Release.DRAFT, past if status == "private" else None, _why_draft(status))


def _why_draft(status: str) -> str:
    """Why a post that is not published here was not meant to be, or cannot be."""
    reasons = {
        "draft": "",
        "publish": _("Its date cannot be read: it is a draft."),
        "future": _("The time it was planned for has passed or cannot be read: it is a draft."),
        "private": _("It was private: it is a draft."),
    }
    return reasons.get(status, _("Its state was “%(state)s”: it is a draft.") % {"state": status[:40] or "?"})


def moment_of(item: Node, prefix: str = "wp:post_date") -> datetime | None:
    """The item's date: as universal time, else in the site's zone, else as the feed has it."""
    return (
        _parsed(item.get(f"{prefix}_gmt"), universal=True)
        or _parsed(item.get(prefix), universal=False)
        or _from_feed(item.get("pubDate"))
    )


def _parsed(text: str, *, universal: bool) -> datetime | None:
    try:
        moment = datetime.fromisoformat(text)
        if moment.tzinfo is None:
            moment = moment.replace(tzinfo=UTC if universal else timezone.get_current_timezone())
        return _believed(moment)
    except (ValueError, OverflowError):
        return None


def _from_feed(text: str) -> datetime | None:
    try:
        moment = parsedate_to_datetime(text)
        return _believed(moment if moment.tzinfo else moment.replace(tzinfo=UTC))
    except (ValueError, TypeError, OverflowError, IndexError):
        return None


def _believed(moment: datetime) -> datetime | None:
    return moment.astimezone(UTC) if EARLIEST <= moment.year <= LATEST else None
