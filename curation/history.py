"""What the list beside an article showed at an instant in the past.

Picks and fills come from what was recorded then. Campaigns are laid over them
from their own rows, which never lose what readers were shown: a campaign that
has begun keeps article, place, reach and beginning. An article's section and
tags are taken as they are now.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db.models import Q

from articles.models import Article
from curation.models import Campaign, ListRecord
from curation.records import shown_at
from curation.related import PIN
from outbox.models import AuditEntry

SWITCHES = ("switched list off", "switched list on")


@dataclass(frozen=True)
class Shown:
    """One place of the list then: the article's id, where it came from, and the campaign if it was one."""

    target: int
    origin: str
    campaign: Campaign | None = None


@dataclass(frozen=True)
class Then:
    """The list at an instant; ``since`` is when it was recorded, ``None`` before anything was kept."""

    since: datetime | None
    shown: list[Shown]
    off: bool = False


def at(article: Article, moment: datetime) -> Then:
    """What readers were shown beside ``article`` at ``moment``: four queries."""
    record = shown_at(article, moment)
    if record is None:
        return Then(None, [])
    if _was_off(article, moment):
        return Then(record.at, [], off=True)
    pins = [row for row in _campaigns(article, moment) if _could_be_seen(row.target, moment)]
    return Then(record.at, _laid_over(article, record.shown, pins))


def first_record(article: Article) -> datetime | None:
    """When the first list was kept."""
    return ListRecord.objects.filter(article=article).order_by("at", "id").values_list("at", flat=True).first()


def _campaigns(article: Article, moment: datetime) -> list[Campaign]:
    tags = article.tagged.values("tag")
    reach = Q(section__isnull=True, tag__isnull=True) | Q(tag__in=tags)
    if article.section_id:
        reach |= Q(section=article.section_id)
    rows = Campaign.objects.filter(reach, starts__lte=moment, ends__gt=moment).exclude(target=article)
    return list(rows.select_related("target", "made_by").order_by("slot", "pk"))


def _could_be_seen(target: Article, moment: datetime) -> bool:
    appeared = [when for when in (target.publish_at, target.embargo_until) if when is not None]
    return bool(appeared) and max(appeared) <= moment and (target.expire_at is None or target.expire_at > moment)


def _was_off(article: Article, moment: datetime) -> bool:
    entries = AuditEntry.objects.filter(object_type=Article._meta.label_lower, object_id=str(article.pk))
    last = entries.filter(verb__in=SWITCHES, at__lte=moment).order_by("-at", "-id").first()
    return last is not None and last.verb == SWITCHES[0]


def _laid_over(article: Article, pairs: list[Any], pins: list[Campaign]) -> list[Shown]:
    """The recorded pairs with each campaign at its place, as ``curation.related.choose`` would have had it."""
    most = settings.RELATED_SLOTS
    first = {row.target_id: row for row in reversed(pins) if row.target_id not in article.linked_ids}
    chosen = sorted(first.values(), key=lambda row: (row.slot, row.pk))[:most]
    rest = [Shown(target, origin) for target, origin in pairs if target not in first]
    rows = rest[: most - len(chosen)]
    for row in chosen:
        rows.insert(row.slot - 1, Shown(row.target_id, PIN, row))
    return rows
