"""A process that uploads the files named on its standard input, and says of each what became of it and what it cost.

Run apart from the tests, under a hard memory limit, so that a decoder that
crashes or eats the machine takes only this process with it.
"""

import json
import os
import resource
import sys
import time
from pathlib import Path
from typing import Any

import django
from django.apps import apps
from django.conf import settings

MOST_MEMORY = 3 * 1024**3


def main() -> None:
    """One JSON line a file."""
    os.environ["DJANGO_SETTINGS_MODULE"] = "tests.settings"
    os.environ.pop("DATABASE_URL", None)
    settings.DATABASES["default"]["NAME"] = ":memory:"
    django.setup()
    settings.MIGRATION_MODULES = {config.label: None for config in apps.get_app_configs()}
    resource.setrlimit(resource.RLIMIT_AS, (MOST_MEMORY, MOST_MEMORY))

    from django.core.management import call_command  # noqa: PLC0415 - needs the settings above

    call_command("migrate", run_syncdb=True, verbosity=0)
    for line in sys.stdin:
        sys.stdout.write(json.dumps(upload(Path(line.strip()))) + "\n")
        sys.stdout.flush()


def upload(path: Path) -> dict[str, Any]:
    """What became of the file: outcome, words, seconds, growth of memory in MB, and the bytes that would be served."""
    from django.core.files.base import File  # noqa: PLC0415
    from django.core.files.storage import storages  # noqa: PLC0415

    from images.uploads import DuplicateImage, ImageRefused, add_image  # noqa: PLC0415

    Path("/proc/self/clear_refs").write_text("5", encoding="ascii")  # the peak counts from here
    before, start = memory("VmRSS"), time.process_time()
    said: dict[str, Any] = {"file": str(path), "outcome": "accepted", "words": ""}
    try:
        with path.open("rb") as handle:
            image = add_image(File(handle, name=path.name), actor=None)
        made = [storages["private"].open(one["name"]).read() for one in image.renditions]
        said["clean"] = not any(
            trace in one for one in made for trace in (b"<?php", b"<script", b"Exif\x00", b"system(")
        )
        said["renditions"] = len(made)
    except DuplicateImage as known:
        said |= {"outcome": "known", "words": str(known)}
    except ImageRefused as refused:
        said |= {"outcome": "refused", "words": str(refused)}
    return said | {"seconds": time.process_time() - start, "megabytes": memory("VmHWM") - before}


def memory(field: str) -> float:
    """A figure of /proc/self/status, in MB."""
    status = Path("/proc/self/status").read_text(encoding="ascii")
    return int(status.partition(f"{field}:")[2].split()[0]) / 1024


if __name__ == "__main__":
    main()
