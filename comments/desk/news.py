"""What happened to a list while somebody reads it: new ones to come, and rows that have left."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.http import QueryDict
from django.utils import timezone
from django.utils.dateparse import parse_datetime

from comments.desk.acting import overtaken_words
from comments.desk.asked import Asked, Tab
from comments.desk.listing import matching
from comments.models import Comment, Report
from comments.moderation import last_decisions
from pagecache.admin import is_id

MOST = 99
"""New ones are counted no further."""

MOST_SHOWN = 300
"""Rows on a screen that are asked about."""


def news(asked: Asked, query: QueryDict, *, by_email: bool) -> dict[str, Any]:
    """How many came since the moment ``since``, and which of the rows ``shown`` are gone, with words for each."""
    shown = [int(pk) for pk in query.get("shown", "").split(",")[:MOST_SHOWN] if is_id(pk)]
    since = _moment(query.get("since", ""))
    fresh = _came_since(asked, since, by_email).exclude(pk__in=shown).values("pk")[: MOST + 1].count()
    return {"new": fresh, "gone": _gone(asked, shown, by_email)}


def _came_since(asked: Asked, since: datetime, by_email: bool) -> Any:
    rows = matching(asked, by_email=by_email).order_by()
    if asked.tab is Tab.PENDING:
        return rows.filter(waiting_since__gt=since)
    if asked.tab is Tab.REPORTED:
        return rows.filter(pk__in=Report.objects.filter(at__gt=since, judged_at__isnull=True).values("comment"))
    return rows.filter(appealed_at__gt=since) if asked.tab is Tab.APPEALS else rows.none()


def _gone(asked: Asked, shown: Sequence[int], by_email: bool) -> list[dict[str, Any]]:
    still = set(matching(asked, by_email=by_email).filter(pk__in=shown).values_list("pk", flat=True))
    gone = [pk for pk in shown if pk not in still]
    if not gone:
        return []
    names = dict(Comment.objects.filter(pk__in=gone).values_list("pk", "name"))
    words = overtaken_words(names, last_decisions([Comment(pk=pk) for pk in names]))
    return [{"id": pk, "said": words.get(pk, "")} for pk in gone]


def _moment(text: str) -> datetime:
    """The moment, as our page wrote it; now for anything else: then nothing is new."""
    try:
        moment = parse_datetime(text[:40])
    except ValueError:
        moment = None
    return moment if moment and timezone.is_aware(moment) else timezone.now()
