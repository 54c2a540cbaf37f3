"""Migrations may take as long as they take: an index over millions of rows outlasts every request."""

from typing import Any

from django.db import connections
from django.db.models.signals import post_migrate, pre_migrate


def let_migrations_take_long(sender: Any) -> None:
    """While ``migrate`` runs, none of its statements is ended for its length; ``sender`` is any app with models."""
    pre_migrate.connect(_without_end, sender=sender, dispatch_uid="newsroom.migrating")
    post_migrate.connect(_as_usual, sender=sender, dispatch_uid="newsroom.migrating")


def _without_end(using: str, **_told: Any) -> None:
    _run(using, "SET statement_timeout = 0")


def _as_usual(using: str, **_told: Any) -> None:
    _run(using, "RESET statement_timeout")


def _run(using: str, statement: str) -> None:
    """Behind a pooler the role has the limits, and no connection is ours for longer than a transaction."""
    connection = connections[using]
    if connection.vendor == "postgresql" and "options" in connection.settings_dict["OPTIONS"]:
        with connection.cursor() as cursor:
            cursor.execute(statement)
