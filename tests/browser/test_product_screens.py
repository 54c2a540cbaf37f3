"""The desk's screens of products in a real browser: accessible in every look, by keyboard, and without script."""

import re
from collections import Counter
from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal

import pytest
from django.utils import timezone
from playwright.sync_api import Locator, Page, expect

from articles import revisions
from articles.models import Article
from articles.state import WorkingState
from products import placing
from products.clicks import write
from products.models import ClickCount, Layout, Merchant, Offer, Placement, Product
from products.placing import Showing
from tests.browser.conftest import OpenPage
from tests.browser.visiting import axe, enter, looks, pick_by_keyboard, picture
from tests.conftest import Cast
from tests.factories import make_article, make_merchant, make_product, make_section

pytestmark = pytest.mark.django_db(transaction=True)

LIST = b"""sku,name,url,price,currency,available
T-1,Storm lantern with a name so long that a phone has to break it,https://hearth.example/lantern,31.00,EUR,yes
T-2,Kettle,https://hearth.example/kettle,34.50,EUR,yes
T-3,Pan,https://hearth.example/pan,a lot,EUR,yes
"""


def grow_old(product: Product, sku: str = "") -> None:
    offer = product.offers.get()
    offer.sku, offer.seen_at = sku, timezone.now() - timedelta(days=40)
    offer.save()


@pytest.fixture
def shop(cast: Cast) -> Merchant:
    return make_merchant("Harbour & Hearth", url="https://hearth.example/")


@pytest.fixture
def lantern(shop: Merchant) -> Product:
    """A product whose price nobody has looked at for forty days."""
    lantern = make_product("Storm lantern", brand="Lumen", price="29.00", merchant=shop)
    grow_old(lantern, sku="T-1")
    return lantern


@pytest.fixture
def story(shop: Merchant, lantern: Product) -> Article:
    """A public story with products in both boxes, chosen by hand and by a rule, one of which has an old price."""
    story = make_article("The bridge is closed until Friday, and the ferries take over from Thursday morning")
    for name in ("Rain cape", "Hand bell", "Tide almanac"):
        placing.place(make_product(name, merchant=shop), story, actor=None, showing=Showing(Layout.LIST))
    placing.place(lantern, make_section(), actor=None)
    placing.place(make_product("Nobody sells it", price=None), story, actor=None)
    today = timezone.localdate()
    write(Counter({(lantern.pk, story.pk, 1, today): 7, (lantern.pk, 0, 0, today): 2}))
    return story


@pytest.fixture
def draft(story: Article, cast: Cast) -> Article:
    state = WorkingState(headline="Dark evenings", section=make_section("Guides").pk, body="<p>Words.</p>")
    return revisions.create(state, actor=cast.editor)


def sound(page: Page, name: str) -> None:
    """Accessible, and no wider than the window, in every look."""
    page.wait_for_load_state("load")
    for look in looks(page):
        assert axe(page) == [], (name, look)
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), (name, look)
        picture(page, f"products-{name}-{look}")
    page.set_viewport_size({"width": 1280, "height": 900})


def row_button(page: Page, words: str, about: str) -> Locator:
    """A row's button, which says for those who cannot see the row what it is about."""
    return page.get_by_role("button", name=re.compile(rf"^{words}\s*: {about}$"))


SCREENS: dict[str, Callable[[Article, Product], str]] = {
    "beside": lambda story, _product: f"article/{story.pk}/",
    "boxes": lambda story, _product: f"article/{story.pk}/boxes/",
    "list": lambda _story, _product: "",
    "prices": lambda _story, _product: "prices/",
    "import": lambda _story, _product: "import/",
    "retirement": lambda _story, product: f"{product.pk}/retirement/",
    "clicks": lambda _story, _product: "clicks/",
    "clicks-wrong": lambda _story, _product: "clicks/?first=2026-03-02&last=2026-03-01",
    "form": lambda _story, product: f"{product.pk}/change/",
}


