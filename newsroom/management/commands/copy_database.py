"""From SQLite to PostgreSQL."""

import os
import subprocess
import sys
from typing import Any

import dj_database_url
from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import Error, connection, connections

from newsroom.databases import SQLITE, prepared
from newsroom.moving.copying import MoveError, copy, used_tables
from newsroom.probe import look

TARGET = "copy target"

VARIABLE = "COPY_TARGET_URL"
"""Where the address may stand instead: a command line, and the password in it, is seen by everybody on the machine."""


class Command(BaseCommand):
    """``manage.py copy_database [URL]``. Stop web and workers first: what they write meanwhile is not copied."""

    help = "Copy everything from the present database into an empty PostgreSQL, and compare every table."

    def add_arguments(self, parser: CommandParser) -> None:
        """Where to, unless the environment says so."""
        words = f"postgres://user:password@host:5432/name, an empty database; without it, what {VARIABLE} says."
        parser.add_argument("target", nargs="?", default="", help=words)

    def handle(self, *args: Any, target: str, **options: Any) -> None:
        """Look before, make the tables, copy, compare, index anew."""
        target = target or os.environ.get(VARIABLE, "")
        connect_target(target)
        if look().pending:
            raise CommandError("The present database lacks migrations: manage.py migrate, then again.")
        try:
            if used := used_tables(TARGET):
                raise MoveError(f"The target holds rows already, in {', '.join(sorted(used)[:5])}. It must be empty.")
            self.stdout.write("making the tables …")
            _manage(target, "migrate", "--verbosity", "0")
            copy(connection.alias, TARGET, self.stdout.write)
        except (MoveError, Error) as error:
            raise CommandError(str(error).strip()) from error
        finally:
            connections[TARGET].close()
        self.stdout.write("indexing for search …")
        _manage(target, "rebuild_search", "--verbosity", "0")
        self.stdout.write(self.style.SUCCESS("Every table is as it was. Set DATABASE_URL, start, and run doctor."))


def connect_target(url: str) -> None:
    """Make the address a connection under ``TARGET``; it must be a PostgreSQL's."""
    if not url:
        raise CommandError(f"Where to? Set {VARIABLE} to postgres://user:password@host:5432/name")
    try:
        parsed: dict[str, Any] = dict(dj_database_url.parse(url))
    except ValueError as error:
        raise CommandError(f"This is no address of a database: {error}") from error
    if parsed["ENGINE"] == SQLITE or "postgresql" not in parsed["ENGINE"]:
        raise CommandError("The target must be a PostgreSQL: postgres://user:password@host:5432/name")
    complete = connections.configure_settings({"default": settings.DATABASES["default"], TARGET: prepared(parsed, 0)})
    connections.settings[TARGET] = complete[TARGET]


def _manage(url: str, *command: str) -> None:
    """In a process of its own, whose only database is the target: migrations write to ``default``."""
    done = subprocess.run(  # noqa: S603
        [sys.executable, str(settings.BASE_DIR / "manage.py"), *command],
        env={**os.environ, "DATABASE_URL": url, "DATABASE_REPLICA_URL": ""},
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        last = (done.stderr.strip().splitlines() or ["no reason given"])[-1]
        raise CommandError(f"{command[0]} failed on the target: {last}")
