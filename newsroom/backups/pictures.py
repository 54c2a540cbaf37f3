"""Every file of both storages, wherever they are: read, listed with checksums, and put back."""

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from django.core.files.base import File
from django.core.files.storage import Storage, storages

from newsroom.backups.containers import BackupError, Sink, Source, pieces, sum_of
from newsroom.backups.manifest import MEDIA_SUMS, Manifest

ALIASES = {"default": "public", "private": "private"}
"""Storages by Django's alias, and what a backup calls them."""


class Picture(NamedTuple):
    """One file of a storage, and the SHA-256 it had when the backup was made."""

    sha256: str
    alias: str
    name: str


def write(sink: Sink, manifest: Manifest) -> None:
    """Add every file, or only its checksum where ``media_included`` is off; then the list for ``sha256sum``."""
    lines: list[str] = []
    for alias, word in ALIASES.items():
        for name in walk(storages[alias]):
            path = f"media/{word}/{name}"
            sha256 = _store(sink, path, storages[alias], name) if manifest.media_included else _sum(alias, name)
            if sha256:  # else it was withdrawn while we walked
                lines.append(f"{sha256}  {path}\n")
    manifest.media_files = len(lines)
    manifest.files[MEDIA_SUMS] = sink.add(MEDIA_SUMS, (line.encode() for line in lines)).sha256


def walk(storage: Storage, directory: str = "") -> Iterator[str]:
    """The names of all files, in order."""
    try:
        directories, files = storage.listdir(directory)
    except FileNotFoundError:
        return
    prefix = f"{directory}/" if directory else ""
    for name in sorted(files):
        yield prefix + name
    for name in sorted(directories):
        yield from walk(storage, prefix + name)


def listed(source: Source) -> Iterator[Picture]:
    """The files a backup lists."""
    words = {word: alias for alias, word in ALIASES.items()}
    with source.open(MEDIA_SUMS) as file:
        for line in file:
            sha256, _blank, path = line.decode().rstrip("\n").partition("  ")
            media, _slash, rest = path.partition("/")
            word, _slash, name = rest.partition("/")
            if media != "media" or word not in words or not name:
                raise BackupError(f"{MEDIA_SUMS} is damaged.")
            yield Picture(sha256, words[word], name)


def path_of(picture: Picture) -> str:
    """Where a backup holds it."""
    return f"media/{ALIASES[picture.alias]}/{picture.name}"


def put_back(source: Source, wanted: Iterable[Picture]) -> int:
    """Write what is missing or differs in storage; returns how many files that were."""
    written = 0
    for picture in wanted:
        if _sum(picture.alias, picture.name) == picture.sha256:
            continue
        storage = storages[picture.alias]
        if storage.exists(picture.name):
            storage.delete(picture.name)
        with source.open(path_of(picture)) as file:
            stored = storage.save(picture.name, File(file))
        if stored != picture.name:
            raise BackupError(f"Storage called {picture.name} {stored}: its place is taken by something else.")
        written += 1
    return written


def missing(wanted: Iterable[Picture]) -> list[Picture]:
    """What is not in storage as it was."""
    return [picture for picture in wanted if _sum(picture.alias, picture.name) != picture.sha256]


def _store(sink: Sink, path: str, storage: Storage, name: str) -> str:
    try:
        with storage.open(name) as file:
            return sink.add(path, pieces(file.file or file)).sha256
    except FileNotFoundError:
        return ""


def _sum(alias: str, name: str) -> str:
    try:
        with storages[alias].open(name) as file:
            return sum_of(pieces(file.file or file))
    except FileNotFoundError:
        return ""
