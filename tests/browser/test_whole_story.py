"""The whole story, in a real browser: written, illustrated, published, read, commented on, moderated."""

import io
import re
from pathlib import Path
from typing import Any

import pytest
from PIL import Image as Pixels
from PIL import ImageDraw
from playwright.sync_api import Page, expect

from articles import search
from articles.models import Article
from comments.models import Comment
from images.models import Image
from tests.browser.conftest import OpenPage
from tests.browser.visiting import picture, sign_in
from tests.conftest import Cast
from tests.factories import make_article, make_author, make_product, make_section

pytestmark = pytest.mark.django_db(transaction=True)

HEADLINE = "The harbour’s last crane comes down at dawn"
STANDFIRST = "For 61 years it lifted everything the city ate."


@pytest.fixture
def photograph(tmp_path: Path) -> Path:
    """A file on the editor's disk."""
    picture = Pixels.new("RGB", (1500, 1000), "#e9b872")
    draw = ImageDraw.Draw(picture)
    draw.rectangle((0, 700, 1500, 1000), fill="#23485c")
    draw.line((1100, 700, 1100, 150, 500, 260), fill="#30251b", width=24)
    written = io.BytesIO()
    picture.save(written, "JPEG")
    path = tmp_path / "crane at dawn.jpg"
    path.write_bytes(written.getvalue())
    return path


@pytest.fixture(autouse=True)
def _disk(settings: Any, tmp_path: Path) -> None:
    """Pictures lie on a disk, as in production: Django's storage in memory hands one file object to all requests."""
    kind = "django.core.files.storage.FileSystemStorage"
    media = {"location": tmp_path / "media", "base_url": "/media/"}
    settings.STORAGES = {
        **settings.STORAGES,
        "default": {"BACKEND": kind, "OPTIONS": media},
        "private": {"BACKEND": kind, "OPTIONS": {"location": tmp_path / "private", "base_url": None}},
    }


@pytest.fixture
def paper(cast: Cast) -> None:
    """What is there before the day begins."""
    city = make_section("City")
    make_author("Ines Maren")
    make_product("Storm lantern")
    for headline in ("A year on the quay", "What the tide leaves", "Who owns the slipway?"):
        search.index(make_article(headline, section=city))


def test_a_story_from_the_first_word_to_the_reader_s_comment(
    open_page: OpenPage, cast: Cast, paper: None, photograph: Path
) -> None:
    desk = open_page()
    sign_in(desk, cast.editor.email)
    illustrate(desk, photograph)
    write(desk)
    article = Article.objects.latest("pk")
    reader = open_page()
    nothing_yet(reader, article)
    publish(desk)

    article.refresh_from_db()
    read(reader, article)
    receipt = comment_with_script(reader, article)
    plain = open_page(script=False)
    comment_without_script(plain, article)
    for page in (reader, plain):
        assert page.context.cookies() == []

    moderate(open_page(), cast)
    reader.goto(article.get_absolute_url())
    expect(reader.locator("#comments")).to_contain_text("I drove it for nine years.")
    expect(reader.locator("#comments")).not_to_contain_text("Buy my watches")
    reader.goto(receipt)
    expect(reader.locator(".receipt")).to_contain_text("Published")
    plain.reload()
    expect(plain.locator(".receipt")).to_contain_text("Awaiting moderation")
    assert reader.context.cookies() == plain.context.cookies() == []


def illustrate(desk: Page, photograph: Path) -> None:
    """Upload a picture, say what it shows, and click on what matters in it."""
    desk.goto("/admin/images/image/several/")
    desk.set_input_files("input[type=file]", photograph)
    desk.get_by_role("button", name="Upload").click()
    desk.get_by_role("link", name="Describe it and mark its focal point").click()
    desk.fill("#id_alt", "A crane without its hook against a yellow sky.")
    desk.fill("#id_credit", "Ines Maren")
    expect(desk.locator("[data-focal-mark]")).to_be_visible()
    stage = desk.locator("[data-focal-picture]")
    box = stage.bounding_box()
    assert box is not None
    stage.click(position={"x": box["width"] * 0.73, "y": box["height"] * 0.2})
    desk.locator("[name=_continue]").first.click()
    expect(desk.locator(".messagelist")).to_be_visible()
    image = Image.objects.get()
    assert image.focal_x == pytest.approx(0.73, abs=0.02)
    assert image.focal_y == pytest.approx(0.2, abs=0.02)
    assert image.public_since is None


def write(desk: Page) -> None:
    """A whole article, with everything beside it, saved but not published."""
    desk.goto("/admin/articles/article/add/")
    desk.fill("#id_headline", HEADLINE)
    desk.fill("#id_standfirst", STANDFIRST)
    choose(desk, "#id_section", "City", "City")
    keys = desk.keyboard
    desk.get_by_role("textbox", name="Story").click()
    keys.type("It took ")
    keys.press("Control+b")
    keys.type("four hours")
    keys.press("Control+b")
    keys.type(" and one hammer.")
    keys.press("Enter")
    keys.type("## What stays")
    keys.press("Enter")
    keys.type("- The rails")
    keys.press("Enter")
    keys.type("The name")
    keys.press("Enter")
    keys.press("Enter")
    keys.type("> It never once dropped a thing.")
    choose(desk, "#id_lead_picture", "crane", "crane at dawn")
    desk.fill("#id_lead_caption", "The crane, an hour before.")
    desk.get_by_role("combobox", name="Tags").fill("harbour, cranes,")
    add_row(desk, "bylines", "author", "Ines", "Ines Maren")
    save(desk)
    for words in ("Who owns the slipway?", "What the tide leaves"):
        desk.get_by_label("Find an article").fill(words)
        desk.locator("[data-part=found]").get_by_role("button", name=f"Pick “{words}”").click()
        expect(desk.locator("[data-desk] [data-said]")).to_contain_text(words)
    add_row(desk, "placements", "product", "lantern", "Storm lantern")
    save(desk)
    picture(desk, "whole-story-form")
    headlines = [pick.target.headline for pick in Article.objects.latest("pk").picks.select_related("target")]
    assert headlines == ["Who owns the slipway?", "What the tide leaves"]


