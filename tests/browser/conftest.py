"""A real Chromium on a live server.

Take ``page``: it starts at the site's address, and the test fails if the page
logged an error, broke the Content-Security-Policy or asked anybody else for
anything. ``open_page(...)`` makes more of them: a phone, dark, without script.
"""

import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright
from pytest_django.live_server_helper import LiveServer

from tests.browser import chromium
from tests.browser.nu import Nu
from tests.browser.visiting import HEIGHTS, WIDTHS, checker
from tests.browser.watching import Watch

# Playwright keeps an event loop in this thread, which is no reason for Django to refuse the tests their database.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"

PATIENCE = 15_000
"""Milliseconds after which something that should be on the page counts as missing."""

OpenPage = Callable[..., Page]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Every test in this directory drives a browser or a checker of pages."""
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.browser)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """One Chromium for the whole run."""
    path = chromium.find()
    if path is None:
        if chromium.is_required():
            pytest.fail(chromium.MISSING)
        pytest.skip(chromium.MISSING)
    with chromium.in_memory():
        playwright = sync_playwright().start()
    expect.set_options(timeout=PATIENCE)
    launched = playwright.chromium.launch(executable_path=path, args=chromium.ARGUMENTS)
    yield launched
    launched.close()
    playwright.stop()


@pytest.fixture
def site(live_server: LiveServer, settings: Any) -> str:
    """The address of the live server, which is also what the site calls itself."""
    settings.BASE_URL = live_server.url
    settings.CSRF_TRUSTED_ORIGINS = [live_server.url]
    return str(live_server.url)


@pytest.fixture
def watch(site: str) -> Iterator[Watch]:
    """What the pages of this test did wrong; a test that provokes something clears ``problems`` itself."""
    watch = Watch(site)
    yield watch
    if watch.problems:
        pytest.fail("The page did what no page of ours may do:\n" + "\n".join(dict.fromkeys(watch.problems)))


@pytest.fixture
def open_page(browser: Browser, watch: Watch) -> Iterator[OpenPage]:
    """``open_page(device="phone", scheme="dark", script=False)``: a page of its own, cookies and all."""
    contexts: list[BrowserContext] = []

    def opened(*, device: str = "desktop", scheme: Any = "light", script: bool = True, **options: Any) -> Page:
        context = browser.new_context(
            base_url=watch.site,
            viewport={"width": WIDTHS[device], "height": HEIGHTS[device]},
            color_scheme=scheme,
            java_script_enabled=script,
            locale="en-GB",
            timezone_id="UTC",
            **options,
        )
        context.set_default_timeout(PATIENCE)
        watch.over(context)
        contexts.append(context)
        return context.new_page()

    yield opened
    for context in contexts:
        context.close()


@pytest.fixture
def page(open_page: OpenPage) -> Page:
    """A desktop-sized page in light colours; ``visiting.looks(page)`` gives it the others."""
    return open_page()


@pytest.fixture(scope="session")
def nu() -> Iterator[Nu]:
    """``nu(html)``: the errors that the Nu HTML checker finds, as texts."""
    checking = Nu(checker("vnu-jar/build/dist/vnu.jar"))
    yield checking
    checking.stop()
