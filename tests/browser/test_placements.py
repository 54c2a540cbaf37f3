"""Products on the article's form, in a real browser, by keyboard and without script."""

import pytest
from playwright.sync_api import Page, expect

from articles import revisions
from articles.models import Article
from articles.state import WorkingState
from products import placing
from products.models import Placement
from tests.browser.conftest import OpenPage
from tests.browser.visiting import enter, pick_by_keyboard
from tests.conftest import Cast
from tests.factories import make_product, make_section


@pytest.fixture
def draft(transactional_db: None, cast: Cast) -> Article:
    state = WorkingState(headline="At work", section=make_section().pk, body="<p>Words.</p>")
    article = revisions.create(state, actor=cast.editor)
    for name in ("First", "Second", "Third"):
        placing.place(make_product(name), article, actor=cast.editor)
    return article


def placed(article: Article) -> list[str]:
    return [row.product.name for row in Placement.objects.filter(article=article).select_related("product")]


def open_form(page: Page, article: Article, cast: Cast) -> None:
    enter(page, cast.editor.email)
    page.goto(f"/admin/articles/article/{article.pk}/change/")


def save(page: Page) -> None:
    with page.expect_navigation():
        page.locator("[name=_continue]").first.click()


def test_an_editor_orders_and_adds_products_by_keyboard(page: Page, draft: Article, cast: Cast) -> None:
    make_product("A fourth product")
    open_form(page, draft, cast)
    row = page.locator("#placements-2")
    row.get_by_role("button", name="Move up").focus()
    page.keyboard.press("Enter")
    page.keyboard.press("Enter")
    expect(row.get_by_role("button", name="Move up")).to_be_focused()
    group = page.locator("[data-chosen]:has(#placements-group)")
    expect(group.get_by_role("status")).to_have_text("Third is now number 1")
    pick_by_keyboard(page.locator("#placements-3 .select2-selection"), "A fourth", "A fourth product")
    save(page)
    assert placed(draft) == ["Third", "First", "Second", "A fourth product"]


def test_removing_a_new_row_after_moving_it_keeps_the_others(page: Page, draft: Article, cast: Cast) -> None:
    open_form(page, draft, cast)
    page.locator("#placements-3").get_by_role("button", name="Move up").click()
    page.locator("#placements-0").get_by_role("button", name="Move down").click()
    page.locator("#placements-3 .inline-deletelink").click()
    save(page)
    assert placed(draft) == ["Second", "First", "Third"]


def test_products_are_dragged_into_order(page: Page, draft: Article, cast: Cast) -> None:
    open_form(page, draft, cast)
    page.wait_for_load_state("networkidle")
    page.locator("#placements-2 .chosen__handle").drag_to(
        page.locator("#placements-0"), target_position={"x": 20, "y": 2}
    )
    save(page)
    assert placed(draft) == ["Third", "First", "Second"]


def test_without_script_the_place_is_typed(open_page: OpenPage, draft: Article, cast: Cast) -> None:
    page = open_page(script=False)
    open_form(page, draft, cast)
    page.fill("[name=placements-2-position]", "0")
    save(page)
    assert placed(draft) == ["Third", "First", "Second"]
