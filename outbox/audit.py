"""The audit trail: one row for each verb, in the verb's own transaction."""

from collections.abc import Iterable
from typing import Any

from django.contrib.auth.models import AbstractBaseUser, AnonymousUser
from django.db.models import Model

from outbox.models import AuditEntry

Actor = AbstractBaseUser | AnonymousUser | None


def record(actor: Actor, verb: str, target: Model, **details: Any) -> AuditEntry:
    """Note that ``actor`` (``None``: the system) did ``verb`` to ``target``; ``details`` must be JSON."""
    return record_all(actor, verb, [(target, details)])[0]


def record_all(actor: Actor, verb: str, done: Iterable[tuple[Model, dict[str, Any]]]) -> list[AuditEntry]:
    """The same for many targets, each with its details, in one statement."""
    person: Any = actor if isinstance(actor, AbstractBaseUser) and actor.pk else None
    return AuditEntry.objects.bulk_create(
        AuditEntry(
            actor=person,
            actor_name=str(person) if person else "system",
            verb=verb,
            object_type=target._meta.label_lower,
            object_id=str(target.pk),
            object_label=str(target)[:200],
            details=details,
        )
        for target, details in done
    )
