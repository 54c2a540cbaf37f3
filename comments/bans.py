"""Bans: whose comments are not taken, until when, and what happens to those that wait."""

import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.db.models import Count, Q
from django.utils import timezone
from django.utils.translation import gettext as _

from comments import moderation, rules
from comments.models import Ban, Comment, ModerationEntry, State
from comments.models.name_key import key_of_folded
from comments.moderation import Actor
from comments.pipeline.bans import DOTLESS, fold_address
from comments.pipeline.folding import fold_name
from comments.plain_text import is_storable, neutral
from outbox import audit
from pagecache.writing import writing
from people.models import User

MAX_VALUE = 254
MAX_REASON = 200

LONGEST_OF_ADDRESS = timedelta(days=366)
"""A network changes hands: nobody's successor is banned for good."""

AT_ONCE = 500
"""Comments decided in one statement when a ban cleans up."""


def ban(
    kind: str,
    value: str,
    *,
    actor: Actor,
    until: datetime | None = None,
    reason: str = "",
    clean_up: State | None = None,
    shown: str = "",
) -> tuple[Ban, list[ModerationEntry]]:
    """Take no more comments from a name, an e-mail address, or the hash of an address block.

    A ban that is there already gets the new end and reason. With
    ``clean_up`` (refused or spam) all that waits from them is decided so, in
    one batch that one undo takes back; those entries are returned. Raises
    ``PermissionDenied``, or ``ValidationError`` by field.
    """
    rules.require(actor)
    folded = _checked(kind, value, until, reason)
    name = neutral(shown or (value if kind != Ban.Kind.ADDRESS else ""))[:MAX_VALUE]
    values = {"until": until, "reason": reason.strip(), "shown": name, "at": timezone.now(), "by": _person(actor)}
    with writing():
        row, made = Ban.objects.update_or_create(kind=kind, value=folded, defaults=values)
        told = {"until": until and until.isoformat(), "reason": reason}
        audit.record(actor, "banned" if made else "changed a ban", row, **told)
        entries = clean_up_after(row, clean_up, actor=actor) if clean_up else []
    return row, entries


def ban_writer_of(
    comment: Comment,
    kind: str,
    *,
    actor: Actor,
    until: datetime | None = None,
    reason: str = "",
    clean_up: State | None = None,
) -> tuple[Ban, list[ModerationEntry]]:
    """As ``ban``, for the name, e-mail address or network of a comment's writer."""
    value = {Ban.Kind.NAME: comment.name, Ban.Kind.EMAIL: comment.email}.get(Ban.Kind(kind), comment.address_block)
    if not value:
        raise ValidationError({"kind": _("The network of this comment is forgotten by now. Ban the e-mail address.")})
    shown = "" if kind != Ban.Kind.ADDRESS else _("the network of “%(name)s”") % {"name": comment.name}
    return ban(kind, value, actor=actor, until=until, reason=reason, clean_up=clean_up, shown=shown)


def lift(row: Ban, *, actor: Actor) -> bool:
    """Take comments from them again; returns whether the ban was still there. Raises ``PermissionDenied``."""
    rules.require(actor)
    with transaction.atomic():
        found = Ban.objects.select_for_update().filter(pk=row.pk).first()
        if found is None:
            return False
        audit.record(actor, "lifted a ban", found, kind=found.kind, reason=found.reason)
        found.delete()
    return True


def clean_up_after(row: Ban, state: State, *, actor: Actor) -> list[ModerationEntry]:
    """Decide all that waits from the banned, in one batch. Raises ``PermissionDenied``."""
    batch = uuid.uuid4()
    waiting = list(waiting_from(row.kind, row.value))
    entries: list[ModerationEntry] = []
    for start in range(0, len(waiting), AT_ONCE):
        comments = Comment.objects.filter(pk__in=waiting[start : start + AT_ONCE])
        entries += moderation.decide(comments, state, actor=actor, batch=batch)
    return entries


def waiting_from(kind: str, folded: str) -> Iterator[int]:
    """The ids of pending comments that a ban hits, in one query, which reads hardly any others."""
    pending = Comment.objects.pending().filter(hit_by(kind, folded), staff__isnull=True).order_by("pk")
    if kind != Ban.Kind.EMAIL:
        yield from pending.values_list("pk", flat=True)
        return
    for pk, email in pending.values_list("pk", "email").iterator():
        if fold_address(email) == folded:
            yield pk


