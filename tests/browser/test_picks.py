"""Picks and products on the article's form, in a real browser, by keyboard and without script."""

import pytest
from playwright.sync_api import Page, expect

from articles import revisions
from articles.models import Article
from articles.state import WorkingState
from curation import picks
from curation.models import Pick
from products import placing
from products.models import Placement
from tests.browser.conftest import OpenPage
from tests.conftest import PASSWORD, Cast
from tests.factories import make_article, make_product, make_section


def sign_in(page: Page, email: str) -> None:
    page.goto("/admin/")
    page.fill("input[name=login]", email)
    page.fill("input[name=password]", PASSWORD)
    page.press("input[name=password]", "Enter")
    page.wait_for_url("**/admin/")


@pytest.fixture
def draft(transactional_db: None, cast: Cast) -> Article:
    state = WorkingState(headline="At work", section=make_section().pk, body="<p>Words.</p>")
    article = revisions.create(state, actor=cast.editor)
    for name in ("First", "Second", "Third"):
        picks.pick(article, make_article(name), actor=cast.editor)
        placing.place(make_product(f"{name} product"), article, actor=cast.editor)
    return article


def picked(article: Article) -> list[str]:
    return [row.target.headline for row in Pick.objects.filter(article=article).select_related("target")]


def save(page: Page) -> None:
    with page.expect_navigation():
        page.locator("[name=_continue]").first.click()


def test_an_editor_orders_and_adds_picks_by_keyboard(page: Page, draft: Article, cast: Cast) -> None:
    make_article("A fourth story")
    sign_in(page, cast.editor.email)
    page.goto(f"/admin/articles/article/{draft.pk}/change/")
    row = page.locator("#picks-2")
    row.get_by_role("button", name="Move up").focus()
    page.keyboard.press("Enter")
    page.keyboard.press("Enter")
    expect(row.get_by_role("button", name="Move up")).to_be_focused()
    expect(page.locator("[data-chosen]:has(#picks-group)").get_by_role("status")).to_have_text("Third is now number 1")
    page.locator("#picks-3 .select2-selection").focus()
    page.keyboard.press("Enter")
    page.keyboard.type("A fourth")
    expect(page.get_by_role("option", name="A fourth story")).to_be_visible()
    page.keyboard.press("Enter")
    save(page)
    assert picked(draft) == ["Third", "First", "Second", "A fourth story"]
    expect(page.locator(".chosen-preview__headline").first).to_have_text("Third")


def test_removing_a_new_row_after_moving_it_keeps_the_others(page: Page, draft: Article, cast: Cast) -> None:
    sign_in(page, cast.editor.email)
    page.goto(f"/admin/articles/article/{draft.pk}/change/")
    page.locator("#picks-3").get_by_role("button", name="Move up").click()
    page.locator("#picks-0").get_by_role("button", name="Move down").click()
    page.locator("#picks-3 .inline-deletelink").click()
    save(page)
    assert picked(draft) == ["Second", "First", "Third"]


def test_products_are_dragged_into_order(page: Page, draft: Article, cast: Cast) -> None:
    sign_in(page, cast.editor.email)
    page.goto(f"/admin/articles/article/{draft.pk}/change/")
    page.locator("#placements-2 .chosen__handle").drag_to(
        page.locator("#placements-0"), target_position={"x": 20, "y": 2}
    )
    save(page)
    names = [row.product.name for row in Placement.objects.filter(article=draft).select_related("product")]
    assert names == ["Third product", "First product", "Second product"]


def test_without_script_the_place_is_typed(open_page: OpenPage, draft: Article, cast: Cast) -> None:
    page = open_page(script=False)
    sign_in(page, cast.editor.email)
    page.goto(f"/admin/articles/article/{draft.pk}/change/")
    page.fill("[name=picks-2-position]", "0")
    save(page)
    assert picked(draft) == ["Third", "First", "Second"]
