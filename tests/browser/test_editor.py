"""Writing a story in the rich-text editor, by keyboard, as an editor does."""

import io

import pytest
from django.core.files.base import ContentFile
from PIL import Image as Pixels
from PIL import ImageDraw
from playwright.sync_api import Locator, Page, expect

from articles.models import Article, Revision
from images.models import Image
from images.uploads import add_image
from tests.browser.conftest import OpenPage
from tests.browser.visiting import axe, enter, looks, picture
from tests.conftest import Cast
from tests.factories import make_article, make_section

pytestmark = pytest.mark.django_db(transaction=True)


def drawn(colours: tuple[str, str]) -> ContentFile[bytes]:
    """A picture of a horizon."""
    picture = Pixels.new("RGB", (1200, 750), colours[0])
    ImageDraw.Draw(picture).rectangle((0, 450, 1200, 750), fill=colours[1])
    written = io.BytesIO()
    picture.save(written, "JPEG")
    return ContentFile(written.getvalue(), "drawn.jpg")


@pytest.fixture
def library(transactional_db: None) -> list[Image]:
    """Two pictures of the library."""
    pictures = (("Harbour", "The harbour at dawn", ("#f2c58c", "#2f5f73")), ("Market", "", ("#cfe3ee", "#7b8f3f")))
    return [
        add_image(drawn(colours), actor=None, title=title, alt=f"{title} in the morning", caption=caption)
        for title, caption, colours in pictures
    ]


@pytest.fixture
def writing(page: Page, cast: Cast, library: list[Image]) -> Page:
    """A new article's form, open, with its headline and section filled in."""
    make_section("City")
    enter(page, cast.editor.email)
    page.goto("/admin/articles/article/add/")
    page.fill("#id_headline", "A morning at the harbour")
    return page


SETTLED = 60
"""Milliseconds after which the editor has brought its selection and the browser's together: more than its own 20."""


def begin(page: Page) -> None:
    """Click into the story and wait as long as a hand needs to reach the keys."""
    story(page).click()
    expect(story(page)).to_be_focused()
    page.wait_for_timeout(SETTLED)


def story(page: Page) -> Locator:
    return page.get_by_role("textbox", name="Story")


def tool(page: Page, name: str) -> Locator:
    return page.get_by_role("toolbar").get_by_role("button", name=name)


def captions(page: Page) -> Locator:
    return page.locator(".story-figure").get_by_role("textbox", name="Caption")


def saved(page: Page) -> str:
    """Save as a person does, and give what is stored."""
    page.locator("[name=_continue]").first.click()
    page.wait_for_url("**/change/**")
    body: str = Revision.objects.latest("pk").state["body"]
    return body


def test_a_story_is_written_formatted_and_stored_exactly(writing: Page) -> None:
    keys = writing.keyboard
    begin(writing)
    keys.type("Boats came ")
    keys.press("Control+b")
    keys.type("early")
    keys.press("Control+b")
    keys.type(" and ")
    keys.press("Control+i")
    keys.type("left")
    keys.press("Control+i")
    keys.type(" late.")
    keys.press("Enter")
    keys.type("## What they brought")
    keys.press("Enter")
    keys.type("- Cod")
    keys.press("Enter")
    keys.type("Herring")
    keys.press("Enter")
    keys.press("Enter")
    keys.type("> We knew the sea.")
    assert saved(writing) == (
        "<p>Boats came <strong>early</strong> and <em>left</em> late.</p>\n<p>## What they brought</p>\n"
        "<ul><li>Cod</li><li>Herring</li></ul>\n<blockquote><p>We knew the sea.</p></blockquote>"
    ).replace("<p>## What they brought</p>", "<h2>What they brought</h2>")


