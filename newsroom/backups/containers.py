"""Where a backup lies: a directory of files, or one tar file. Both are written beside their name and moved to it."""

import hashlib
import os
import shutil
import tarfile
import tempfile
from abc import ABC, abstractmethod
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, NamedTuple, Self

from newsroom.backups.naming import PARTIAL, TAR

CHUNK = 1_000_000
SPOOLED = 8_000_000
"""Bytes of one file that are held in memory before they go to the disk."""


class BackupError(Exception):
    """What keeps a backup from being made or restored, in the operator's words."""


class Written(NamedTuple):
    """What was stored under one name."""

    size: int
    sha256: str


class Sink(ABC):
    """Takes the files of a new backup; nothing has the backup's name before ``finish``."""

    def __init__(self, target: Path) -> None:
        if target.exists():
            raise BackupError(f"{target} is there already, and backups are never overwritten.")
        self.target = target
        self.partial = target.with_name(target.name + PARTIAL)
        target.parent.mkdir(parents=True, exist_ok=True)
        _remove(self.partial)  # what an interrupted one left

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: object, *_rest: object) -> None:
        self.close()
        if kind is not None:
            _remove(self.partial)

    @abstractmethod
    def close(self) -> None:
        """Let go of what is open."""

    @abstractmethod
    def add(self, name: str, chunks: Iterable[bytes]) -> Written:
        """Store the bytes under ``name``."""

    @abstractmethod
    def finish(self) -> None:
        """Everything is on the disk: give it its name."""


class DirectorySink(Sink):
    """A file for each name."""

    def __init__(self, target: Path) -> None:
        super().__init__(target)
        self.partial.mkdir(mode=0o700)

    def add(self, name: str, chunks: Iterable[bytes]) -> Written:
        """Store the bytes in a file that only we may read."""
        path = self.partial / name
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("xb") as file:
            written = _copy(chunks, file)
            file.flush()
            os.fsync(file.fileno())
        return written

    def close(self) -> None:
        """Each file was closed when it was written."""

    def finish(self) -> None:
        """A directory that is there is refused by the system itself, also when it came a moment ago."""
        if self.target.exists():
            raise BackupError(f"{self.target} came while this backup was made; it stays in {self.partial}.")
        self.partial.rename(self.target)
        _sync(self.target.parent)


class TarSink(Sink):
    """One file, for moving and for tapes."""

    def __init__(self, target: Path) -> None:
        super().__init__(target)
        self._file = os.fdopen(os.open(self.partial, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb")
        self._tar = tarfile.TarFile(fileobj=self._file, mode="w", format=tarfile.PAX_FORMAT)

    def add(self, name: str, chunks: Iterable[bytes]) -> Written:
        """Store the bytes as a member; their number is known only at their end, so they wait on the disk."""
        with tempfile.SpooledTemporaryFile(SPOOLED, dir=str(self.target.parent)) as spool:
            written = _copy(chunks, spool)
            spool.seek(0)
            member = tarfile.TarInfo(name)
            member.size, member.mode = written.size, 0o600
            self._tar.addfile(member, spool)
        return written

    def close(self) -> None:
        """A tar without its end, unless it was finished."""
        self._file.close()

    def finish(self) -> None:
        """The name is given by a link, which no other file of that name survives unseen."""
        self._tar.close()
        self._file.flush()
        os.fsync(self._file.fileno())
        self.close()
        os.link(self.partial, self.target)
        self.partial.unlink()
        _sync(self.target.parent)


class Source(ABC):
    """Gives the files of a backup that was made."""

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_raised: object) -> None:
        self.close()

    @abstractmethod
    def close(self) -> None:
        """Let go of what is open."""

    @abstractmethod
    def open(self, name: str) -> IO[bytes]:
        """The bytes of one name; ``BackupError`` where it is missing."""

    def chunks(self, name: str) -> Iterator[bytes]:
        """The bytes of one name, in pieces; ``BackupError`` where they end too early."""
        try:
            with self.open(name) as file:
                yield from pieces(file)
        except (tarfile.TarError, OSError) as error:
            raise BackupError(f"{name} cannot be read: {error}.") from None


class DirectorySource(Source):
    """A directory that ``DirectorySink`` made."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def close(self) -> None:
        """Each file is closed by whoever read it."""

    def open(self, name: str) -> IO[bytes]:
        """A name is a path inside, whatever a manifest says."""
        path = (self.path / name).resolve()
        if not path.is_relative_to(self.path.resolve()):
            raise BackupError(f"{name} is not inside the backup.")
        try:
            return path.open("rb")
        except OSError as error:
            raise BackupError(f"{name} is missing: {error.strerror}.") from None


class TarSource(Source):
    """A file that ``TarSink`` made."""

    def __init__(self, path: Path) -> None:
        try:
            self._tar = tarfile.TarFile(path)
        except (tarfile.TarError, OSError) as error:
            raise BackupError(f"{path} is no backup: {error}.") from None

    def close(self) -> None:
        """Close the file."""
        self._tar.close()

    def open(self, name: str) -> IO[bytes]:
        """A member's bytes."""
        try:
            file = self._tar.extractfile(name)
        except (KeyError, tarfile.TarError):
            file = None
        if file is None:
            raise BackupError(f"{name} is missing.")
        return file


def new(target: Path) -> Sink:
    """A place for a new backup: a tar file where the name says so."""
    return TarSink(target) if target.name.endswith(TAR) else DirectorySink(target)


def existing(path: Path) -> Source:
    """The backup at ``path``."""
    if path.name.endswith(PARTIAL):
        raise BackupError(f"{path} was never finished: it is no backup.")
    if path.is_dir():
        return DirectorySource(path)
    if path.is_file():
        return TarSource(path)
    raise BackupError(f"There is no backup at {path}.")


def pieces(file: IO[bytes]) -> Iterator[bytes]:
    """What is left of a file."""
    while piece := file.read(CHUNK):
        yield piece


@contextmanager
def laid_out(source: Source, name: str, directory: Path) -> Iterator[Path]:
    """One name as a file in ``directory``, for as long as the block lasts."""
    handle, path = tempfile.mkstemp(dir=directory, prefix=".restoring-")
    try:
        with os.fdopen(handle, "wb") as file:
            _copy(source.chunks(name), file)
            file.flush()
            os.fsync(file.fileno())
        yield Path(path)
    finally:
        Path(path).unlink(missing_ok=True)


def sum_of(chunks: Iterable[bytes]) -> str:
    """The SHA-256 of all of them."""
    digest = hashlib.sha256()
    for chunk in chunks:
        digest.update(chunk)
    return digest.hexdigest()


def _copy(chunks: Iterable[bytes], file: IO[bytes]) -> Written:
    digest, size = hashlib.sha256(), 0
    for chunk in chunks:
        digest.update(chunk)
        size += len(chunk)
        file.write(chunk)
    return Written(size, digest.hexdigest())


def _remove(path: Path) -> None:
    if path.is_dir():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)


def _sync(directory: Path) -> None:
    handle = os.open(directory, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
