"""Nothing typed is ever lost: a dead server, a sign-out, a closed tab, a colleague who was faster."""

import re

import pytest
from playwright.sync_api import Locator, Page, expect

from articles import revisions
from articles.models import Article, WorkingCopy
from articles.state import WorkingState
from curation import picks
from tests.browser.conftest import OpenPage
from tests.browser.visiting import axe, enter, looks, picture
from tests.browser.watching import Watch
from tests.conftest import PASSWORD, Cast
from tests.factories import make_article, make_section

pytestmark = pytest.mark.django_db(transaction=True)

AT_HAND = 600
"""Milliseconds after which the browser has kept what was typed."""

STORY = "<p>The ferry is late.</p>\n<p>Nobody was told why.</p>\n<p>The next one sails at noon.</p>"


NAMED_ON_BOTH = """() => {
  const names = (fields) => new Set([...fields].map((field) => field.name));
  const form = document.querySelector("[data-together]").closest("form");
  const apart = names(form.querySelectorAll("[data-desk] [name]"));
  const own = names([...form.querySelectorAll("[name]")].filter((field) => !field.closest("[data-desk]")));
  return [...apart].filter((name) => own.has(name));
}"""


@pytest.fixture
def article(cast: Cast) -> Article:
    section = make_section("City")
    return revisions.create(WorkingState(headline="The ferry", section=section.pk, body=STORY), actor=cast.editor)


def form_at(page: Page, article: Article) -> str:
    address = f"/admin/articles/article/{article.pk}/change/"
    page.goto(address)
    return address


def story(page: Page) -> Locator:
    return page.get_by_role("textbox", name="Story")


def write(page: Page, headline: str, words: str) -> None:
    """Type a headline, and words at the end of the story's first paragraph."""
    page.fill("#id_headline", headline)
    story(page).locator("p").first.click()
    page.keyboard.press("End")
    page.keyboard.type(words)


def note(page: Page) -> Locator:
    return page.locator(".together__note", has_text="You have unsaved words of")


def newest(article: Article) -> WorkingState:
    return WorkingState.of(Article.objects.get(pk=article.pk))


def save(page: Page) -> None:
    page.get_by_role("button", name="Save", exact=True).click()


def test_words_outlive_a_server_that_dies_while_saving(page: Page, cast: Cast, article: Article, watch: Watch) -> None:
    enter(page, cast.editor.email)
    address = form_at(page, article)
    page.route("**/*", lambda route: route.abort())
    write(page, "Typed into the void", " And sinking.")
    save(page)
    page.unroute("**/*")
    watch.problems.clear()
    assert not WorkingCopy.objects.exists()
    form_at(page, article)
    expect(note(page)).to_be_visible()
    assert axe(page, within=".together") == []
    picture(page, "unsaved-words")
    note(page).get_by_role("button", name="Restore").click()
    page.wait_for_url("**/change/?copy=*")
    expect(page.locator("#id_headline")).to_have_value("Typed into the void")
    expect(story(page)).to_contain_text("And sinking.")
    save(page)
    page.wait_for_url(f"**{address}")
    assert newest(article).headline == "Typed into the void"
    assert "And sinking." in newest(article).body
    expect(note(page)).to_have_count(0)
    expect(page.locator(".together__state")).to_have_text("")
    assert page.evaluate("Object.keys(localStorage).filter((key) => key.startsWith('newsroom:unsaved')).length") == 0


def test_a_pick_that_is_looked_at_is_nothing_unsaved(page: Page, cast: Cast, article: Article, watch: Watch) -> None:
    picks.pick(article, make_article("Beside it"), actor=cast.editor)
    enter(page, cast.editor.email)
    form_at(page, article)
    expect(page.locator("#picks [name^=note-]")).to_have_count(1)
    assert page.evaluate(NAMED_ON_BOTH) == [], "the form leaves out by name what saves by itself"
    page.locator("#picks [data-more] summary").click()
    page.locator("#picks [name^=note-]").fill("Only for the desk")
    page.wait_for_timeout(AT_HAND)
    expect(page.locator(".together__state")).to_have_text("")
    page.locator("#id_headline").fill("And now something")
    expect(page.locator(".together__state")).to_contain_text("Unsaved")
    page.locator("#picks [name^=note-]").fill("")
    save(page)