def test_tools_are_reached_and_used_by_keyboard_alone(writing: Page) -> None:
    keys = writing.keyboard
    begin(writing)
    keys.type("Prices")
    keys.press("Alt+F10")
    expect(writing.get_by_role("combobox", name="Kind of text")).to_be_focused()
    keys.press("ArrowRight")
    expect(tool(writing, "Bold")).to_be_focused()
    for _step in range(9):
        keys.press("ArrowRight")
    expect(tool(writing, "Table")).to_be_focused()
    keys.press("Enter")
    for word in ("Fish", "2025", "2026", "Cod", "4", "5"):
        keys.type(word)
        keys.press("Tab")
    expect(writing.get_by_role("toolbar", name="Table tools")).to_be_visible()
    keys.press("Alt+F10")
    keys.press("Escape")
    expect(story(writing)).to_be_focused()
    assert saved(writing) == (
        "<p>Prices</p>\n<table><thead><tr><th>Fish</th><th>2025</th><th>2026</th></tr></thead><tbody>"
        "<tr><td>Cod</td><td>4</td><td>5</td></tr><tr><td></td><td></td><td></td></tr></tbody></table>"
    )


def test_a_picture_is_chosen_from_the_library_and_captioned(writing: Page, library: list[Image]) -> None:
    keys = writing.keyboard
    begin(writing)
    keys.type("Before")
    keys.press("Enter")
    tool(writing, "Picture").press("Enter")
    dialog = writing.get_by_role("dialog", name="Choose a picture")
    keys.type("harb")
    expect(dialog.get_by_role("button", name="Market")).to_have_count(0)
    dialog.get_by_role("button", name="Harbour").press("Enter")
    expect(story(writing)).to_be_focused()
    writing.wait_for_timeout(SETTLED)
    keys.type("After")
    captions(writing).first.fill("Our own words")
    writing.get_by_role("button", name="Wide").click()
    assert saved(writing) == (
        f'<p>Before</p>\n<figure data-image="{library[0].pk}" data-caption="Our own words" data-layout="wide"></figure>'
        "\n<p>After</p>"
    )
    expect(captions(writing).first).to_have_value("Our own words")


def test_a_gallery_keeps_the_order_it_was_given(writing: Page, library: list[Image]) -> None:
    begin(writing)
    tool(writing, "Gallery").click()
    dialog = writing.get_by_role("dialog")
    dialog.get_by_role("button", name="Harbour").click()
    dialog.get_by_role("button", name="Market").click()
    expect(dialog.get_by_text("2 chosen")).to_be_visible()
    dialog.get_by_role("button", name="Insert gallery").click()
    writing.get_by_role("button", name="Move later").first.click()
    assert saved(writing) == f'<figure data-gallery="{library[1].pk},{library[0].pk}"></figure>'


def test_links_go_to_addresses_and_to_our_own_articles(writing: Page) -> None:
    article = make_article("The harbour reopens", slug="the-harbour-reopens")
    keys = writing.keyboard
    begin(writing)
    keys.type("see this")
    keys.press("Control+Shift+ArrowLeft")
    writing.wait_for_function("getSelection().toString() === 'this'")
    writing.wait_for_timeout(100)  # nobody is faster than the browser's own notice of it
    keys.press("Control+k")
    dialog = writing.get_by_role("dialog", name="Link")
    keys.type("not an address")
    keys.press("Enter")
    expect(dialog.get_by_role("alert")).to_contain_text("not an address a story can link to")
    dialog.get_by_role("textbox").fill("reopens harb")
    dialog.get_by_role("button", name="The harbour reopens").press("Enter")
    expect(story(writing)).to_be_focused()
    keys.press("End")
    keys.type(" or ")
    keys.press("Control+k")
    keys.type("www.example.org/a?b=c")
    keys.press("Enter")
    assert saved(writing) == (
        f'<p>see <a href="{article.get_absolute_url()}">this</a> or '
        '<a href="https://www.example.org/a?b=c">www.example.org/a?b=c</a></p>'
    )


def test_an_embed_is_a_card_and_loads_nothing(writing: Page) -> None:
    keys = writing.keyboard
    begin(writing)
    tool(writing, "Embed").press("Enter")
    keys.type("https://www.youtube.com/watch?v=dQw4w9WgXcQ")
    keys.press("Tab")
    keys.type("A song")
    keys.press("Enter")
    expect(writing.get_by_text("youtube.com", exact=True)).to_be_visible()
    assert saved(writing) == (
        '<figure data-embed="https://www.youtube.com/watch?v=dQw4w9WgXcQ" data-title="A song"></figure>'
    )


