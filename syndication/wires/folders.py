"""Feeds that an agency delivers as files: each file is read once, and nothing outside the operator's folder."""

import os
import stat
import time
from collections.abc import Iterator
from dataclasses import dataclass
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
    for name, stamp in _new_files(place, known)[:MOST_AT_ONCE]:
        content = _content(place / name)
        if content is not None:
            yield Delivered(name, stamp, content if len(content) <= MOST_BYTES else None)


def note_read(feed: Feed, file: Delivered) -> None:
    """Remember that a file was read in this state."""
    FeedFile.objects.update_or_create(feed=feed, name=file.name, defaults={"stamp": file.stamp})


def _new_files(place: Path, known: dict[str, str]) -> list[tuple[str, str]]:
    settled = time.time() - SETTLED_SECONDS
    found = []
    for number, entry in enumerate(os.scandir(place)):
        if number >= MOST_SEEN:
            break
        if not _is_delivered(entry):
            continue
        state = entry.stat(follow_symlinks=False)
        stamp = f"{state.st_size}:{state.st_mtime_ns}"
        if state.st_mtime <= settled and known.get(entry.name) != stamp:
            found.append((state.st_mtime_ns, entry.name, stamp))
    return [(name, stamp) for _when, name, stamp in sorted(found)]


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
