"""From SVG to JPEG: headless Chromium draws, Pillow compresses."""

import io
from collections.abc import Iterable
from pathlib import Path

from PIL import Image
from playwright.sync_api import sync_playwright

from .registry import SCENES

CHROMIUM = "/usr/bin/chromium"
FLAGS = (
    "--headless=new", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
)  # fmt: skip
QUALITIES = (84, 82, 80, 77, 74, 70)
MOST_BYTES = 178_000
FRAME = "<!doctype html><style>html,body{{margin:0;background:#fff}}svg{{display:block}}</style>{svg}"


def compress(picture: Image.Image) -> bytes:
    """A progressive JPEG, at the best of our qualities that stays under the size limit."""
    data = b""
    for quality in QUALITIES:
        buffer = io.BytesIO()
        picture.save(buffer, "JPEG", quality=quality, progressive=True, optimize=True)
        data = buffer.getvalue()
        if len(data) <= MOST_BYTES:
            break
    return data


def render(keys: Iterable[str], folder: Path) -> Iterable[tuple[str, int]]:
    """Draw each key into ``folder``; yields the key and the file's size."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=list(FLAGS))
        page = browser.new_page(viewport={"width": 1600, "height": 1067})
        for key in keys:
            page.set_content(FRAME.format(svg=SCENES[key]()))
            shot = page.locator("svg").first.screenshot(type="png")
            data = compress(Image.open(io.BytesIO(shot)).convert("RGB"))
            (folder / f"{key}.jpg").write_bytes(data)
            yield key, len(data)
        browser.close()
