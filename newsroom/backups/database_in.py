"""Putting a database back: all of it or nothing, and never over another one unasked."""

import secrets
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

from django.core.management import call_command
from django.db import DatabaseError, connection, transaction
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.loader import MigrationLoader
from django.db.models import F

from newsroom.backups.containers import BackupError, Source, laid_out
from newsroom.backups.database_out import SQLITE_FILE, applied_migrations, rows_of
from newsroom.backups.manifest import Manifest
from newsroom.moving.copying import used_tables
from pagecache.models import Key

Say = Callable[[str], None]


def restore(source: Source, manifest: Manifest, *, overwrite: bool, say: Say) -> None:
    """Make the present database the one of the backup, and bring it to this release."""
    if manifest.vendor != connection.vendor:
        words = f"This is a backup of {manifest.vendor}, and DATABASE_URL names {connection.vendor}."
        raise BackupError(f"{words} Restore it there; manage.py copy_database moves SQLite to PostgreSQL.")
    _refuse_newer(manifest)
    if connection.vendor == "sqlite":
        _sqlite(source, manifest, overwrite=overwrite, say=say)
    else:
        _postgresql(source, manifest, overwrite=overwrite)
    if _on_disk() - applied_migrations():
        call_command("migrate", verbosity=0)
    _outdate_pages()


def _refuse_newer(manifest: Manifest) -> None:
    unknown = sorted(set(manifest.migrations) - _on_disk())
    if unknown:
        named = ".".join(unknown[0])
        raise BackupError(f"The backup has migrations that this release lacks, such as {named}: install a newer one.")


def _on_disk() -> set[tuple[str, str]]:
    return set(MigrationLoader(None).disk_migrations or {})


def _refuse_used(overwrite: bool) -> bool:
    """Whether the database is in use, which is refused unless it may be overwritten."""
    used = used_tables(connection.alias)
    if used and not overwrite:
        rows = sum(used.values())
        raise BackupError(f"The database holds {rows} rows already. With --overwrite they are replaced by the backup.")
    return bool(used)


def _outdate_pages() -> None:
    """No page that was stored before can take a version of this database for its own."""
    Key.objects.update(version=F("version") + 2**20 + secrets.randbelow(2**40))


def _sqlite(source: Source, manifest: Manifest, *, overwrite: bool, say: Say) -> None:
    path = Path(connection.settings_dict["NAME"])
    used = path.exists() and _refuse_used(overwrite)
    path.parent.mkdir(parents=True, exist_ok=True)
    with laid_out(source, SQLITE_FILE, path.parent) as fresh:
        _compare(_examined(fresh), manifest)
        _exchange(fresh, path, used, say)


def _exchange(fresh: Path, path: Path, used: bool, say: Say) -> None:
    connection.close()
    if used:
        say(f"The former database is now {_put_aside(path)}")
    else:
        _parts(path, lambda part, _ending: part.unlink())
    fresh.rename(path)


def _examined(fresh: Path) -> dict[str, int]:
    try:
        with closing(sqlite3.connect(fresh)) as database:
            found = database.execute("PRAGMA integrity_check(1)").fetchone()[0]
            rows = rows_of(database)
    except sqlite3.DatabaseError as error:
        raise BackupError(f"The backup's database cannot be read: {error}.") from None
    if found != "ok":
        raise BackupError(f"The backup's database is damaged: {found}.")
    return rows


def _put_aside(path: Path) -> Path:
    """Rename a SQLite database, with the transactions that are still beside it."""
    aside = path.with_name(f"{path.name}.before-{secrets.token_hex(4)}")
    _parts(path, lambda part, ending: part.rename(aside.with_name(aside.name + ending)))
    return aside


def _parts(path: Path, act: Callable[[Path, str], object]) -> None:
    for ending in ("-wal", "-shm", ""):
        part = path.with_name(path.name + ending)
        if part.exists():
            act(part, ending)


def _postgresql(source: Source, manifest: Manifest, *, overwrite: bool) -> None:
    _refuse_used(overwrite)
    _bring_to(set(manifest.migrations))
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SET LOCAL statement_timeout = 0")
            cursor.execute("SET CONSTRAINTS ALL DEFERRED")
            _empty(cursor, manifest)
            for name, table in manifest.tables.items():
                _fill(cursor, name, table.columns, source, table.file)
            _compare({name: _count(cursor, name) for name in manifest.tables}, manifest)
            for sequence, value in manifest.sequences.items():
                cursor.execute("SELECT setval(%s::regclass, %s)", [_quoted(sequence), value])
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    except DatabaseError as error:
        raise BackupError(f"PostgreSQL refused: {str(error).strip()} Nothing was changed.") from None


def _bring_to(wanted: set[tuple[str, str]]) -> None:
    applied = applied_migrations()
    if applied - wanted:
        raise BackupError(
            "The database is of a newer release than the backup: restore into an empty one, and it is migrated."
        )
    if applied != wanted:
        executor = MigrationExecutor(connection)
        leaves = {key for key in wanted if not any(child.key in wanted for child in _children(executor, key))}
        executor.migrate(sorted(leaves))


def _children(executor: MigrationExecutor, key: tuple[str, str]) -> list[Any]:
    return [child for child in executor.loader.graph.node_map[key].children if child.key[0] == key[0]]


def _empty(cursor: Any, manifest: Manifest) -> None:
    there = set(connection.introspection.table_names(cursor))
    if lacking := set(manifest.tables) - there:
        raise BackupError(f"The database lacks tables of the backup, such as {min(lacking)}.")
    cursor.execute("TRUNCATE " + ", ".join(map(_quoted, sorted(manifest.tables))) + " CASCADE")


def _fill(cursor: Any, name: str, columns: list[str], source: Source, file: str) -> None:
    listed = ", ".join(map(_quoted, columns))
    with connection.wrap_database_errors, cursor.copy(f"COPY {_quoted(name)} ({listed}) FROM STDIN") as copy:
        for chunk in source.chunks(file):
            copy.write(chunk)


def _count(cursor: Any, name: str) -> int:
    cursor.execute(f"SELECT count(*) FROM {_quoted(name)}")  # noqa: S608
    return int(cursor.fetchone()[0])


def _compare(found: dict[str, int], manifest: Manifest) -> None:
    wrong = [name for name, table in manifest.tables.items() if found.get(name) != table.rows]
    if wrong:
        raise BackupError(f"The rows of {', '.join(wrong)} are not as many as the backup says. Nothing was changed.")


def _quoted(name: str) -> str:
    return connection.ops.quote_name(name)
