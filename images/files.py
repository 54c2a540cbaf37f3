"""Files of pictures in storage: written whole or not at all, removed after the commit."""

import secrets
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path
from typing import IO, Any

from django.core.files.base import File
from django.core.files.storage import FileSystemStorage, Storage, default_storage, storages

from outbox import effects

DISCARD = "images.discard"


def private() -> Storage:
    """Where originals and every rendition are kept; nobody reads it but us."""
    return storages["private"]


def public() -> Storage:
    """Where readers' browsers fetch renditions."""
    return default_storage


def new_stem() -> str:
    """``ab/abcd…``: 128 random bits, spread over 256 folders by the first two digits."""
    token = secrets.token_hex(16)
    return f"{token[:2]}/{token}"


def put(storage: Storage, name: str, content: IO[bytes] | File[Any]) -> None:
    """Store ``content`` as exactly ``name``; on a disk nobody ever sees half a file."""
    if storage.exists(name):
        return
    if not isinstance(storage, FileSystemStorage):
        storage.save(name, content)
        return
    written = Path(storage.path(storage.save(f"arriving/{secrets.token_hex(16)}", content)))
    target = Path(storage.path(name))
    target.parent.mkdir(parents=True, exist_ok=True)
    written.replace(target)


def remove(storage: Storage, names: Iterable[str]) -> None:
    """Remove files; those that are gone already do not matter."""
    for name in names:
        with suppress(FileNotFoundError):
            storage.delete(name)


@effects.handler(DISCARD, outside=True)
def discard(payload: dict[str, Any], _key: str) -> None:
    """The effect that removes files no picture uses any more, wherever they are."""
    for storage in (public(), private()):
        remove(storage, payload["names"])
