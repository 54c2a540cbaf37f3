"""What a backup says of itself; the last file that is written."""

import json
from dataclasses import asdict, dataclass, field
from typing import Any, Self

from newsroom.backups.containers import BackupError, Source

NAME = "manifest.json"
MEDIA_SUMS = "media.sha256"
FORM = 1
"""Rises when an older release could not restore it."""


@dataclass
class Table:
    """One table: its file, empty where the whole database is one file, its columns in order, and its rows."""

    rows: int
    file: str = ""
    columns: list[str] = field(default_factory=list)


@dataclass
class Manifest:
    """Everything that is needed to restore a backup and to know that it was."""

    made_at: str
    vendor: str
    migrations: list[tuple[str, str]]
    tables: dict[str, Table] = field(default_factory=dict)
    files: dict[str, str] = field(default_factory=dict)
    sequences: dict[str, int] = field(default_factory=dict)
    media_included: bool = True
    media_files: int = 0
    form: int = FORM

    def dumped(self) -> bytes:
        """As it stands in the backup. ``files`` holds the SHA-256 of every file but pictures, by name."""
        return json.dumps(asdict(self), indent=1, ensure_ascii=False).encode()

    @classmethod
    def of(cls, source: Source) -> Self:
        """The manifest of a backup; ``BackupError`` where there is none that we can read."""
        with source.open(NAME) as file:
            try:
                told: dict[str, Any] = json.loads(file.read())
                if int(told["form"]) > FORM:
                    raise BackupError("This backup was made by a newer release: install that one first.")
                told["tables"] = {name: Table(**table) for name, table in told["tables"].items()}
                told["migrations"] = [(str(app), str(name)) for app, name in told["migrations"]]
                return cls(**told)
            except (ValueError, KeyError, TypeError, AttributeError) as error:
                raise BackupError(f"The manifest cannot be read: {error}.") from None
