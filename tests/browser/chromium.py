"""Finding a Chromium: the ``CHROMIUM`` variable, then the names it usually has; and how it is started."""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome", "microsoft-edge")
PLACES = (
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
)

UNSEEN = ("WebUIOmniboxPopup", "WebUIOmniboxAimPopup", "WebUIOmniboxFullPopup")
"""Pages of the browser's own, behind the address bar, which every new window would load: half of what it costs."""
AS_PLAYWRIGHT_HAS_IT = (
    "AvoidUnnecessaryBeforeUnloadCheckSync",
    "DestroyProfileOnBrowserClose",
    "HttpsUpgrades",
    "HttpsFirstBalancedModeAutoEnable",
    "LensOverlay",
    "MediaRouter",
    "PaintHolding",
    "ThirdPartyStoragePartitioning",
    "AvoidCorsURLLoaderRestartOnRedirect",
    "OptimizationHints",
    "NetworkTimeServiceQuerying",
    "AimEnabled",
    "PreconnectToSearch",
)
"""What Playwright turns off for every Chromium: its list is not heard where there is ours."""

ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-features=" + ",".join((*AS_PLAYWRIGHT_HAS_IT, *UNSEEN)),
]
MEMORY = Path("/dev/shm")
"""Files in memory: on a busy disk the browser's own writing holds up every page for a minute, now and then."""
ROOM = 1 << 30
"""Bytes that must be free there."""

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


@contextmanager
def in_memory() -> Iterator[None]:
    """Whoever starts Playwright inside has it keep the browser's profile in memory, where there is room."""
    with pytest.MonkeyPatch.context() as environment:
        if MEMORY.is_dir() and shutil.disk_usage(MEMORY).free > ROOM:
            environment.setenv("TMPDIR", str(MEMORY))
        yield
