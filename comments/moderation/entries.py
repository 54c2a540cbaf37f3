"""The rows every verb here has in common: comments under lock, the entries about them, the pages that showed them."""

import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Max

from comments.models import Comment, ModerationEntry, State
from comments.moderation.rights import Actor
from outbox import audit
from people.models import User

Kind = ModerationEntry.Kind

FAMILIES = {
    Kind.DECIDE: (Kind.DECIDE,),
    Kind.EDIT: (Kind.EDIT,),
    Kind.FEATURE: (Kind.FEATURE, Kind.UNFEATURE),
    Kind.UNFEATURE: (Kind.FEATURE, Kind.UNFEATURE),
}
"""What each kind of entry is about: its state, its words, or its being a staff pick."""


@dataclass(frozen=True)
class Told:
    """What is said of all that is noted together."""

    kind: Kind = Kind.DECIDE
    code: str = ""
    reason: str = ""
    warning: bool = False
    batch: uuid.UUID = field(default_factory=uuid.uuid4)


def locked(ids: Iterable[int]) -> list[Comment]:
    """The rows as they stand now, locked in one order, so that two moderators never wait for each other in a ring."""
    return list(Comment.objects.select_for_update(of=("self",), no_key=True).filter(pk__in=list(ids)).order_by("pk"))


def note(
    afters: Mapping[Comment, State],
    told: Told,
    actor: Actor,
    verb: str,
    *,
    facts: Mapping[int, dict[str, Any]] | None = None,
    undoes: Mapping[int, ModerationEntry] | None = None,
) -> list[ModerationEntry]:
    """One entry and one audit row for each comment; ``facts`` and ``undoes`` by the comment's id."""
    by = actor if isinstance(actor, User) else None
    entries = ModerationEntry.objects.bulk_create(
        ModerationEntry(
            comment=row,
            kind=told.kind,
            by=by,
            before=row.state,
            after=after,
            code=told.code,
            reason=told.reason,
            warning=told.warning,
            facts=(facts or {}).get(row.pk, {}),
            batch=told.batch,
            undoes=(undoes or {}).get(row.pk),
        )
        for row, after in afters.items()
    )
    said = {"code": told.code, "reason": told.reason}
    audit.record_all(
        actor, verb, [(row, {"before": row.state, "after": str(after), **said}) for row, after in afters.items()]
    )
    return entries


def touched(afters: Mapping[Comment, State]) -> set[str]:
    """The keys of pages that showed one of the comments, or will."""
    return {f"comments:{row.article_id}" for row, after in afters.items() if State.APPROVED in {row.state, after}}


def newest(comments: Iterable[int], kind: str) -> dict[int, ModerationEntry]:
    """The newest entry of the family of ``kind`` about each comment, by the comment's id, in one query."""
    about = ModerationEntry.objects.filter(comment__in=list(comments), kind__in=FAMILIES[Kind(kind)]).order_by()
    last = about.values("comment").annotate(last=Max("pk")).values("last")
    entries = ModerationEntry.objects.filter(pk__in=last)
    return {entry.comment_id: entry for entry in entries.select_related("by")}


def newest_of_each(comments: Iterable[int]) -> dict[tuple[int, str], ModerationEntry]:
    """In one query the newest entry of every family about each comment, by its id and any kind of that family."""
    about = ModerationEntry.objects.filter(comment__in=list(comments)).order_by()
    last = about.values("comment", "kind").annotate(last=Max("pk")).values("last")
    found: dict[tuple[int, str], ModerationEntry] = {}
    for entry in ModerationEntry.objects.filter(pk__in=last).select_related("by").order_by("pk"):
        found |= {(entry.comment_id, kind): entry for kind in FAMILIES[Kind(entry.kind)]}
    return found


def last_decisions(comments: Iterable[Comment]) -> dict[int, ModerationEntry]:
    """The newest decision about each comment, with its maker, in one query."""
    return newest([comment.pk for comment in comments], Kind.DECIDE)
