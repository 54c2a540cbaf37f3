"""What the newsroom knows of a writer: all they sent, what was decided and why, notes, bans.

A writer is an e-mail address. Others who signed alike or came from the same
network are told apart and never counted in.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.db.models import Count, Max, Min, Prefetch, Q, QuerySet
from django.utils.translation import gettext as _

from comments import moderation
from comments.models import Ban, Comment, ConfirmedAddress, ModerationEntry, State, WriterNote
from comments.moderation import Actor
from comments.pipeline.bans import bans_on
from comments.plain_text import has_substance, is_storable
from outbox import audit
from people.models import User

MAX_NOTE = 500
PER_PAGE = 25
MOST_LIKE = 10
"""Other writers shown who signed alike or came from the same network."""

MOST_NOTES = 50


@dataclass
class Writer:
    """One e-mail address with its past."""

    comment: Comment
    counts: dict[str, int] = field(default_factory=dict)
    first_seen: datetime | None = None
    last_seen: datetime | None = None
    confirmed: bool = False
    notes: list[WriterNote] = field(default_factory=list)
    bans: list[Ban] = field(default_factory=list)
    warnings: int = 0
    same_network: list[dict[str, Any]] = field(default_factory=list)
    same_name: list[dict[str, Any]] = field(default_factory=list)

    @property
    def total(self) -> int:
        """All their comments."""
        return sum(self.counts.values())

    @property
    def judged(self) -> int:
        """Those that are decided one way or the other."""
        return sum(self.counts.get(state, 0) for state in (State.APPROVED, State.REJECTED, State.SPAM))

    @property
    def approved_share(self) -> int | None:
        """Of every hundred decided comments, how many were approved."""
        return round(100 * self.counts.get(State.APPROVED, 0) / self.judged) if self.judged else None


def of(comment: Comment) -> Writer:
    """Who wrote ``comment``: eight queries, however much they wrote."""
    mine = Comment.objects.filter(email=comment.email, staff__isnull=True).order_by()
    seen = mine.aggregate(first=Min("created_at"), last=Max("created_at"))
    warned = ModerationEntry.objects.filter(comment__email=comment.email, warning=True, undone_by__isnull=True)
    return Writer(
        comment=comment,
        counts=dict(mine.values_list("state").annotate(number=Count("*"))),
        first_seen=seen["first"],
        last_seen=seen["last"],
        confirmed=ConfirmedAddress.objects.filter(email=comment.email).exists(),
        notes=list(WriterNote.objects.filter(email=comment.email).select_related("by")[:MOST_NOTES]),
        bans=list(bans_on(comment.name, comment.email, comment.address_block).select_related("by")),
        warnings=warned.count(),
        same_network=_others(comment, Q(address_block=comment.address_block)) if comment.address_block else [],
        same_name=_others(comment, Q(name_key=comment.name_key)) if comment.name_key else [],
    )


def comments_of(writer: Writer, page: int) -> tuple[list[Comment], bool]:
    """A page of their comments, newest first, each with ``story``, every decision; and whether there are more."""
    start = (page - 1) * PER_PAGE
    story = Prefetch("decisions", ModerationEntry.objects.select_related("by").order_by("at", "id"), to_attr="story")
    rows = Comment.objects.filter(email=writer.comment.email, staff__isnull=True).order_by("-created_at", "-id")
    rows = rows.select_related("article__section").prefetch_related(story)
    found = list(rows[start : start + PER_PAGE + 1])
    return found[:PER_PAGE], len(found) > PER_PAGE


def add_note(comment: Comment, text: str, *, actor: Actor) -> WriterNote:
    """Tell other moderators something about a comment's writer, who never sees it.

    The same note sent twice stands once. Raises ``PermissionDenied`` or ``ValidationError``.
    """
    moderation.require(actor)
    if len(text) > MAX_NOTE or not is_storable(text):
        raise ValidationError(_("A note has at most %d plain characters. Nothing was cut.") % MAX_NOTE)
    if not has_substance(text):
        raise ValidationError(_("Please write a note."))
    by, text = actor if isinstance(actor, User) else None, text.strip()
    last = WriterNote.objects.filter(email=comment.email, by=by).order_by("-at", "-id").first()
    if last is not None and last.text == text:
        return last
    with transaction.atomic():
        note = WriterNote.objects.create(email=comment.email, text=text, by=by)
        audit.record(actor, "noted something about a writer", comment, note=note.pk)
    return note


def delete_note(note: WriterNote, *, actor: Actor) -> bool:
    """Take one's own note away; returns whether it was still there. Raises ``PermissionDenied``."""
    moderation.require(actor)
    if actor is not None and note.by_id != actor.pk:
        raise PermissionDenied(_("Only whoever wrote a note can take it away."))
    with transaction.atomic():
        deleted, _rows = WriterNote.objects.filter(pk=note.pk).delete()
        if deleted:
            audit.record(actor, "took a note about a writer away", note)
    return bool(deleted)


def _others(comment: Comment, alike: Q) -> list[dict[str, Any]]:
    """Other addresses that share something: how many comments, and the newest of them as a way there."""
    rows: QuerySet[Any, Any] = Comment.objects.filter(alike, staff__isnull=True).exclude(email=comment.email)
    rows = rows.order_by().values("email")
    approved = Count("pk", filter=Q(state=State.APPROVED))
    counted: Sequence[dict[str, Any]] = rows.annotate(
        number=Count("pk"), approved=approved, newest=Max("pk"), name=Max("name"), seen=Max("created_at")
    ).order_by("-seen")[:MOST_LIKE]
    return list(counted)
