"""What may go into the bin. Rooms register their models in ``ready()``."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.db.models import Model, Q

from wastebin.models import Binned

Actor = Any
"""A user, or ``None`` for the system: an import, a periodic job."""


def _nothing(*_given: Any) -> None:
    """Do nothing."""


def _as_it_was(*_given: Any) -> list[str]:
    """Change nothing, and have nothing to tell."""
    return []


@dataclass(frozen=True)
class BinKind:
    """How objects of one model go into the bin, come back, and go for good.

    ``may_put`` is asked of one object, besides the permission to delete such
    objects. ``theirs`` is a condition on ``Binned`` rows for those who may delete such
    objects: which of them they may know of, bring back included. ``leaving``
    is told of the object before anything is read of it, ``back`` of the object
    that was brought back, ``for_good`` of the row that is about to go; all three
    inside the verb's transaction. ``back`` gives sentences on what is not as it was.
    ``derived`` names models whose rows are made anew from the others and are not kept.
    """

    model: type[Model]
    may_put: Callable[[Actor, Any], bool] = lambda _actor, _obj: True
    theirs: Callable[[Actor], Q] = lambda _actor: Q()
    leaving: Callable[[Any, Actor], None] = _nothing
    back: Callable[[Any, Actor], list[str]] = _as_it_was
    for_good: Callable[[Binned], None] = _nothing
    derived: frozenset[str] = field(default_factory=frozenset)

    @property
    def label(self) -> str:
        """``app.model``, as ``Binned.object_type`` has it."""
        return self.model._meta.label_lower

    def may_delete(self, actor: Actor) -> bool:
        """Whether ``actor`` may delete objects of this kind at all."""
        meta = self.model._meta
        return actor is None or actor.has_perm(f"{meta.app_label}.delete_{meta.model_name}")


_kinds: dict[str, BinKind] = {}


def register(kind: BinKind) -> None:
    """Let objects of this kind go into the bin."""
    _kinds[kind.label] = kind


def kind_of(label: str) -> BinKind | None:
    """The kind of this ``app.model``, if such objects go into the bin."""
    return _kinds.get(label)


def kinds() -> list[BinKind]:
    """All of them, in order of registration."""
    return list(_kinds.values())


def known_to(actor: Actor) -> Q:
    """A condition on ``Binned`` rows: what ``actor`` may know of and bring back."""
    mine = Q(pk__in=[])
    for kind in _kinds.values():
        if kind.may_delete(actor):
            mine |= Q(object_type=kind.label) & kind.theirs(actor)
    return mine


def person(actor: Actor) -> Any:
    """The account behind ``actor``, if it is one."""
    return None if isinstance(actor, AnonymousUser) or not getattr(actor, "pk", None) else actor
