"""Files: room on the disks, storage that takes and gives, pictures that are all there, and backups."""

import shutil
import time
import uuid
from collections.abc import Iterator
from pathlib import Path

from django.conf import settings
from django.core.files.base import ContentFile
from django.core.files.storage import Storage, storages

from images.models import Image
from images.renditions import all_of
from newsroom.backups.naming import age_of_newest
from newsroom.doctor.findings import Finding, by_limits, good, trouble, warning

GIGABYTE = 1_000_000_000
ROOM = (-2 * GIGABYTE, -GIGABYTE // 5)
"""Free bytes, negative: the less, the worse."""

SLOW = (1.0, 5.0)
"""Seconds for writing, reading and deleting a small file."""

NEWEST = 50
"""Pictures looked at; on S3 each file of each costs a call."""

STALE = (26 * 3600.0, 8 * 86_400.0)
"""Seconds: a nightly backup that ran late, and one that has not run for a week."""


def room() -> Iterator[Finding]:
    """Whether the disks have room."""
    places = {settings.RUN_DIR, settings.MEDIA_ROOT, settings.PRIVATE_MEDIA_ROOT}
    seen: set[int] = set()
    for place in sorted(path for path in map(Path, places) if path.exists()):
        device = place.stat().st_dev
        if device not in seen:
            seen.add(device)
            free = shutil.disk_usage(place).free
            words = f"{free / GIGABYTE:.1f} GB are free at {place}."
            yield by_limits("disk", words, "Make room: a full disk stops all writing.", -free, ROOM)


def storage() -> Iterator[Finding]:
    """Whether public and private storage take, give and forget a file."""
    for alias in ("default", "private"):
        name = f"doctor-{uuid.uuid4().hex}.txt"
        began = time.monotonic()
        try:
            _round_trip(storages[alias], name)
        except Exception as error:  # noqa: BLE001 - each kind of storage has errors of its own
            words = f"{alias} storage fails: {type(error).__name__}: {error}"
            yield trouble(
                "storage", words, "Pictures cannot be uploaded. Look at its directory or bucket, and its rights."
            )
            continue
        seconds = time.monotonic() - began
        words = f"{alias} storage took, gave and forgot a file in {seconds:.2f} s."
        yield by_limits("storage", words, "Uploads will be slow.", seconds, SLOW)


def _round_trip(where: Storage, name: str) -> None:
    stored = where.save(name, ContentFile(b"doctor"))
    try:
        with where.open(stored) as file:
            if file.read() != b"doctor":
                raise OSError("what was read is not what was written")
    finally:
        where.delete(stored)


def static() -> Iterator[Finding]:
    """Whether styles and scripts were collected for this release."""
    manifest = Path(settings.STATIC_ROOT) / "staticfiles.json"
    if settings.DEBUG or manifest.exists():
        return
    yield trouble("static files", "They were not collected: pages fail.", "manage.py collectstatic --no-input")


def pictures() -> Iterator[Finding]:
    """Whether the files of the newest pictures are where their rows say."""
    missing: list[str] = []
    newest = list(Image.objects.order_by("-uploaded_at", "-pk")[:NEWEST])
    for image in newest:
        places = [(storages["private"], image.original.name)]
        public = storages["default"] if image.public_since else storages["private"]
        places += [(public, made["name"]) for made in all_of(image)]
        missing += [str(name) for where, name in places if not where.exists(str(name))]
    if missing:
        words = f"{len(missing)} files of the newest {len(newest)} pictures are missing, such as {missing[0]}."
        yield trouble("pictures", words, "Bring them back: manage.py restore --media-only BACKUP")
    elif newest:
        yield good("pictures", f"Every file of the newest {len(newest)} pictures is there.")


def backups() -> Iterator[Finding]:
    """Whether there is a fresh backup."""
    if not settings.BACKUP_DIR:
        hint = "Set BACKUP_DIR, and let manage.py backup run every night; deploy/systemd has a timer."
        yield warning("backups", "Nobody told where backups are.", hint)
        return
    age = age_of_newest(Path(settings.BACKUP_DIR))
    if age is None:
        yield trouble("backups", f"There is no whole backup in {settings.BACKUP_DIR}.", "manage.py backup")
    else:
        words = f"The newest backup is {age / 3600:.1f} hours old."
        yield by_limits("backups", words, "Does the timer run? manage.py backup", age, STALE)