def test_every_screen_is_accessible_in_every_look(page: Page, cast: Cast, story: Article, lantern: Product) -> None:
    enter(page, cast.editor.email)
    for name, address in SCREENS.items():
        page.goto(f"/admin/products/product/{address(story, lantern)}")
        sound(page, name)


def test_products_are_found_added_ordered_and_shown_otherwise_by_keyboard(
    page: Page, cast: Cast, draft: Article, lantern: Product
) -> None:
    enter(page, cast.editor.email)
    page.goto(f"/admin/articles/article/{draft.pk}/change/")
    for row, (typed, name) in enumerate((("lumen", "Storm lantern"), ("hand", "Hand bell"))):
        if row:
            page.locator("#placements-group .add-row a").press("Enter")
        pick_by_keyboard(page.locator(f"#placements-{row} .select2-selection"), typed, name)
    page.locator("#placements-1").get_by_role("button", name="Move up").press("Enter")
    page.locator("[name=placements-0-layout]").select_option(Layout.SINGLE)
    with page.expect_navigation():
        page.locator("[name=_continue]").first.press("Enter")
    rows = Placement.objects.filter(article=draft).values_list("product__name", "layout")
    assert list(rows) == [("Hand bell", Layout.ROW), ("Storm lantern", Layout.SINGLE)]
    page.get_by_role("link", name="See both boxes").press("Enter")
    expect(page.locator(".beside__line")).to_have_text([re.compile("Hand bell"), re.compile("Storm lantern")])


def test_what_stands_beside_a_story_is_told_with_its_reason_switched_off_and_on_again(
    page: Page, cast: Cast, story: Article
) -> None:
    enter(page, cast.editor.email)
    page.goto(f"/admin/products/product/article/{story.pk}/")
    old = page.locator(".beside__line").filter(has_text="Storm lantern")
    expect(old).to_contain_text(re.compile(r"check price €29\.00 on .+ · Harbour & Hearth"))
    expect(old).to_contain_text("stands beside every story in City")
    expect(page.get_by_text("Left out, as nobody sells them now:")).to_contain_text("Nobody sells it")
    page.get_by_label("a phone").check()
    assert page.locator("iframe").evaluate("frame => frame.contentDocument.body.scrollWidth <= frame.clientWidth")
    framed = page.frame_locator("iframe")
    expect(framed.locator(".product-card__name")).to_have_count(4)
    expect(framed.locator(".disclosure")).to_be_visible()
    page.get_by_role("button", name="No products beside this story").press("Enter")
    expect(page.locator(".beside__state")).to_contain_text("somebody switched them off here")
    page.goto(story.get_absolute_url())
    expect(page.locator(".product-box")).to_have_count(0)
    page.go_back()
    page.reload()
    page.get_by_role("button", name="Show products again").press("Enter")
    expect(page.locator(".beside__state")).to_contain_text("This is what stands beside the story.")
    page.goto(story.get_absolute_url())
    expect(page.locator(".product-box")).to_have_count(2)


@pytest.mark.parametrize("script", [True, False])
def test_an_old_price_is_refused_in_words_renewed_and_leaves_the_list(
    open_page: OpenPage, cast: Cast, story: Article, lantern: Product, script: bool
) -> None:
    grow_old(make_product("Old book", price="12.00", merchant=lantern.offers.get().merchant))
    page = open_page(script=script)
    enter(page, cast.editor.email)
    page.goto("/admin/products/product/prices/")
    expect(page.locator(".prices__lead")).to_contain_text("2 prices are older than their shops’ rules.")
    page.get_by_label("Price of Storm lantern in EUR").fill("1,234")
    row_button(page, "New price", "Storm lantern").press("Enter")
    expect(page.get_by_role("alert")).to_contain_text("could mean two prices")
    wrong = page.get_by_label("Price of Storm lantern in EUR")
    expect(wrong).to_have_value("1,234")
    if script:
        sound(page, "price-refused")
    wrong.fill("31.50")
    row_button(page, "New price", "Storm lantern").press("Enter")
    expect(page.locator(".messagelist")).to_contain_text("“Storm lantern” at Harbour & Hearth: €31.50, seen today.")
    row_button(page, "Still the same", "Old book").press("Enter")
    expect(page.locator(".prices__lead")).to_contain_text("Every price is as young as its shop’s rule asks.")
    assert lantern.offers.get().price == Decimal("31.50")
    assert lantern.offers.get().seen_by == cast.editor
    page.goto(story.get_absolute_url())
    expect(page.locator(".product-card").filter(has_text="Storm lantern")).to_contain_text("€31.50")