def test_words_outlive_a_sign_out_in_another_tab(page: Page, cast: Cast, article: Article, watch: Watch) -> None:
    enter(page, cast.editor.email)
    address = form_at(page, article)
    other = page.context.new_page()
    other.goto("/admin/")
    other.locator("#logout-form button").first.click()
    other.wait_for_load_state()
    write(page, "Typed while signed out", " Still here.")
    save(page)
    page.wait_for_url("**/login/**")
    page.fill("input[name=login]", cast.editor.email)
    page.fill("input[name=password]", PASSWORD)
    page.locator("form:has(input[name=password]) [type=submit]").click()
    page.wait_for_url(f"**{address}")
    note(page).get_by_role("button", name="Restore").click()
    page.wait_for_url("**/change/?copy=*")
    expect(page.locator("#id_headline")).to_have_value("Typed while signed out")
    expect(story(page)).to_contain_text("Still here.")
    page.context.clear_cookies()
    enter(page, cast.chief.email)  # the same browser, somebody else: nothing is offered to them
    form_at(page, article)
    expect(page.locator("[data-window]").first).to_be_attached()
    expect(note(page)).to_have_count(0)
    watch.problems.clear()


def test_whoever_is_second_to_save_joins_both_texts(
    page: Page, open_page: OpenPage, cast: Cast, article: Article, watch: Watch
) -> None:
    enter(page, cast.editor.email)
    form_at(page, article)
    write(page, "The editor's ferry", " Says the editor.")
    expect(page.locator(".together__state")).to_have_text(re.compile(r"Unsaved, kept \d\d:\d\d:\d\d"))
    page.close()  # without saving

    chief = open_page()
    enter(chief, cast.chief.email)
    form_at(chief, article)
    write(chief, "The chief's ferry", " Says the chief.")
    save(chief)
    chief.wait_for_url("**/change/")

    page = open_page()
    enter(page, cast.editor.email)
    form_at(page, article)
    note(page).get_by_role("link", name="Restore").click()
    page.wait_for_url("**/change/?copy=*")
    expect(story(page)).to_contain_text("Says the editor.")
    expect(page.locator("[data-newer-words]")).to_contain_text("Chiara Chief saved a newer version")
    expect(page.locator("[data-here]")).to_contain_text("Chiara Chief")
    page.get_by_role("button", name="See theirs beside yours").click()
    heading = page.get_by_role("heading", level=1)
    expect(heading).to_contain_text("Chiara Chief saved this article at")
    for look in looks(page):
        assert axe(page) == []
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), look
        picture(page, f"two-versions-{look}")
    page.get_by_role("group", name="Headline").get_by_text("Mine").click()
    page.get_by_role("group", name="Story").get_by_text("Both: theirs first, then mine").click()
    page.get_by_role("button", name="Save the joined article").click()
    page.wait_for_url("**/change/")
    joined = newest(article)
    assert joined.headline == "The editor's ferry"
    assert "Says the chief." in joined.body
    assert "Says the editor." in joined.body
    assert not WorkingCopy.objects.exists()
    watch.problems.clear()


def test_without_script_two_versions_are_joined_as_well(open_page: OpenPage, cast: Cast, article: Article) -> None:
    page = open_page(script=False)
    enter(page, cast.editor.email)
    form_at(page, article)
    page.fill("#id_headline", "Mine")
    revisions.save(article, newest(article).with_(headline="Theirs", standfirst="Theirs."), actor=cast.chief, base=1)
    save(page)
    page.get_by_role("group", name="Headline").get_by_text("Mine", exact=True).first.click()
    page.get_by_role("button", name="Save the joined article").click()
    page.wait_for_load_state()
    assert (newest(article).headline, newest(article).standfirst) == ("Mine", "Theirs.")
