"""Deleting so that it can be taken back: put into the bin, bring back, delete for good.

Foreign keys are checked when a transaction ends, on both databases, so rows
come back in any order. Unique names are checked at once, and refused in words.
"""

from datetime import timedelta
from typing import Any, NamedTuple

from django.conf import settings
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import DatabaseError, IntegrityError, models, transaction
from django.db.models import ProtectedError, RestrictedError
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from outbox import audit
from pagecache.keyed import Keyed
from pagecache.writing import bump, writing
from wastebin import packing, returning
from wastebin.holding import further
from wastebin.kinds import Actor, BinKind, kind_of, known_to, person
from wastebin.models import Binned

MAX_ROWS = 20_000
"""Rows one object may take along; a tag of a large archive has some thousands."""

FOR_GOOD = "wastebin.delete_binned"


class Returned(NamedTuple):
    """What came back, and sentences on what of it is not as it was."""

    obj: models.Model
    notes: list[str]


class HeldError(ValidationError):
    """The object is in use and was not deleted."""


def put(obj: models.Model, *, actor: Actor) -> Binned:
    """Delete the object with all that goes with it, and keep it until its time is over.

    Raises ``PermissionDenied``, ``HeldError`` for what something else needs,
    and ``ValidationError`` for what is gone already or takes too much along.
    """
    kind = _kind(obj._meta.label_lower)
    with writing():
        row = _locked(obj)
        if not (kind.may_delete(actor) and kind.may_put(actor, row)):
            raise PermissionDenied(_("You may not delete this."))
        if any(some for some, _more in further(type(row), [row.pk])):
            raise HeldError(_held_words(row))
        kind.leaving(row, actor)
        found = _collected(row)
        going = packing.rows_of(found)
        if len(going) > MAX_ROWS:
            raise ValidationError(_too_much_words(row, len(going)))
        binned = _kept(row, kind, going, packing.emptied_by(found), actor)
        audit.record(actor, "deleted", row, bin=binned.pk)
        _delete(row, len(going))
    return binned


def restore(binned: Binned, *, actor: Actor) -> Returned:
    """Bring the object back with all that went with it, as it was but for what is told.

    Parts whose other side is gone for good are left out. Raises
    ``PermissionDenied``, or ``ValidationError`` saying why it cannot come back.
    """
    with writing():
        kept = held(binned, actor)
        kind = _kind(kept.object_type)
        rows = returning.ready(kept)
        _write(rows, kept)
        returning.fill(kept)
        bump(key for row in rows if isinstance(row, Keyed) for key in row.page_keys())
        obj = kind.model._base_manager.get(pk=kept.object_id)
        notes = kind.back(obj, actor)
        audit.record(actor, "restored", obj, bin=kept.pk)
        kept.delete()
    return Returned(obj, notes)


def delete_for_good(binned: Binned, *, actor: Actor) -> None:
    """Nobody can bring it back any more. Raises ``PermissionDenied``, or ``ValidationError`` for what has gone."""
    if actor is not None and not actor.has_perm(FOR_GOOD):
        raise PermissionDenied(_("You may not delete for good."))
    with writing():
        kept = held(binned, actor)
        kind = kind_of(kept.object_type)
        if kind is not None:
            kind.for_good(kept)
        audit.record(actor, "deleted for good", kept, kind=kept.object_type, was=kept.object_id)
        kept.delete()


def held(binned: Binned, actor: Actor) -> Binned:
    """Its row, which nobody else can bring back meanwhile.

    Raises ``PermissionDenied`` for what ``actor`` may not know of, and ``ValidationError`` for what has gone.
    """
    kept = Binned.objects.select_for_update().filter(pk=binned.pk).first()
    if kept is None:
        raise ValidationError(
            _("It is not in the bin any more: a colleague has brought it back, or its time was over.")
        )
    if actor is not None and not Binned.objects.filter(known_to(actor), pk=kept.pk).exists():
        raise PermissionDenied(_("You may not bring this back."))
    return kept


def _kind(label: str) -> BinKind:
    kind = kind_of(label)
    if kind is None:
        raise ValidationError(_("Such objects do not go into the bin."))
    return kind


def _locked(obj: models.Model) -> models.Model:
    row = type(obj)._base_manager.select_for_update(of=("self",), no_key=True).filter(pk=obj.pk).first()
    if row is None:
        raise ValidationError(_("It is gone already: a colleague was faster."))
    return row


def _collected(row: models.Model) -> packing.Everything:
    try:
        return packing.collected(row)
    except (ProtectedError, RestrictedError) as error:
        raise HeldError(_held_words(row)) from error


def _kept(
    row: models.Model, kind: BinKind, going: list[models.Model], emptied: list[packing.Emptied], actor: Actor
) -> Binned:
    return Binned.objects.create(
        object_type=kind.label,
        object_id=str(row.pk),
        label=str(row)[:200],
        rows=[packing.pack(one) for one in going if one._meta.label_lower not in kind.derived],
        emptied=emptied,
        until=timezone.now() + timedelta(days=settings.BIN_DAYS),
        by=person(actor),
    )


def _delete(row: models.Model, expected: int) -> None:
    """Delete the row by its own rule; what was hung onto it this very moment must not vanish unseen."""
    try:
        gone, _by_model = row.delete()
    except (ProtectedError, RestrictedError) as error:
        raise HeldError(_held_words(row)) from error
    if gone != expected:
        raise HeldError(_("A colleague is working on “%(name)s” this very moment. Try again.") % {"name": row})


def _write(rows: list[models.Model], kept: Binned) -> None:
    try:
        with transaction.atomic():
            packing.write(rows)
    except IntegrityError as error:
        words = _("“%(name)s” cannot come back: something else has taken a name or an address of it meanwhile.")
        raise ValidationError(words % {"name": kept.label}) from error
    except DatabaseError as error:
        words = _("“%(name)s” cannot come back: it was made by an older version of the desk.")
        raise ValidationError(words % {"name": kept.label}) from error


def _too_much_words(row: models.Model, count: int) -> str:
    words = _("“%(name)s” takes %(count)d things along; the bin holds %(most)d at most. Take it out of some first.")
    return words % {"name": row, "count": count, "most": MAX_ROWS}


def _held_words(row: models.Model) -> str:
    told: dict[str, Any] = {"kind": capfirst(row._meta.verbose_name), "name": row}
    return _("%(kind)s “%(name)s” is in use and was not deleted.") % told
