"""A database with every table, kept from one run to the next: migrating one takes long, copying it no time.

A SQLite is kept as the file that it is, a PostgreSQL as the SQL that makes it anew. The name says what it was made of.
The command ``migrate`` looks at the copy all the same.
"""

import os
import shutil
import sqlite3
import subprocess
from collections.abc import Iterator
from contextlib import closing, suppress
from functools import cache
from hashlib import blake2b
from importlib.metadata import distributions
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlsplit

from django.db.migrations.executor import MigrationExecutor

from tests.standby import BINARIES

ROOT = Path(__file__).resolve().parent.parent
MADE_OF = ("*/migrations/*.py", "*/models.py", "*/models/*.py", "people/roles.py", "articles/headline_index.py")
MOST_KEPT = 4
"""Of each kind, beside the newest: another branch, another Django."""
_laid: list[str] = []
"""The names of the databases that were made from what is kept, and that Django does not remove."""
ALL_OR_NOTHING = ("--quiet", "--no-psqlrc", "--single-transaction", "--set=ON_ERROR_STOP=1")


@cache
def kept(kind: str) -> Path:
    """Where it is kept, if it is: under the name of these migrations, models, roles and packages.

    ``kind`` is ``sqlite3``, or ``sql`` for what makes a PostgreSQL.
    """
    digest = blake2b(digest_size=12)
    for words in _sources():
        digest.update(words)
    return ROOT / ".pytest_cache" / f"migrated-{digest.hexdigest()}.{kind}"


def _sources() -> Iterator[bytes]:
    yield sqlite3.sqlite_version.encode()
    yield from sorted(f"{one.name}={one.version}".encode() for one in distributions())
    for pattern in MADE_OF:
        for path in sorted(ROOT.glob(pattern)):
            yield path.relative_to(ROOT).as_posix().encode()
            yield path.read_bytes()


def lay(connection: Any) -> bool:
    """Whether the database that the tests of ``connection`` will use now holds every table."""
    if connection.vendor == "sqlite":
        return lay_file(connection.settings_dict["TEST"]["NAME"])
    return kept("sql").exists() and _restore(connection)


def lay_file(path: Path) -> bool:
    """Whether ``path`` is now a SQLite with every table."""
    with suppress(FileNotFoundError):
        shutil.copyfile(kept("sqlite3"), path)
        return True
    return False


def is_migrated(connection: Any) -> bool:
    """Whether every migration was applied to the database, so that it has every table."""
    executor = MigrationExecutor(connection)
    return not executor.migration_plan(executor.loader.graph.leaf_nodes())


def keep(connection: Any) -> None:
    """Keep the database that was just made, and forget those that were made long before it.

    One that lacks a migration is not kept: none is made where no test asks for one, or without migrations.
    """
    if not is_migrated(connection):
        return
    kind, write = ("sqlite3", _copy) if connection.vendor == "sqlite" else ("sql", _dump)
    path = kept(kind)
    path.parent.mkdir(exist_ok=True)
    for old in sorted(path.parent.glob(f"migrated-*.{kind}"), key=os.path.getmtime)[:-MOST_KEPT]:
        old.unlink(missing_ok=True)
    fresh = path.with_suffix(f".{os.getpid()}")
    if write(connection, fresh):
        fresh.replace(path)


def _copy(connection: Any, path: Path) -> bool:
    connection.ensure_connection()
    with closing(sqlite3.connect(path)) as copy:
        connection.connection.backup(copy)
    return True


def _dump(connection: Any, path: Path) -> bool:
    """Write what makes a PostgreSQL anew; whether that could be done, as it cannot for a server newer than ours."""
    name = connection.settings_dict["NAME"]
    done = _tool("pg_dump", "--no-owner", "--no-privileges", f"--file={path}", _address(name))
    if not done:
        path.unlink(missing_ok=True)
    return done


def _restore(connection: Any) -> bool:
    """Make a test's PostgreSQL from what is kept; there is none when that could not be done."""
    name = connection.creation._get_test_db_name()
    _laid.append(name)
    with connection._nodb_cursor() as cursor:
        cursor.execute(f"DROP DATABASE IF EXISTS {connection.ops.quote_name(name)}")
        cursor.execute(f"CREATE DATABASE {connection.ops.quote_name(name)}")
    done = _tool("psql", *ALL_OR_NOTHING, f"--file={kept('sql')}", _address(name))
    if not done:
        clear(connection)
    return done


def clear(connection: Any) -> None:
    """Remove the PostgreSQL that was laid, if one was."""
    while _laid:
        with connection._nodb_cursor() as cursor:
            cursor.execute(f"DROP DATABASE IF EXISTS {connection.ops.quote_name(_laid.pop())}")


def _tool(name: str, *arguments: str) -> bool:
    """Whether one of PostgreSQL's own programs did what it was asked to."""
    with suppress(FileNotFoundError):
        quiet = subprocess.DEVNULL
        return subprocess.run([BINARIES / name, *arguments], stdout=quiet, stderr=quiet, check=False).returncode == 0
    return False


def _address(name: str) -> str:
    return urlsplit(os.environ["DATABASE_URL"])._replace(path="/" + quote(name)).geturl()