def choose(desk: Page, select: str, typed: str, wanted: str) -> None:
    """Pick a row in one of the admin's fields that complete what is typed."""
    desk.locator(f"{select} + .select2 .select2-selection").click()
    desk.keyboard.type(typed)
    desk.get_by_role("option", name=re.compile(wanted, re.IGNORECASE)).first.click()


def add_row(desk: Page, group: str, field: str, typed: str, wanted: str, number: int = 0) -> None:
    """Fill row ``number`` of an inline, adding it where it is not there yet."""
    select = f"#id_{group}-{number}-{field}"
    if desk.locator(select).count() == 0:
        desk.locator(f"#{group}-group .add-row a").click()
    choose(desk, select, typed, wanted)


def save(desk: Page) -> None:
    """Save and go on editing."""
    with desk.expect_navigation():
        desk.locator("[name=_continue]").first.click()
    expect(desk.locator(".errornote")).to_have_count(0)


def nothing_yet(reader: Page, article: Article) -> None:
    """A saved draft is nobody's to see."""
    for address in ("/", "/city/", "/archive/"):
        reader.goto(address)
        expect(reader.locator("main")).not_to_contain_text(HEADLINE)
    response = reader.goto(f"/city/the-harbours-last-crane-{article.pk}/")
    assert response is not None
    assert response.status == 404


def publish(desk: Page) -> None:
    """One press, and the way to the page."""
    desk.locator("[name=_publish]").first.click()
    expect(desk.locator(".messagelist")).to_contain_text("is published")
    expect(desk.get_by_role("link", name="View on site")).to_be_visible()


def read(reader: Page, article: Article) -> None:
    """From the front page to the end of the story."""
    reader.goto("/")
    reader.get_by_role("link", name=HEADLINE).first.click()
    expect(reader).to_have_url(re.compile(rf"{article.get_absolute_url()}$"))
    expect(reader.get_by_role("heading", level=1)).to_have_text(HEADLINE)
    main = reader.locator("main")
    for words in (STANDFIRST, "Ines Maren", "The crane, an hour before.", "cranes"):
        expect(main).to_contain_text(words)
    expect(main.locator("strong", has_text="four hours")).to_be_visible()
    expect(main.get_by_role("heading", name="What stays")).to_be_visible()
    expect(main.locator("blockquote")).to_contain_text("It never once dropped a thing.")
    lead = main.get_by_role("img", name="A crane without its hook")
    lead.scroll_into_view_if_needed()
    expect(lead).to_have_js_property("complete", True)
    assert lead.evaluate("(img) => img.naturalWidth") > 0
    product = main.get_by_role("link", name="Storm lantern").first
    expect(product).to_have_attribute("rel", "sponsored nofollow noopener")
    related = reader.locator(".related h3")
    expect(related.first).to_have_text("Who owns the slipway?")
    expect(related.nth(1)).to_have_text("What the tide leaves")
    picture(reader, "whole-story-article")
    assert reader.evaluate("document.cookie") == ""


def fill_in(page: Page, text: str, name: str) -> None:
    """Leave a Reply."""
    page.get_by_role("textbox", name="Comment").fill(text)
    page.get_by_role("textbox", name="Name").fill(name)
    page.get_by_role("textbox", name="Email").fill(f"{name.lower()}@example.org")
    page.get_by_role("button", name="Post comment").click()


def comment_with_script(reader: Page, article: Article) -> str:
    """Without leaving the page; gives the address of the receipt."""
    fill_in(reader, "I drove it for nine years.", "Pavel")
    done = reader.locator(".receipt")
    expect(done).to_contain_text("awaiting moderation")
    done.get_by_role("link").click()
    expect(reader.locator(".receipt")).to_contain_text("Awaiting moderation")
    receipt = reader.url
    reader.goto(article.get_absolute_url())
    expect(reader.locator("#comments")).not_to_contain_text("nine years")
    return receipt


def comment_without_script(plain: Page, article: Article) -> None:
    """Through the preview; ends on the receipt."""
    plain.goto(article.get_absolute_url())
    expect(plain.get_by_role("heading", level=1)).to_have_text(HEADLINE)
    fill_in(plain, "Buy my watches", "Mallory")
    expect(plain.get_by_role("heading", name="Check your comment")).to_be_visible()
    plain.get_by_role("button", name="Post comment").click()
    expect(plain.locator(".receipt")).to_contain_text("Awaiting moderation")
    assert Comment.objects.pending().count() == 2


def moderate(desk: Page, cast: Cast) -> None:
    """Approve one of the two."""
    sign_in(desk, cast.moderator.email)
    desk.goto("/admin/comments/comment/")
    expect(desk.locator("[data-row]")).to_have_count(2)
    desk.locator("[data-row]", has_text="nine years").get_by_role("button", name="Approve").click()
    expect(desk.locator("[data-said]")).to_contain_text("Approved")