def test_a_price_list_is_rehearsed_reported_and_applied(
    page: Page, cast: Cast, shop: Merchant, lantern: Product
) -> None:
    enter(page, cast.editor.email)
    page.goto("/admin/products/product/import/")
    pick_by_keyboard(page.locator(".select2-selection").first, "hearth", "Harbour & Hearth")
    page.get_by_label("Price list (CSV or XML)").set_input_files(
        {"name": "list.csv", "mimeType": "text/csv", "buffer": LIST}
    )
    page.get_by_role("button", name="See what it does").press("Enter")
    expect(page.locator(".step__lead")).to_contain_text("Nothing is written yet.")
    expect(page.locator(".delivery__figures dd")).to_have_text(["1", "1", "0", "1"])
    expect(page.get_by_role("region", name="Refused")).to_contain_text("“a lot” is not a price")
    expect(page.get_by_role("region", name="Changed")).to_contain_text("€29.00 → €31.00")
    sound(page, "rehearsal")
    assert Product.objects.count() == 1
    page.get_by_role("button", name="Apply it").press("Enter")
    expect(page.locator(".messagelist")).to_contain_text("The price list is applied.")
    expect(page.locator(".step__lead")).to_contain_text("This is what it did:")
    assert list(Offer.objects.order_by("sku").values_list("sku", "price")) == [
        ("T-1", Decimal(31)),
        ("T-2", Decimal("34.50")),
    ]
    sound(page, "applied")


def test_a_product_is_replaced_after_its_places_were_shown_and_brought_back(
    page: Page, cast: Cast, story: Article
) -> None:
    cape = Product.objects.get(name="Rain cape")
    make_product("Better cape")
    enter(page, cast.chief.email)
    page.goto(f"/admin/products/product/{cape.pk}/change/")
    page.get_by_role("link", name="Retire or replace").press("Enter")
    expect(page.get_by_role("heading", name="1 public story loses it.")).to_be_visible()
    page.get_by_role("link", name=re.compile("The bridge is closed")).focus()
    pick_by_keyboard(page.locator(".select2-selection"), "better", "Better cape")
    page.get_by_role("button", name="Retire it").press("Enter")
    expect(page.locator(".messagelist")).to_contain_text("“Rain cape” is retired: “Better cape” stands where it stood.")
    page.goto(story.get_absolute_url())
    expect(page.locator(".product-card__name").first).to_have_text("Better cape")
    expect(page.get_by_text("Rain cape")).to_have_count(0)
    page.goto(f"/admin/products/product/{cape.pk}/retirement/")
    sound(page, "retired")
    page.get_by_role("button", name="Bring it back").press("Enter")
    expect(page.locator(".retired-note")).to_have_count(0)


def test_the_report_of_clicks_is_summed_up_otherwise_and_taken_home_as_a_file(
    page: Page, cast: Cast, story: Article
) -> None:
    enter(page, cast.editor.email)
    page.goto("/admin/products/product/clicks/")
    expect(page.locator(".clicks__total b")).to_have_text("9")
    expect(page.get_by_role("row", name=re.compile("Storm lantern 9"))).to_be_visible()
    page.get_by_label("Summed up").select_option("article")
    page.get_by_role("button", name="Show").press("Enter")
    expect(page.get_by_role("row", name=re.compile(r"The bridge is closed.* 7"))).to_be_visible()
    with page.expect_download() as download:
        page.get_by_role("link", name="Download as a file (CSV)").press("Enter")
    written = download.value.path().read_text(encoding="utf-8-sig").splitlines()
    assert len(written) == 1 + ClickCount.objects.count()
    assert any(line.endswith(",7") and "Storm lantern" in line for line in written)
