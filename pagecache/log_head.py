"""Whether anybody has committed to a SQLite database, told without asking SQLite.

All processes that use a database in WAL mode share a small file, ``…-shm``. Its
first bytes say how far the log goes; a commit has happened, for any reader, once
they are written, and SQLite's own readers compare the very same bytes. They
count commits and hold a sum over all of the log, so they never come back.
"""

import ctypes
import mmap
import os
import threading
from collections.abc import Callable
from pathlib import Path
from typing import TypeAlias

SIZE = 96
"""Bytes: SQLite writes the head twice, one after the other."""

FORMAT = 3_007_000
"""The version of the head that SQLite has written since 2010; a file with another one is left alone."""

File: TypeAlias = tuple[int, int]
"""Device and number."""

Identity: TypeAlias = tuple[File, File | None]
"""Which file a database is, and which one its users share, where they do."""


class LogHead:
    """The head of one database's log, as its users share it.

    SQLite neither empties nor replaces the file while somebody has read from
    the database and is connected still, and so ``keeper`` is for ever.
    """

    def __init__(self, path: str, shared: File, keeper: object) -> None:
        """Raises ``OSError`` or ``ValueError`` where the file is not that one, or none that is understood."""
        descriptor = os.open(path, os.O_RDONLY)
        _keep_for_ever(keeper)
        if _file(os.fstat(descriptor)) != shared:
            raise ValueError("another database has taken its place")
        self._shared = mmap.mmap(descriptor, SIZE, mmap.MAP_SHARED, mmap.PROT_READ)
        _keep_for_ever(self._shared)
        if int.from_bytes(self._shared[:4], "little") != FORMAT:  # a machine of the other byte order does without
            raise ValueError("not the head of a log that is known")

    def read(self) -> bytes:
        """What it is now: the same bytes as before mean that nobody has committed in between."""
        return self._shared[:]


def _keep_for_ever(kept: object) -> None:
    """Not even the end of the interpreter closes it.

    Closing any descriptor of a file lets go of all locks that this process
    holds on it (POSIX), those of SQLite too.
    """
    ctypes.pythonapi.Py_IncRef(ctypes.py_object(kept))


_heads: dict[Identity, LogHead | None] = {}
_lock = threading.Lock()


def identity_of(database: str) -> Identity | None:
    """Which files the database is made of now; ``None`` where there is none."""
    try:
        own = _file(Path(database).stat())
    except OSError:
        return None
    try:
        return own, _file(Path(f"{database}-shm").stat())
    except OSError:
        return own, None


def head_of(database: str, identity: Identity, connect: Callable[[], object]) -> LogHead | None:
    """The head of the log of the database at this path; ``None`` where there is none that is understood.

    ``connect`` gives a connection that has read from it; asked for once for each database.
    """
    _own, shared = identity
    if shared is None:
        return None
    with _lock:
        if identity not in _heads:
            try:
                _heads[identity] = LogHead(f"{database}-shm", shared, connect())
            except (OSError, ValueError):
                _heads[identity] = None
        return _heads[identity]


def _file(status: os.stat_result) -> File:
    return status.st_dev, status.st_ino
