"""Enter in a field that searches as one types never picks from a list older than what stands typed."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Locator, Page, Route, expect

from tests.browser.visiting import enter
from tests.conftest import Cast
from tests.factories import make_merchant

pytestmark = pytest.mark.django_db(transaction=True)

Late = Callable[[], None]
MODULE = "**/desk/enter-waits*.js"


@pytest.fixture
def box(page: Page, cast: Cast) -> Locator:
    """The field for a merchant, on the form of price lists, where two are known."""
    make_merchant("Anchor & Sons", url="https://anchor.example/")
    make_merchant("Harbour & Hearth", url="https://hearth.example/")
    enter(page, cast.editor.email)
    return page.locator(".select2-selection").first


def search(page: Page, box: Locator, typed: str) -> Late:
    """Type where the whole list stands already; the answer to what is typed comes when the returned is called."""
    page.goto("/admin/products/product/import/")
    box.focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("option")).to_have_count(2)
    held: list[Route] = []

    def hold(route: Route) -> None:
        held.append(route)

    page.route("**/admin/autocomplete/**", hold)
    page.keyboard.type(typed)
    expect(page.locator(".loading-results")).to_be_visible()

    def answer() -> None:
        while held:
            held.pop().continue_()
        page.unroute("**/admin/autocomplete/**")

    return answer


def told(page: Page) -> Locator:
    return page.get_by_role("status").filter(has_text="Searching")


def test_without_the_module_the_old_list_would_be_picked_from(page: Page, box: Locator) -> None:
    page.route(MODULE, lambda route: route.fulfill(body="", content_type="text/javascript"))
    search(page, box, "h")
    page.keyboard.press("Enter")
    expect(box).to_contain_text("Anchor & Sons")


def test_enter_waits_for_the_answer_says_so_and_picks_from_it(page: Page, box: Locator) -> None:
    answer = search(page, box, "hear")
    expect(told(page)).to_have_count(0)
    page.keyboard.press("Enter")
    page.keyboard.press("Enter")
    expect(told(page)).to_have_count(1)
    expect(box).not_to_contain_text("Sons")
    answer()
    expect(box).to_contain_text("Harbour & Hearth")
    expect(box).to_be_focused()
    expect(told(page)).to_have_count(0)


def test_escape_ends_the_wait_and_picks_nothing(page: Page, box: Locator) -> None:
    answer = search(page, box, "hear")
    page.keyboard.press("Enter")
    page.keyboard.press("Escape")
    expect(told(page)).to_have_count(0)
    answer()
    page.wait_for_load_state("networkidle")
    expect(box).not_to_contain_text("Hearth")
    expect(box).to_have_attribute("aria-expanded", "false")


def test_typing_on_ends_the_wait_and_leaves_the_list_open(page: Page, box: Locator) -> None:
    answer = search(page, box, "hear")
    page.keyboard.press("Enter")
    page.keyboard.type("t")
    expect(told(page)).to_have_count(0)
    answer()
    expect(page.locator(".select2-results__option")).to_have_text(["Harbour & Hearth"])
    expect(box).to_have_attribute("aria-expanded", "true")
    expect(box).not_to_contain_text("Hearth")


def test_an_answer_that_finds_nothing_picks_nothing(page: Page, box: Locator) -> None:
    answer = search(page, box, "nobody")
    page.keyboard.press("Enter")
    answer()
    expect(page.locator(".select2-results__message")).to_be_visible()
    expect(told(page)).to_have_count(0)
    assert page.locator("select.admin-autocomplete").input_value() == ""
