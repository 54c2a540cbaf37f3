"""A SQLite with every table, kept from one run to the next: migrating one takes long, copying it no time.

Its name says what it was made of. The command ``migrate`` looks at the copy all the same.
"""

import os
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from functools import cache
from hashlib import blake2b
from importlib.metadata import distributions
from pathlib import Path
from typing import Any

from django.db.migrations.executor import MigrationExecutor

from newsroom.databases import SQLITE

ROOT = Path(__file__).resolve().parent.parent
MADE_OF = ("*/migrations/*.py", "*/models.py", "*/models/*.py", "people/roles.py")
MOST_KEPT = 4
"""Beside the newest: another branch, another Django."""


@cache
def kept() -> Path:
    """Where it is kept, if it is: under the name of these migrations, models, roles and packages."""
    digest = blake2b(digest_size=12)
    for words in _sources():
        digest.update(words)
    return ROOT / ".pytest_cache" / f"migrated-{digest.hexdigest()}.sqlite3"


def _sources() -> Iterator[bytes]:
    yield sqlite3.sqlite_version.encode()
    yield from sorted(f"{one.name}={one.version}".encode() for one in distributions())
    for pattern in MADE_OF:
        for path in sorted(ROOT.glob(pattern)):
            yield path.relative_to(ROOT).as_posix().encode()
            yield path.read_bytes()


def lay(database: Any) -> bool:
    """Whether ``database``, as settings have it, is a SQLite's file that now holds every table."""
    if database["ENGINE"] != SQLITE:
        return False
    try:
        shutil.copyfile(kept(), database["TEST"]["NAME"])
    except FileNotFoundError:
        return False
    return True


def is_migrated(connection: Any) -> bool:
    """Whether every migration was applied to the database, so that it has every table."""
    executor = MigrationExecutor(connection)
    return not executor.migration_plan(executor.loader.graph.leaf_nodes())


def keep(connection: Any) -> None:
    """Keep the database that was just made, and forget those that were made long before it.

    One that lacks a migration is not kept: none is made where no test asks for one, or without migrations.
    """
    if connection.vendor != "sqlite" or not is_migrated(connection):
        return
    kept().parent.mkdir(exist_ok=True)
    for old in sorted(kept().parent.glob("migrated-*.sqlite3"), key=os.path.getmtime)[:-MOST_KEPT]:
        old.unlink(missing_ok=True)
    fresh = kept().with_suffix(f".{os.getpid()}")
    connection.ensure_connection()
    with closing(sqlite3.connect(fresh)) as copy:
        connection.connection.backup(copy)
    fresh.replace(kept())
