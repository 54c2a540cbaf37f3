"""The error pages as readers see them; and that the watch over pages sees what it must."""

import pytest
from playwright.sync_api import Page

from tests.browser.nu import Nu
from tests.browser.visiting import axe, looks, picture
from tests.browser.watching import Watch


def test_the_page_for_an_unknown_address_is_accessible_in_every_look(page: Page) -> None:
    response = page.goto("/there/is/no-such-page/")
    assert response is not None
    assert response.status == 404
    for look in looks(page):
        assert axe(page) == [], look
        picture(page, f"404-{look}")


def test_the_page_for_an_unknown_address_is_valid_html(page: Page, nu: Nu) -> None:
    response = page.goto("/there/is/no-such-page/")
    assert response is not None
    assert nu(response.body()) == []


def test_control_broken_html_is_reported(nu: Nu) -> None:
    assert nu("<!doctype html><html lang=en><title>t</title><p><div></p><img src=x>") != []


def test_control_an_inaccessible_page_is_reported(page: Page) -> None:
    page.goto("/there/is/no-such-page/")
    page.evaluate("document.querySelector('label').remove()")
    assert any("label" in problem for problem in axe(page))


@pytest.mark.parametrize(
    ("script", "named"),
    [
        ("document.body.insertAdjacentHTML('beforeend', '<p style=color:red>')", "style-src"),
        ("document.body.append(Object.assign(document.createElement('script'), {text: '1'}))", "script-src"),
        ("fetch('https://third.example/').catch(() => null)", "connect-src"),
        ("location = 'http://127.0.0.2:9/'", "third party"),
        ("setTimeout(() => { throw new Error('planted') })", "planted"),
        ("console.error('planted')", "planted"),
        ("fetch('/no-such-file.js').then(() => null)", "404"),
    ],
)
def test_control_what_no_page_may_do_is_noticed(page: Page, watch: Watch, script: str, named: str) -> None:
    page.goto("/there/is/no-such-page/")
    assert watch.problems == []
    page.evaluate(script)
    page.wait_for_timeout(200)
    assert named in " ".join(watch.problems)
    watch.problems.clear()