def hit_by(kind: str, folded: str) -> Q:
    """The comments that a ban may hit; of e-mail addresses a few more, which only folding tells apart."""
    if kind == Ban.Kind.ADDRESS:
        return Q(address_block=folded)
    if kind == Ban.Kind.NAME:
        return Q(name_key=key_of_folded(folded))
    local, _at, domain = folded.rpartition("@")
    if domain in DOTLESS:
        alike = [Q(email__startswith=local[:1], email__endswith=f"@{name}") for name in DOTLESS]
        return alike[0] | alike[1]
    return Q(email=folded) | Q(email__startswith=f"{local}+", email__endswith=f"@{domain}")


def end_expired() -> int:
    """Remove the bans whose end has come, and with them their hashes; returns how many. Safe in two at once."""
    with transaction.atomic():
        over = list(Ban.objects.select_for_update(skip_locked=True).filter(until__lte=timezone.now()).order_by("pk"))
        for row in over:
            audit.record(None, "ended a ban", row, kind=row.kind, reason=row.reason)
        Ban.objects.filter(pk__in=[row.pk for row in over]).delete()
    return len(over)


def _checked(kind: str, value: str, until: datetime | None, reason: str) -> str:
    """The folded value."""
    if kind not in Ban.Kind.values:
        raise ValidationError({"kind": _("Choose what to ban: name, e-mail address or network.")})
    _check_plain("value", value, MAX_VALUE)
    _check_plain("reason", reason, MAX_REASON)
    _check_end(kind, until)
    return _folded(kind, value.strip())


def _check_plain(field: str, text: str, most: int) -> None:
    if len(text) > most or not is_storable(text):
        raise ValidationError({field: _("At most %d plain characters fit here. Nothing was cut.") % most})


def _check_end(kind: str, until: datetime | None) -> None:
    now = timezone.now()
    if until is not None and until <= now:
        raise ValidationError({"until": _("The end of a ban lies in the future.")})
    if kind == Ban.Kind.ADDRESS and (until is None or until > now + LONGEST_OF_ADDRESS):
        words = _("Networks change hands: give the ban of a network an end within a year.")
        raise ValidationError({"until": words})


def _folded(kind: str, value: str) -> str:
    if kind == Ban.Kind.EMAIL:
        try:
            validate_email(value)
        except ValidationError as error:
            raise ValidationError({"value": _("This is not an e-mail address such as name@example.org.")}) from error
        return fold_address(value)
    folded = fold_name(value) if kind == Ban.Kind.NAME else value
    if not folded:
        raise ValidationError({"value": _("Write a name with at least one letter or digit.")})
    return folded


def _person(actor: Actor) -> User | None:
    return actor if isinstance(actor, User) else None


@dataclass(frozen=True)
class Effect:
    """What a ban would have hit: comments so far, the e-mail addresses they came from, and how many were approved."""

    kind: str
    words: str
    comments: int
    writers: int
    approved: int


def effects_on(comment: Comment) -> list[Effect]:
    """What each kind of ban that fits a comment's writer would have hit."""
    asked = [(Ban.Kind.EMAIL, comment.email, Q(email=comment.email))]
    if comment.name_key is not None:
        asked.append((Ban.Kind.NAME, comment.name, Q(name_key=comment.name_key)))
    if comment.address_block:
        asked.append((Ban.Kind.ADDRESS, _("the network it came from"), Q(address_block=comment.address_block)))
    return [_effect(kind, words, who) for kind, words, who in asked]


def effect_of_name(name: str) -> Effect:
    """What a ban on everybody who signs so would have hit."""
    return _effect(Ban.Kind.NAME, name, Q(name_key=key_of_folded(fold_name(name))))


def _effect(kind: Ban.Kind, words: str, who: Q) -> Effect:
    found = Comment.objects.filter(who, staff__isnull=True).order_by()
    approved = Count("pk", filter=Q(state=State.APPROVED))
    counted = found.aggregate(comments=Count("pk"), writers=Count("email", distinct=True), approved=approved)
    return Effect(str(kind), words, **counted)
