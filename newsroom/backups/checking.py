"""Whether a backup is whole: every file there, every byte as it was written."""

from collections.abc import Iterable

from newsroom.backups import pictures
from newsroom.backups.containers import BackupError, Source, sum_of
from newsroom.backups.manifest import MEDIA_SUMS, Manifest

MOST_NAMED = 5


def check(source: Source) -> Manifest:
    """The manifest of a backup whose every file is as it was written; ``BackupError`` names those that are not."""
    manifest = Manifest.of(source)
    _raise_for([name for name, sha256 in manifest.files.items() if _sum_of(source, name) != sha256])
    if MEDIA_SUMS not in manifest.files:
        raise BackupError("The manifest names no list of pictures.")
    listed = list(pictures.listed(source))
    if len(listed) != manifest.media_files:
        raise BackupError(f"{MEDIA_SUMS} lists {len(listed)} files, the manifest {manifest.media_files}.")
    if manifest.media_included:
        _raise_for(pictures.path_of(one) for one in listed if _sum_of(source, pictures.path_of(one)) != one.sha256)
    return manifest


def _raise_for(damaged: Iterable[str]) -> None:
    names = list(damaged)
    if names:
        some = ", ".join(names[:MOST_NAMED]) + (" …" if len(names) > MOST_NAMED else "")
        raise BackupError(f"{len(names)} files are missing or damaged: {some}. Nothing was restored.")


def _sum_of(source: Source, name: str) -> str:
    try:
        return sum_of(source.chunks(name))
    except BackupError:
        return ""
