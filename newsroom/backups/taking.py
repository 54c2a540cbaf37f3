"""Making a backup: the database first, for a picture without a row is harmless, a row without its picture is not."""

from collections.abc import Callable
from pathlib import Path

from django.db import connection
from django.utils import timezone

from newsroom.backups import containers, database_out, pictures
from newsroom.backups.manifest import NAME, Manifest

Say = Callable[[str], None]


def take(target: Path, *, with_media: bool, say: Say) -> Manifest:
    """Write a whole backup at ``target``, or raise and leave nothing that looks like one."""
    manifest = Manifest(timezone.now().isoformat(), connection.vendor, [], media_included=with_media)
    with containers.new(target) as sink:
        database_out.write(sink, manifest)
        say(f"{sum(table.rows for table in manifest.tables.values())} rows of {len(manifest.tables)} tables")
        pictures.write(sink, manifest)
        say(f"{manifest.media_files} files of pictures" + ("" if with_media else ", by their checksums only"))
        sink.add(NAME, [manifest.dumped()])
        sink.finish()
    return manifest
