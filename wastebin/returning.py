"""What can come back out of the bin, and what cannot: the world has moved on meanwhile."""

from collections import defaultdict
from typing import Any

from django.apps import apps
from django.core.exceptions import ValidationError
from django.db import models
from django.utils.text import get_text_list
from django.utils.translation import gettext as _

from pagecache.keyed import Keyed
from wastebin import packing
from wastebin.models import Binned

Target = tuple[type[models.Model], Any]


def ready(kept: Binned) -> list[models.Model]:
    """The rows that can be written again, the object itself first.

    Raises ``ValidationError`` where the object itself cannot: another has its
    name or address, or what it needs is gone. Other rows whose other side is
    gone are left out; relations that may be empty are emptied.
    """
    rows = [packing.unpack(packed) for packed in kept.rows]
    main = next(row for row in rows if (row._meta.label_lower, str(row.pk)) == (kept.object_type, kept.object_id))
    others = _settled(rows, main, kept)
    _refuse_clash(main, kept)
    return [main, *others]


def fill(kept: Binned) -> None:
    """Let what pointed to the object point to it again, where it points to nothing now."""
    wanted: dict[tuple[str, str], dict[Any, Any]] = defaultdict(dict)
    for label, pk, column, value in kept.emptied:
        wanted[label, column][pk] = value
    for (label, column), values in wanted.items():
        model = apps.get_model(label)
        for row in model._base_manager.filter(pk__in=list(values), **{f"{column}__isnull": True}):
            setattr(row, column, values[row.pk])
            if isinstance(row, Keyed):
                row.save(update_fields=[column])
            else:
                row.save_base(raw=True, force_update=True, update_fields=[column])


def _settled(rows: list[models.Model], main: models.Model, kept: Binned) -> list[models.Model]:
    """The rows beside ``main`` whose relations can all be kept or emptied; what hung on a left out one goes too."""
    standing = _standing(rows)
    _refuse_lack(main, standing | {(type(row), row.pk) for row in rows}, kept)
    staying = rows
    while True:
        there = standing | {(type(row), row.pk) for row in staying}
        lacking = {id(row): _needed(row, there) for row in staying}
        if not any(lacking.values()):
            break
        staying = [row for row in staying if not lacking[id(row)]]
    for row in staying:
        for field, target in _targets(row):
            if target not in there:
                setattr(row, field.attname, None)
    return [row for row in staying if row is not main]


def _standing(rows: list[models.Model]) -> set[Target]:
    """Everything the rows point to that exists: one query for each kind of target."""
    asked: dict[type[models.Model], set[Any]] = defaultdict(set)
    for row in rows:
        for _field, (model, pk) in _targets(row):
            asked[model].add(pk)
    return {
        (model, pk)
        for model, pks in asked.items()
        for start in range(0, len(pks), packing.AT_ONCE)
        for pk in model._base_manager.filter(pk__in=sorted(pks)[start : start + packing.AT_ONCE]).values_list(
            "pk", flat=True
        )
    }


def _needed(row: models.Model, there: set[Target]) -> list[models.ForeignKey[Any, Any]]:
    """The row's relations that must not be empty and lead nowhere."""
    return [field for field, target in _targets(row) if target not in there and not field.null]


def _targets(row: models.Model) -> list[tuple[models.ForeignKey[Any, Any], Target]]:
    fields = [field for field in row._meta.concrete_fields if isinstance(field, models.ForeignKey)]
    values = [(field, getattr(row, field.attname)) for field in fields]
    return [(field, (field.related_model, value)) for field, value in values if value is not None]


def _refuse_lack(main: models.Model, there: set[Target], kept: Binned) -> None:
    """Raise ``ValidationError`` where the object needs what is gone, or had what lies in the bin itself."""
    named = []
    for field, (model, pk) in _targets(main):
        if (model, pk) in there:
            continue
        binned = Binned.objects.filter(object_type=model._meta.label_lower, object_id=str(pk)).first()
        told = {"what": field.verbose_name, "name": binned.label if binned else ""}
        if binned is not None:
            named.append(_("%(what)s “%(name)s”, which is in the bin too (bring that back first)") % told)
        elif not field.null:
            named.append(str(field.verbose_name))
    if named:
        words = _("“%(name)s” cannot come back without what it had: %(what)s.")
        raise ValidationError(words % {"name": kept.label, "what": get_text_list(named, _("and"))})


def _refuse_clash(main: models.Model, kept: Binned) -> None:
    if type(main)._base_manager.filter(pk=main.pk).exists():
        raise ValidationError(_("“%(name)s” is there already.") % {"name": kept.label})
    main._state.adding = True
    for name in _unique(main):
        value = getattr(main, name)
        other = None if value is None else type(main)._base_manager.filter(**{name: value}).first()
        if other is not None:
            words = _("“%(name)s” cannot come back: “%(other)s” has its %(what)s now. Change that first.")
            what = getattr(main._meta.get_field(name), "verbose_name", name)
            raise ValidationError(words % {"name": kept.label, "other": other, "what": what})


def _unique(main: models.Model) -> list[str]:
    return [field.name for field in main._meta.concrete_fields if field.unique and not field.primary_key]
