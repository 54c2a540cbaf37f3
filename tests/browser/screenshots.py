"""The pictures of the guides: ``make screenshots`` takes them from the demo newsroom into docs/pictures/."""

import io
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any, Literal

from PIL import Image
from playwright.sync_api import Browser, Page, sync_playwright

from tests.browser import chromium
from tests.browser.demo_site import ROOT, DemoSite, install, serving

PICTURES = ROOT / "docs" / "pictures"
COLOURS = 192
HEAVIEST = 400_000
"""Bytes: a guide with ten pictures should open at once."""

SIZES = {"desktop": (1280, 900), "phone": (390, 844)}
Scheme = Literal["light", "dark"]
Shot = tuple[str, str, str, Scheme]
"""A picture's name, whose desk it is (empty: a reader's page), the address with places in braces, the colours."""

SHOTS: tuple[Shot, ...] = (
    ("front-desktop", "", "/", "light"),
    ("front-phone", "", "/", "light"),
    ("front-desktop-dark", "", "/", "dark"),
    ("article-desktop", "", "{article}", "light"),
    ("article-phone", "", "{article}", "light"),
    ("article-phone-dark", "", "{article}", "dark"),
    ("search-desktop", "", "/search/?q=tide+gate", "light"),
    ("start-desktop", "editor", "/admin/", "light"),
    ("article-form-desktop", "editor", "/admin/articles/article/{article_id}/change/", "light"),
    ("article-form-phone", "editor", "/admin/articles/article/{article_id}/change/", "light"),
    ("article-form-desktop-dark", "editor", "/admin/articles/article/{article_id}/change/", "dark"),
    ("picks-desktop", "editor", "/admin/curation/pick/article/{article_id}/", "light"),
    ("picks-desktop-dark", "editor", "/admin/curation/pick/article/{article_id}/", "dark"),
    ("picks-phone", "editor", "/admin/curation/pick/article/{article_id}/", "light"),
    ("library-desktop", "editor", "/admin/images/image/", "light"),
    ("history-compare-desktop", "editor", "/admin/articles/article/{revised_id}/history/compare/", "light"),
    ("calendar-desktop", "editor", "/admin/articles/article/calendar/", "light"),
    ("checklist-desktop", "contributor", "/admin/articles/article/{checked_id}/change/", "light"),
    ("prices-desktop", "editor", "/admin/products/product/prices/", "light"),
    ("clicks-desktop", "editor", "/admin/products/product/clicks/", "light"),
    ("boxes-desktop", "editor", "/admin/products/product/article/{boxed_id}/", "light"),
    ("wires-desktop", "editor", "/admin/syndication/wireitem/", "light"),
    ("wire-version-desktop", "editor", "/admin/syndication/wireitem/{wire_version_id}/change/", "light"),
    ("sending-desktop", "chief", "/admin/syndication/newsletter/{newsletter_id}/sending/", "light"),
    ("score-desktop", "moderator", "/admin/comments/learner/", "light"),
    ("queue-desktop", "moderator", "/admin/comments/comment/", "light"),
    ("queue-phone", "moderator", "/admin/comments/comment/", "light"),
    ("queue-desktop-dark", "moderator", "/admin/comments/comment/", "dark"),
    ("queue-reasons", "moderator", "/admin/comments/comment/", "light"),
)

PRESSED = {"queue-desktop": ("j", "j"), "queue-desktop-dark": ("j", "j"), "queue-reasons": ("j", "r")}
"""Keys pressed before a picture is taken."""


def take(browser: Browser, site: DemoSite, shot: Shot) -> bytes:
    """One picture, as a PNG of few colours."""
    name, person, address, scheme = shot
    width, height = SIZES["phone" if "phone" in name else "desktop"]
    context = browser.new_context(
        base_url=site.url,
        viewport={"width": width, "height": height},
        color_scheme=scheme,
        locale="en-GB",
        timezone_id="UTC",
        reduced_motion="reduce",
    )
    page = context.new_page()
    if person:
        _sign_in(page, f"{person}@example.org", site.place("password"))
    page.goto(address.format(**site.places), wait_until="networkidle")
    for key in PRESSED.get(name, ()):
        page.keyboard.press(key)
    page.wait_for_timeout(300)
    taken = page.screenshot()
    context.close()
    return _small(taken)


def _sign_in(page: Page, email: str, password: str) -> None:
    page.goto("/admin/account/login/")
    page.fill("input[name=login]", email)
    page.fill("input[name=password]", password)
    page.locator("form:has(input[name=password]) [type=submit]").click()
    page.wait_for_url("**/admin/")


def _small(png: bytes) -> bytes:
    """The same picture in at most ``COLOURS`` colours; fewer where it would be too heavy."""
    for colours in (COLOURS, COLOURS // 2, COLOURS // 4):
        picture = Image.open(io.BytesIO(png)).convert("RGB")
        written = io.BytesIO()
        picture.quantize(colours, Image.Quantize.MEDIANCUT, dither=Image.Dither.FLOYDSTEINBERG).save(
            written, "PNG", optimize=True
        )
        if written.tell() <= HEAVIEST:
            break
    return written.getvalue()


def main(names: list[str], say: Callable[[str], Any] = print) -> int:
    """Take the pictures ``names``, or all of them; 1 without a browser."""
    path = chromium.find()
    if path is None:
        say(chromium.MISSING)
        return 1
    PICTURES.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="newsroom-pictures-") as directory:
        places = install(Path(directory))
        with serving(Path(directory), places) as site, sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=path, args=chromium.ARGUMENTS)
            for shot in SHOTS:
                if not names or shot[0] in names:
                    content = take(browser, site, shot)
                    (PICTURES / f"{shot[0]}.png").write_bytes(content)
                    say(f"docs/pictures/{shot[0]}.png  {len(content) // 1000} kB")
            browser.close()
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
