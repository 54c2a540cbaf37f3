"""What backups are called, and which of a directory are whole.

What is being written ends with ``.partial`` and gets its name when everything
is on the disk: whatever has the name of a backup is one.
"""

import shutil
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

PARTIAL = ".partial"
TAR = ".tar"
_FORM = "newsroom-%Y-%m-%dT%H%M%SZ"


def name_at(moment: datetime) -> str:
    """What a backup of this moment is called."""
    return moment.astimezone(UTC).strftime(_FORM)


def backups_in(directory: Path) -> list[Path]:
    """The whole backups with names of ours, the newest first."""
    return [path for _made, path in sorted(_found(directory), reverse=True)]


def age_of_newest(directory: Path) -> float | None:
    """Seconds since the newest backup was begun, or ``None`` where there is none."""
    newest = max((made for made, _path in _found(directory)), default=None)
    return None if newest is None else max(0.0, time.time() - newest.timestamp())


def forget_old(directory: Path, kept: int) -> list[Path]:
    """Delete all but the ``kept`` newest; returns what went."""
    old = backups_in(directory)[kept:]
    for path in old:
        if path.is_dir():
            doomed = path.with_name(path.name + PARTIAL)  # half deleted is not whole
            path.rename(doomed)
            shutil.rmtree(doomed)
        else:
            path.unlink()
    return old


def _found(directory: Path) -> Iterator[tuple[datetime, Path]]:
    for path in directory.glob("newsroom-*") if directory.is_dir() else ():
        try:
            made = datetime.strptime(path.name.removesuffix(TAR), _FORM).replace(tzinfo=UTC)
        except ValueError:
            continue
        if path.is_file() or (path / "manifest.json").is_file():
            yield made, path
