"""What the list beside an article showed at an instant in the past.

Picks and fills come from what was recorded then. Campaigns are laid over them
from their own rows, which never lose what readers were shown: a campaign that
has begun keeps article, place, reach and beginning. Which of them reached the
article follows from the section, tags and links it had then: the audit tells
which revision was out, and the revision what stood in it.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db.models import Q, QuerySet

from articles import body
from articles.models import Article, Revision, tag_key
from articles.state import WorkingState
from articles.tag_names import tags_by_key
from curation.models import Campaign, ListRecord
from curation.records import shown_at
from curation.related import PIN
from outbox.models import AuditEntry

SWITCHES = ("switched list off", "switched list on")

DECISIONS = ("never here", "allowed here")

RELEASES = ("published", "scheduled")
"""The verbs that write an article from a revision, whose number they tell."""


@dataclass(frozen=True)
class Shown:
    """One place of the list then: the article's id, where it came from, and the campaign if it was one."""

    target: int
    origin: str
    campaign: Campaign | None = None


@dataclass(frozen=True)
class Words:
    """What the article said then that decides about campaigns.

    ``is_known`` where the audit tells it; without that it is what it says now.
    ``lost`` are the names of tags it carried that no tag has any more.
    """

    section: int | None
    tags: frozenset[int]
    linked: frozenset[int]
    lost: tuple[str, ...] = ()
    is_known: bool = True


@dataclass(frozen=True)
class Then:
    """The list at an instant; ``since`` is when it was recorded, ``None`` before anything was kept."""

    since: datetime | None
    shown: list[Shown]
    off: bool = False
    words: Words | None = None


def at(article: Article, moment: datetime) -> Then:
    """What readers were shown beside ``article`` at ``moment``: at most eight queries."""
    record = shown_at(article, moment)
    if record is None:
        return Then(None, [])
    if _was_off(article, moment):
        return Then(record.at, [], off=True)
    words = _words(article, moment)
    pins = [row for row in _campaigns(article, words, moment) if _could_be_seen(row.target, moment)]
    kept_out = words.linked | _excluded(article, moment, [row.target_id for row in pins])
    return Then(record.at, _laid_over(record.shown, pins, kept_out), words=words)


def first_record(article: Article) -> datetime | None:
    """When the first list was kept."""
    return ListRecord.objects.filter(article=article).order_by("at", "id").values_list("at", flat=True).first()


def _words(article: Article, moment: datetime) -> Words:
    """Of the revision that was out: the article's own rows where it still is, else what it holds."""
    out = _entries(article, moment).filter(verb__in=RELEASES).order_by("-at", "-id").first()
    number = out.details.get("revision") if out else None
    revision = Revision.objects.filter(article=article, number=number).first() if number else None
    if revision is not None and revision.pk != article.live_id:
        return _words_of(WorkingState.from_json(revision.state))
    tags = frozenset(article.tagged.values_list("tag_id", flat=True))
    return Words(article.section_id, tags, frozenset(article.linked_ids), is_known=revision is not None)


def _words_of(state: WorkingState) -> Words:
    names = {tag_key(name): name for name in state.tags}
    found = {key: tag.pk for key, tag in tags_by_key(names).items()}
    lost = tuple(name for key, name in names.items() if key not in found)
    return Words(state.section, frozenset(found.values()), frozenset(body.render(state.body).article_ids), lost)


def _excluded(article: Article, moment: datetime, targets: Sequence[int]) -> set[int]:
    """Those of ``targets`` that an editor kept out of the list then."""
    if not targets:
        return set()
    entries = _entries(article, moment).filter(verb__in=DECISIONS, details__excluded__in=list(targets))
    last = {entry.details["excluded"]: entry.verb for entry in entries.order_by("at", "id")}
    return {target for target, verb in last.items() if verb == DECISIONS[0]}


def _entries(article: Article, moment: datetime) -> QuerySet[AuditEntry]:
    """What the audit tells of the article up to ``moment``."""
    about = {"object_type": Article._meta.label_lower, "object_id": str(article.pk)}
    return AuditEntry.objects.filter(**about, at__lte=moment)


def _campaigns(article: Article, words: Words, moment: datetime) -> list[Campaign]:
    reach = Q(section__isnull=True, tag__isnull=True) | Q(tag__in=words.tags)
    if words.section:
        reach |= Q(section=words.section)
    rows = Campaign.objects.filter(reach, starts__lte=moment, ends__gt=moment).exclude(target=article)
    return list(rows.select_related("target", "made_by").order_by("slot", "pk"))


def _could_be_seen(target: Article, moment: datetime) -> bool:
    appeared = [when for when in (target.publish_at, target.embargo_until) if when is not None]
    return bool(appeared) and max(appeared) <= moment and (target.expire_at is None or target.expire_at > moment)


def _was_off(article: Article, moment: datetime) -> bool:
    last = _entries(article, moment).filter(verb__in=SWITCHES).order_by("-at", "-id").first()
    return last is not None and last.verb == SWITCHES[0]


def _laid_over(pairs: list[Any], pins: list[Campaign], kept_out: Collection[int]) -> list[Shown]:
    """The recorded pairs with each campaign at its place, as ``curation.related.choose`` would have had it."""
    most = settings.RELATED_SLOTS
    first = {row.target_id: row for row in reversed(pins) if row.target_id not in kept_out}
    chosen = sorted(first.values(), key=lambda row: (row.slot, row.pk))[:most]
    rest = [Shown(target, origin) for target, origin in pairs if target not in first]
    rows = rest[: most - len(chosen)]
    for row in chosen:
        rows.insert(row.slot - 1, Shown(row.target_id, PIN, row))
    return rows
