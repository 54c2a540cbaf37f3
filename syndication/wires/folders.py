"""Feeds that an agency delivers as files: each file is read once, and nothing outside the operator's folder."""

import os
import stat
import time
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from django.conf import settings
from django.utils.translation import gettext as _

from syndication.models import Feed, FeedFile
from syndication.wires.items import Refused
from syndication.wires.xml_tree import MOST_BYTES

MOST_AT_ONCE = 500
"""Files of one look; the next look goes on."""

MOST_SEEN = 20_000
"""Files of a folder that are looked at; an agency's folder that is never cleared needs its operator."""

SETTLED_SECONDS = 5
"""A file changed since is perhaps still being written."""

_UNFINISHED = (".tmp", ".part", ".filepart", ".partial", ".swp", "~")


@dataclass(frozen=True)
class Delivered:
    """A file that was not read in this state before. ``content`` is ``None`` for one that is too large."""

    name: str
    stamp: str
    content: bytes | None


def place_of(feed: Feed) -> Path:
    """The feed's folder. Raises ``Refused``: none is named by the operator, outside of it, or not there."""
    if not settings.WIRES_FOLDER:
        raise Refused(_("The operator has named no folder for wires (WIRES_FOLDER)."))
    root = Path(settings.WIRES_FOLDER).resolve()
    place = (root / feed.folder).resolve()
    if not place.is_relative_to(root):
        raise Refused(_("The folder lies outside the one for wires."))
    if not place.is_dir():
        raise Refused(_("There is no folder “%(name)s”.") % {"name": feed.folder})
    return place


def delivered(feed: Feed) -> Iterator[Delivered]:
    """The files that are new or have changed, oldest first. Raises ``Refused`` as ``place_of`` does."""
    place = place_of(feed)
    known = dict(feed.files.values_list("name", "stamp"))
    there = _files(place)
    _forget(feed, known, there)
    new = [(name, stamp) for name, stamp in there.items() if stamp and known.get(name) != stamp]
    for name, stamp in new[:MOST_AT_ONCE]:
        content = _content(place / name)
        if content is not None:
            yield Delivered(name, stamp, content if len(content) <= MOST_BYTES else None)


def note_read(feed: Feed, file: Delivered) -> None:
    """Remember that a file was read in this state."""
    FeedFile.objects.update_or_create(feed=feed, name=file.name, defaults={"stamp": file.stamp})


def _forget(feed: Feed, known: Iterable[str], there: Mapping[str, str]) -> None:
    """Drop what is known of files that were taken away; an empty folder may be a disk that is away itself."""
    if len(there) < MOST_SEEN and any(there.values()):
        gone = [name for name in known if name not in there]
        feed.files.filter(name__in=gone[:MOST_AT_ONCE]).delete()


def _files(place: Path) -> dict[str, str]:
    """The state of each file by its name, those changed longest ago first; an empty one of what is not to be read."""
    settled = time.time() - SETTLED_SECONDS
    found = []
    try:
        with os.scandir(place) as entries:
            for entry in islice(entries, MOST_SEEN):
                changed, stamp = _state_of(entry) if _is_delivered(entry) else (0, "")
                found.append((changed, entry.name, stamp if changed <= settled * 1e9 else ""))
    except OSError as error:
        raise Refused(_("The folder cannot be read: %(why)s.") % {"why": error.strerror}) from None
    return {name: stamp for _when, name, stamp in sorted(found)}


def _state_of(entry: os.DirEntry[str]) -> tuple[int, str]:
    """When it was changed, in nanoseconds, and a word that differs for every state of it."""
    state = entry.stat(follow_symlinks=False)
    return state.st_mtime_ns, f"{state.st_size}:{state.st_mtime_ns}"


def _is_delivered(entry: os.DirEntry[str]) -> bool:
    name = entry.name
    if name.startswith(".") or name.endswith(_UNFINISHED) or len(name) > 255:  # noqa: PLR2004 - the column
        return False
    try:
        name.encode()
    except UnicodeEncodeError:
        return False
    return entry.is_file(follow_symlinks=False)


def _content(path: Path) -> bytes | None:
    """At most a byte more than may be read; ``None`` for what is gone, or turned into something else."""
    try:
        number = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
    except OSError:
        return None
    with os.fdopen(number, "rb") as file:
        if not stat.S_ISREG(os.fstat(number).st_mode):
            return None
        return file.read(MOST_BYTES + 1)
