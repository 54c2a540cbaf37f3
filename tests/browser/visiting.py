"""What tests do on a page: sign in, see it in every look, have it checked for accessibility."""

import os
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any, Literal

import pytest
from django.conf import settings
from django.test import Client
from playwright.sync_api import Locator, Page, expect

from people.models import User
from tests.browser import chromium
from tests.conftest import PASSWORD

MODULES = Path(__file__).resolve().parent.parent.parent / "node_modules"
AXE_TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
WIDTHS = {"desktop": 1280, "phone": 360}
HEIGHTS = {"desktop": 900, "phone": 780}
Look = tuple[str, Literal["light", "dark"]]
LOOKS: tuple[Look, ...] = (("desktop", "light"), ("phone", "dark"), ("desktop", "dark"), ("phone", "light"))
"""The first two hold each width and each scheme once."""


def checker(path: str) -> Path:
    """A file of ``node_modules``; the test is skipped where it was not installed, or fails where it must be."""
    file = MODULES / path
    if not file.exists():
        message = f"needs {path}: run `npm install --ignore-scripts`"
        if chromium.is_required():
            pytest.fail(message)
        pytest.skip(message)
    return file


def sign_in(page: Page, email: str, password: str = PASSWORD) -> None:
    """Sign in to the admin through its form, as a person does; ends on the start page."""
    page.goto("/admin/account/login/")
    page.fill("input[name=login]", email)
    page.fill("input[name=password]", password)
    page.locator("form:has(input[name=password]) [type=submit]").click()
    page.wait_for_url("**/admin/")


def enter(page: Page, email: str) -> None:
    """Give the page's browser the cookie of somebody who has signed in; opens no page."""
    client = Client()
    client.force_login(User.objects.get(email=email))
    name = settings.SESSION_COOKIE_NAME
    value = client.cookies[name].value
    page.context.add_cookies([{"name": name, "value": value, "domain": "localhost", "path": "/admin/"}])


def pick_by_keyboard(box: Locator, typed: str, name: str) -> None:
    """Choose by keys in a field that searches as one types; ``typed`` finds one entry, whose text holds ``name``."""
    page = box.page
    box.focus()
    page.keyboard.press("Enter")
    expect(page.locator(".select2-search__field")).to_be_focused()
    page.keyboard.type(typed)
    expect(page.locator(".select2-results__option")).to_have_text([re.compile(re.escape(name))])
    page.keyboard.press("Enter")
    expect(box).to_contain_text(name)
    expect(box).to_be_focused()


def looks(page: Page) -> Iterator[str]:
    """Give the page its looks in turn, and say which: ``desktop-light`` and ``phone-dark``.

    The other two, ``desktop-dark`` and ``phone-light``, only in long runs (``ALL_LOOKS``) and for ``SCREENSHOTS``.
    """
    every = bool(os.environ.get("ALL_LOOKS") or os.environ.get("SCREENSHOTS"))
    for device, scheme in LOOKS if every else LOOKS[:2]:
        page.set_viewport_size({"width": WIDTHS[device], "height": HEIGHTS[device]})
        page.emulate_media(color_scheme=scheme)
        yield f"{device}-{scheme}"


@cache
def _axe_source(path: Path) -> str:
    return path.read_text(encoding="utf-8")


def axe(page: Page, *, within: str | None = None) -> list[str]:
    """What axe finds wrong on the page (WCAG 2.2 AA and best practices), or only ``within`` a CSS selector.

    Without ``preload``: to read imported style sheets axe would insert styles, which our policy forbids.
    """
    source = _axe_source(checker("axe-core/axe.min.js"))
    session = page.context.new_cdp_session(page)
    session.send("Runtime.evaluate", {"expression": source, "allowUnsafeEvalBlockedByCSP": True})
    session.detach()
    found: list[dict[str, Any]] = page.evaluate(
        "([within, tags]) => axe.run(within ?? document, {runOnly: tags, preload: false})"
        ".then((result) => result.violations)",
        [within, AXE_TAGS],
    )
    return [
        f"{violation['id']} ({violation['impact']}): {node['target']} {node['failureSummary']}"
        for violation in found
        for node in violation["nodes"]
    ]


def picture(page: Page, name: str) -> None:
    """Write a screenshot of the whole page to ``$SCREENSHOTS/name.png``, where that variable is set."""
    directory = os.environ.get("SCREENSHOTS")
    if directory:
        page.screenshot(path=Path(directory) / f"{name}.png", full_page=True)
