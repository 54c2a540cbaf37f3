"""The audit trail: one row for each verb, in the verb's own transaction."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

from django.contrib.auth.models import AbstractBaseUser, AnonymousUser
from django.db.models import Model

from outbox.models import TOKEN, AuditEntry
from outbox.new_rows import store

Actor = AbstractBaseUser | AnonymousUser | None

SYSTEM = "system"
"""Who did what no person did: a command, an import, a job."""

Noted = set[tuple[str, str]]
"""Kinds and numbers of objects."""

_noted: ContextVar[Noted | None] = ContextVar("outbox_audit_noted", default=None)

_token: ContextVar[Model | None] = ContextVar("outbox_audit_token", default=None)


@contextmanager
def through(token: Model) -> Iterator[None]:
    """Whatever a person does inside was done by a program that holds ``token``: each row says so beside their name."""
    before = _token.set(token)
    try:
        yield
    finally:
        _token.reset(before)


@contextmanager
def noting() -> Iterator[Noted]:
    """Gather which objects got a row inside, so that a screen leaves one only where the verb it called did not."""
    noted: Noted = set()
    token = _noted.set(noted)
    try:
        yield noted
    finally:
        _noted.reset(token)


def was_noted(target: Model) -> bool:
    """Whether ``target`` got a row in the present ``noting()`` block."""
    return name_of(target) in (_noted.get() or set())


def name_of(target: Model) -> tuple[str, str]:
    """Kind and number, as the rows have them."""
    return target._meta.label_lower, str(target.pk)


def record(actor: Actor, verb: str, target: Model, **details: Any) -> AuditEntry:
    """Note that ``actor`` (``None``: the system) did ``verb`` to ``target``; ``details`` must be JSON."""
    return record_all(actor, verb, [(target, details)])[0]


def record_all(actor: Actor, verb: str, done: Iterable[tuple[Model, dict[str, Any]]]) -> list[AuditEntry]:
    """The same for many targets, each with its details, in one statement."""
    person: Any = actor if isinstance(actor, AbstractBaseUser) and actor.pk else None
    by = _by_program(person)
    entries = [_entry(person, verb, target, details | by) for target, details in done]
    noted = _noted.get()
    if noted is not None:
        noted.update((entry.object_type, entry.object_id) for entry in entries)
    store(entries)
    return entries


def _by_program(person: Any) -> dict[str, Any]:
    """What a row says besides of a program that acts for ``person``."""
    token = _token.get()
    return {TOKEN: {"id": token.pk, "name": str(token)}} if person and token else {}


def _entry(person: Any, verb: str, target: Model, details: dict[str, Any]) -> AuditEntry:
    kind, number = name_of(target)
    return AuditEntry(
        actor=person,
        actor_name=str(person)[:200] if person else SYSTEM,
        verb=verb,
        object_type=kind,
        object_id=number[:60],
        object_label=str(target)[:200],
        details=details,
    )
