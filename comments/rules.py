"""Setting the rules that hold, put aside or refuse comments."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from comments.models import Rule
from comments.moderation import Actor
from comments.pipeline.patterns import has_letters, readings
from comments.pipeline.rules import Sought
from comments.plain_text import is_storable
from outbox import audit
from people.models import User

PERMISSION = "comments.set_rules_comment"

MAX_PATTERN = 200
MAX_NOTE = 200
MAX_LIMIT = 1000

LEAST = {Rule.Kind.LINKS: 0, Rule.Kind.RATE: 1}


class OvertakenError(Exception):
    """Somebody else changed or removed the rule in the meantime; ``str()`` says so."""


@dataclass(frozen=True)
class Wanted:
    """A rule as somebody asks for it."""

    kind: str
    pattern: str = ""
    limit: int | None = None
    action: str = Rule.Action.HOLD
    note: str = ""

    def sought(self, number: int = 0) -> Sought:
        """As the pipeline matches it."""
        return Sought(number, self.kind, self.pattern, self.limit, self.action, self.note)


def may_set(actor: Actor) -> bool:
    """Whether ``actor`` may set rules and bans."""
    return actor is None or actor.has_perm(PERMISSION)


def require(actor: Actor) -> None:
    """Raise ``PermissionDenied`` unless they may."""
    if not may_set(actor):
        raise PermissionDenied(_("You may not set rules and bans."))


def checked(wanted: Wanted, *, instead_of: Rule | None = None) -> Wanted:
    """``wanted`` as it would be stored. Raises ``ValidationError``, by field, with what to change."""
    kind, action = wanted.kind, wanted.action
    if kind not in Rule.Kind.values or action not in Rule.Action.values:
        raise ValidationError({"kind": _("Choose what to look for, and what happens then.")})
    _check_lengths(wanted)
    if kind == Rule.Kind.FIRST and action == Rule.Action.REFUSE:
        raise ValidationError({"action": _("Then nobody could ever write a first comment. Hold it instead.")})
    pattern = " ".join(wanted.pattern.split()) if kind == Rule.Kind.WORD else ""
    limit = wanted.limit if kind in LEAST else None
    if kind == Rule.Kind.WORD and not has_letters(pattern):
        raise ValidationError({"pattern": _("Write at least one letter or digit to look for.")})
    if kind in LEAST:
        _check_limit(kind, limit)
    _check_new(kind, pattern, limit, instead_of)
    return Wanted(kind, pattern, limit, action, wanted.note.strip())


def add(wanted: Wanted, *, actor: Actor) -> Rule:
    """Put a rule into force. Raises ``PermissionDenied`` or ``ValidationError``."""
    require(actor)
    with _once(wanted), transaction.atomic():
        rule = Rule.objects.create(**vars(checked(wanted)), by=_person(actor))
        audit.record(actor, "added a rule", rule, **vars(wanted))
    return rule


def change(rule: Rule, wanted: Wanted, *, actor: Actor) -> Rule:
    """Give a rule other words. ``rule`` is as its changer saw it.

    Raises ``PermissionDenied``, ``ValidationError``, or ``OvertakenError``
    when the stored rule is another by now.
    """
    require(actor)
    with _once(wanted), transaction.atomic():
        row = _locked(rule)
        before = {"pattern": row.pattern, "limit": row.limit, "action": row.action, "note": row.note}
        for name, value in vars(checked(wanted, instead_of=row)).items():
            setattr(row, name, value)
        row.at, row.by = timezone.now(), _person(actor)
        row.save()
        audit.record(actor, "changed a rule", row, before=before, **vars(wanted))
    return row


def remove(rule: Rule, *, actor: Actor) -> None:
    """Do without a rule. What it did stays done. Raises ``PermissionDenied`` or ``OvertakenError``."""
    require(actor)
    with transaction.atomic():
        row = _locked(rule)
        audit.record(actor, "removed a rule", row, pattern=row.pattern, limit=row.limit, action=row.action)
        row.delete()


def switch(rule: Rule, on: bool, *, actor: Actor) -> bool:
    """Put a rule into force or out of it; returns whether that changed anything. Raises ``PermissionDenied``."""
    require(actor)
    with transaction.atomic():
        row = Rule.objects.select_for_update().filter(pk=rule.pk).first()
        if row is None or row.active == on:
            return False
        row.active, row.at, row.by = on, timezone.now(), _person(actor)
        row.save(update_fields=["active", "at", "by"])
        audit.record(actor, "switched a rule on" if on else "switched a rule off", row)
    return True


def _locked(rule: Rule) -> Rule:
    row = Rule.objects.select_for_update().filter(pk=rule.pk).first()
    if row is None or row.at != rule.at:
        raise OvertakenError(_("Somebody else changed this rule in the meantime; nothing was saved."))
    return row


def _check_lengths(wanted: Wanted) -> None:
    for name, most in (("pattern", MAX_PATTERN), ("note", MAX_NOTE)):
        text = getattr(wanted, name)
        if len(text) > most or not is_storable(text):
            raise ValidationError({name: _("At most %d plain characters fit here. Nothing was cut.") % most})


def _check_limit(kind: str, limit: int | None) -> None:
    least = LEAST[Rule.Kind(kind)]
    if limit is None or not least <= limit <= MAX_LIMIT:
        words = _("Write a whole number from %(least)d to %(most)d.") % {"least": least, "most": MAX_LIMIT}
        raise ValidationError({"limit": words})


def _check_new(kind: str, pattern: str, limit: int | None, instead_of: Rule | None) -> None:
    others = Rule.objects.filter(kind=kind).exclude(pk=instead_of.pk if instead_of else 0)
    if kind != Rule.Kind.WORD:
        same = next(iter(others.filter(limit=limit)), None)
    else:
        finds = readings(pattern)
        same = next((rule for rule in others if readings(rule.pattern) == finds), None)
    if same is not None:
        raise _is_there_already(kind, same.pattern)


def _is_there_already(kind: str, pattern: str) -> ValidationError:
    if kind == Rule.Kind.WORD:
        words = _("A rule looks for “%(pattern)s” already, which finds the same. Change that one.")
        return ValidationError({"pattern": words % {"pattern": pattern}})
    return ValidationError({"kind": _("There is such a rule already. Change that one.")})


@contextmanager
def _once(wanted: Wanted) -> Iterator[None]:
    """Who is second by a blink is told as if by a minute."""
    try:
        yield
    except IntegrityError as error:
        raise _is_there_already(wanted.kind, wanted.pattern) from error


def _person(actor: Actor) -> User | None:
    return actor if isinstance(actor, User) else None
