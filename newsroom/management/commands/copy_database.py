"""From SQLite to PostgreSQL."""

import os
import subprocess
import sys
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import dj_database_url
from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import Error, connection, connections

from newsroom.databases import SQLITE, prepared
from newsroom.moving.copying import MoveError, copy, used_tables
from newsroom.probe import look

TARGET = "copy target"

VARIABLE = "COPY_TARGET_URL"
"""Where the address stands: a command line, and the password in it, is seen by everybody on the machine."""

STANDARD_INPUT = "-"
LONGEST = 10_000
"""Characters read of what comes in."""


class Command(BaseCommand):
    """``manage.py copy_database [URL | -]``. Stop web and workers first: what they write meanwhile is not copied."""

    help = "Copy everything from the present database into an empty PostgreSQL, and compare every table."

    def add_arguments(self, parser: CommandParser) -> None:
        """Where to, unless the environment says so."""
        words = f"postgres://user@host:5432/name without a password, or - to read the whole address; else {VARIABLE}."
        parser.add_argument("target", nargs="?", default="", help=words)

    def handle(self, *args: Any, target: str, **options: Any) -> None:
        """Look before, make the tables, copy, compare, index anew."""
        target = address_of(target)
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


def address_of(argument: str) -> str:
    """The address the argument means. Raises ``CommandError`` for one with a password, which it does not repeat."""
    if argument == STANDARD_INPUT:
        return sys.stdin.readline(LONGEST).strip()
    if _has_password(argument):
        raise CommandError(
            "A password in a command is seen by everybody on the machine, in ps and in the shell's history. Set "
            f"{VARIABLE} to the whole address, or give - and the address on standard input. Change this password."
        )
    return argument or os.environ.get(VARIABLE, "")


def _has_password(address: str) -> bool:
    try:
        parts = urlsplit(address)
        return bool(parts.password) or any(name.lower() == "password" for name, _value in parse_qsl(parts.query))
    except ValueError:
        return "@" in address


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
