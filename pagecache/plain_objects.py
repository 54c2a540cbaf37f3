"""Rows of a query as objects, as Django makes them but for what an object that is only shown has no need of.

``Model.__init__`` sets one field after the other and tells whoever listens; of a
story's page with forty comments that took a tenth of the time. Models that want
more than their fields set (a ``from_db``, an ``__init__`` or a listener of
their own, a parent with a table of its own) are left to Django.
"""

from collections.abc import Callable, Sequence
from typing import Any

from django.db import models
from django.db.models.base import ModelState
from django.db.models.fields.mixins import FieldCacheMixin
from django.db.models.signals import post_init, pre_init


class Shape:
    """Where in a row the columns of one object stand, and where those of the objects that are joined to it."""

    def __init__(self, model: type[models.Model], start: int, names: Sequence[str]) -> None:
        self.model = model
        self.columns = slice(start, start + len(names))
        self.names = tuple(names)
        self.joined: list[Joined] = []

    def object(self, row: Sequence[Any], using: str) -> models.Model:
        """The object that ``row`` holds, with what is joined to it."""
        made, state = self.model.__new__(self.model), ModelState()
        known: dict[str, Any] = {}
        state.__dict__ = {"adding": False, "db": using, "fields_cache": known}
        made.__dict__ = {"_state": state, **dict(zip(self.names, row[self.columns], strict=True))}
        for joined in self.joined:
            found = known[joined.name] = joined.object(row, using)
            if found is not None:
                joined.there(found, made)
        return made


class Joined:
    """An object that stands in the same row, if there is one, and how each of the two knows the other."""

    def __init__(self, shape: Shape, key: int, name: str, there: Callable[..., Any]) -> None:
        self.shape, self.key, self.name, self.there = shape, key, name, there

    def object(self, row: Sequence[Any], using: str) -> models.Model | None:
        """It, if there is one."""
        return None if row[self.key] is None else self.shape.object(row, using)


def shape_of(compiler: Any) -> Shape | None:
    """How the rows of a compiled query become objects; ``None`` where that is left to Django."""
    return _shape(compiler.klass_info, compiler.select)


def _shape(info: Any, select: Any) -> Shape | None:
    model, start, end = info["model"], info["select_fields"][0], info["select_fields"][-1] + 1
    if info.get("from_parent") or not _is_plain(model):
        return None
    shape = Shape(model, start, [column[0].target.attname for column in select[start:end]])
    for one in info.get("related_klass_infos", ()):
        below = _shape(one, select)
        here = getattr(one["local_setter"], "__self__", None)
        if below is None or not isinstance(here, FieldCacheMixin):
            return None
        key = below.columns.start + below.names.index(below.model._meta.pk.attname)
        shape.joined.append(Joined(below, key, here.cache_name, one["remote_setter"]))
    return shape


def _is_plain(model: type[models.Model]) -> bool:
    made_by_django = model.__init__ is models.Model.__init__ and model.from_db.__func__ is models.Model.from_db.__func__  # type: ignore[attr-defined]
    heard = pre_init.has_listeners(model) or post_init.has_listeners(model)
    return made_by_django and not heard and not model._meta.parents