PASTE = """([html, text]) => {
  const data = new DataTransfer();
  if (html) data.setData("text/html", html);
  data.setData("text/plain", text);
  const event = new ClipboardEvent("paste", { clipboardData: data, bubbles: true, cancelable: true });
  document.querySelector(".story-text").dispatchEvent(event);
}"""


def test_a_paste_from_word_arrives_clean(writing: Page) -> None:
    begin(writing)
    pasted = (
        "<html><head><style>p{color:red}</style></head><body><h1 style='color:red'>Catch</h1>"
        "<p class=MsoListParagraph style='mso-list:l0 level1 lfo1'><span style='mso-list:Ignore'>·</span>Cod</p>"
        "<p class=MsoListParagraph style='mso-list:l0 level1 lfo1'><span style='mso-list:Ignore'>·</span>Eel</p>"
        "<p><b onclick='alert(1)'>bold</b><script>alert(1)</script><img src=x onerror=alert(1)></p></body></html>"
    )
    writing.evaluate(PASTE, [pasted, "Catch"])
    expect(story(writing).get_by_role("heading", name="Catch")).to_be_visible()
    assert saved(writing) == "<h2>Catch</h2>\n<ul><li>Cod</li><li>Eel</li></ul>\n<p><strong>bold</strong></p>"


def test_a_videos_address_pasted_alone_becomes_a_card(writing: Page) -> None:
    begin(writing)
    writing.evaluate(PASTE, ["", "https://youtu.be/dQw4w9WgXcQ"])
    assert saved(writing) == '<figure data-embed="https://youtu.be/dQw4w9WgXcQ"></figure>'


def test_words_are_counted_and_what_was_done_is_undone(writing: Page) -> None:
    keys = writing.keyboard
    begin(writing)
    keys.type("One two three-four")
    expect(writing.get_by_text("3 words · 1 min read")).to_be_visible()
    keys.press("Control+z")
    expect(writing.get_by_text("0 words")).to_be_visible()
    keys.press("Control+Shift+z")
    expect(writing.get_by_text("3 words · 1 min read")).to_be_visible()


def test_without_script_the_story_is_a_text_area_and_cleaned_all_the_same(open_page: OpenPage, cast: Cast) -> None:
    page = open_page(script=False)
    enter(page, cast.editor.email)
    page.goto("/admin/articles/article/add/")
    page.fill("#id_headline", "Plain")
    page.fill("#id_body", "<h1>Old ways</h1><script>alert(1)</script><p onclick=x>work")
    assert saved(page) == "<h2>Old ways</h2>\n<p>work</p>"


FULL = (
    "<p>The first boats came in before six, and by <strong>half past seven</strong> the quay was full. "
    '<a href="https://example.org/">Nobody</a> had expected it.</p><h2>What they brought</h2>'
    "<ul><li>Cod, mostly</li><li>Herring</li></ul><blockquote><p>We knew the sea. It knew us.</p></blockquote>"
    '<figure data-image="{0}"></figure><figure data-gallery="{0},{1}" data-caption="A morning"></figure>'
    '<figure data-embed="https://www.youtube.com/watch?v=dQw4w9WgXcQ" data-title="The boats, filmed"></figure>'
    "<table><thead><tr><th>Fish</th><th>2025</th></tr></thead><tbody><tr><td>Cod</td><td>4</td></tr></tbody></table>"
    "<p>And then they left.</p>"
)


def test_the_editor_is_accessible_in_every_look(writing: Page, library: list[Image]) -> None:
    text = FULL.format(library[0].pk, library[1].pk)
    writing.evaluate(
        "(html) => document.querySelector('#id_body').closest('.story-editor')"
        ".querySelector('.story-text').editor.commands.setContent(html, {emitUpdate: true})",
        text,
    )
    expect(writing.get_by_role("textbox", name="Caption of the gallery")).to_have_value("A morning")
    for look in looks(writing):
        picture(writing, f"editor-{look}")
        assert axe(writing, within=".story-editor") == [], look
    tool(writing, "Gallery").click()
    expect(writing.get_by_role("button", name="Harbour")).to_be_visible()
    for look in looks(writing):
        picture(writing, f"editor-pictures-{look}")
        assert axe(writing, within=".story-dialog") == [], look
    assert Article.objects.count() == 0
