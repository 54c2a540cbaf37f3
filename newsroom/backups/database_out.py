"""The database as it stood at one instant, while the site goes on; memory holds one piece of it."""

import sqlite3
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import quote

from django.db import connection
from django.db.migrations.recorder import MigrationRecorder

from articles import headline_index
from newsroom.backups.containers import BackupError, Sink, pieces
from newsroom.backups.manifest import Manifest, Table

SQLITE_FILE = "database/newsroom.sqlite3"

_COLUMNS = """
    SELECT column_name FROM information_schema.columns
    WHERE table_schema = current_schema() AND table_name = %s AND is_generated = 'NEVER' ORDER BY ordinal_position"""
_SEQUENCES = "SELECT sequencename, last_value FROM pg_sequences WHERE schemaname = current_schema()"


def write(sink: Sink, manifest: Manifest) -> None:
    """Add the database to the backup and what it holds to the manifest."""
    if connection.vendor == "sqlite":
        _sqlite(sink, manifest)
    else:
        _postgresql(sink, manifest)


def _sqlite(sink: Sink, manifest: Manifest) -> None:
    """A copy by SQLite's own backup interface, in one go: writers are not held up, and it never begins anew."""
    address = f"file:{quote(str(connection.settings_dict['NAME']))}?mode=ro"
    with tempfile.TemporaryDirectory(dir=sink.target.parent) as directory:
        path = Path(directory) / "copy.sqlite3"
        with closing(sqlite3.connect(address, uri=True)) as source, closing(sqlite3.connect(path)) as copy:
            source.backup(copy, pages=-1)
            copy.execute("PRAGMA journal_mode = DELETE")  # one file, whole in itself
            _examine(copy)
            manifest.tables = {name: Table(rows) for name, rows in rows_of(copy).items()}
            applied = copy.execute("SELECT app, name FROM django_migrations ORDER BY id")
            manifest.migrations = [(app, name) for app, name in applied]
        with path.open("rb") as file:
            manifest.files[SQLITE_FILE] = sink.add(SQLITE_FILE, pieces(file)).sha256


def _examine(copy: sqlite3.Connection) -> None:
    found = copy.execute("PRAGMA quick_check(3)").fetchall()
    if found != [("ok",)]:
        raise BackupError(f"The database itself is damaged: {found[0][0]}. Nothing was backed up.")


def rows_of(database: sqlite3.Connection) -> dict[str, int]:
    """How many rows each table of a SQLite database holds, those of the search index itself left out."""
    found = database.execute("SELECT name FROM sqlite_master WHERE type = 'table' AND sql NOT LIKE 'CREATE VIRTUAL%'")
    names = [name for (name,) in found.fetchall() if not name.startswith(("sqlite_", "articles_searchindex"))]
    return {name: database.execute(f'SELECT count(*) FROM "{name}"').fetchone()[0] for name in sorted(names)}  # noqa: S608


def _postgresql(sink: Sink, manifest: Manifest) -> None:
    """Every table by COPY, all from one snapshot. No ``pg_dump`` is needed, whose version must suit the server's."""
    with _one_snapshot() as cursor:
        for name in sorted(set(connection.introspection.table_names(cursor)) - {headline_index.TABLE}):
            cursor.execute(_COLUMNS, [name])
            columns = [row[0] for row in cursor.fetchall()]
            cursor.execute(f"SELECT count(*) FROM {_quoted(name)}")  # noqa: S608
            file, rows = f"database/{name}.copy", cursor.fetchone()[0]
            manifest.tables[name] = Table(rows, file, columns)
            manifest.files[file] = sink.add(file, _copied(cursor, name, columns)).sha256
        cursor.execute("SELECT app, name FROM django_migrations ORDER BY id")
        manifest.migrations = [(app, name) for app, name in cursor.fetchall()]
        cursor.execute(_SEQUENCES)  # no part of any snapshot, and never behind it
        manifest.sequences = {name: value for name, value in cursor.fetchall() if value is not None}


@contextmanager
def _one_snapshot() -> Iterator[Any]:
    connection.ensure_connection()
    with connection.cursor() as cursor:
        inside = connection.in_atomic_block
        if not inside:
            cursor.execute("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")
        try:
            cursor.execute("SET LOCAL statement_timeout = 0")
            yield cursor
        finally:
            if not inside:
                cursor.execute("ROLLBACK")


def _copied(cursor: Any, name: str, columns: list[str]) -> Iterator[bytes]:
    listed = ", ".join(map(_quoted, columns))
    with cursor.copy(f"COPY {_quoted(name)} ({listed}) TO STDOUT") as copy:
        for piece in copy:
            yield bytes(piece)


def _quoted(name: str) -> str:
    return connection.ops.quote_name(name)


def applied_migrations() -> set[tuple[str, str]]:
    """Those of the present database; none where there is nothing yet."""
    return set(MigrationRecorder(connection).applied_migrations())
