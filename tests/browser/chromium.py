"""Finding a Chromium: the ``CHROMIUM`` variable, then the names it usually has."""

import os
import shutil
from pathlib import Path

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome", "microsoft-edge")
PLACES = (
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
)

ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]

MISSING = "needs a Chromium: install one, or name it in CHROMIUM"


def find() -> str | None:
    """The path of a Chromium, or ``None``."""
    wanted = os.environ.get("CHROMIUM")
    if wanted:
        return shutil.which(wanted)
    named = (shutil.which(name) for name in NAMES)
    placed = (place for place in PLACES if Path(place).exists())
    return next((path for path in (*named, *placed) if path), None)


def is_required() -> bool:
    """Whether a missing browser or checker fails a test instead of skipping it (``REQUIRE_BROWSER=1``)."""
    return os.environ.get("REQUIRE_BROWSER", "") not in {"", "0"}
