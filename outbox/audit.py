"""The audit trail: one row for each verb, in the verb's own transaction."""

from typing import Any

from django.contrib.auth.models import AbstractBaseUser, AnonymousUser
from django.db.models import Model

from outbox.models import AuditEntry

Actor = AbstractBaseUser | AnonymousUser | None


def record(actor: Actor, verb: str, target: Model, **details: Any) -> AuditEntry:
    """Note that ``actor`` (``None``: the system) did ``verb`` to ``target``; ``details`` must be JSON."""
    person: Any = actor if isinstance(actor, AbstractBaseUser) and actor.pk else None
    return AuditEntry.objects.create(
        actor=person,
        actor_name=str(person) if person else "system",
        verb=verb,
        object_type=target._meta.label_lower,
        object_id=str(target.pk),
        object_label=str(target)[:200],
        details=details,
    )
