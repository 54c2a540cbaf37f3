"""A newcomer's first illustrated story: what they do, counted, and how long a person takes for it."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

from articles import revisions
from articles.models import Article, DeskMembership
from articles.state import WorkingState
from images.models import Image
from tests.browser.test_whole_story import _disk, photograph  # noqa: F401 - fixtures
from tests.browser.visiting import axe, looks, picture, sign_in
from tests.conftest import PASSWORD, Cast
from tests.factories import make_author, make_section

pytestmark = pytest.mark.django_db(transaction=True)

HEADLINE = "The harbour’s last crane comes down at dawn"
STANDFIRST = "For 61 years it lifted everything the city ate."
STORY = "At six the cutters began. By noon the quay was empty. The port says it needs the room for ferries."
ALT = "A crane over dark water at sunrise"

KEY, POINT, PRESS, HOME, THINK = 0.28, 1.1, 0.2, 0.4, 1.35
"""Seconds for a keystroke of an average typist, for pointing, for a click, for a hand going from keyboard to mouse or
back, and for making up one's mind: Card, Moran and Newell's keystroke-level model."""

MOST_ACTIONS = 15
MOST_SECONDS = 180


@dataclass
class Hands:
    """Does on the page what a person does, and counts it."""

    page: Page
    actions: int = 0
    seconds: float = 0.0

    def click(self, where: Locator) -> None:
        where.click()
        self.actions += 1
        self.seconds += THINK + HOME + POINT + PRESS

    def type(self, text: str) -> None:
        self.page.keyboard.type(text)
        self.actions += 1
        self.seconds += THINK + HOME + KEY * len(text)

    def tab(self) -> None:
        self.page.keyboard.press("Tab")
        self.actions += 1
        self.seconds += KEY

    def choose(self, button: Locator, file: Path) -> None:
        """A file, in the system's own dialog: find it, click it, open it."""
        with self.page.expect_file_chooser() as chooser:
            self.click(button)
        chooser.value.set_files(file)
        self.actions += 2
        self.seconds += 2 * (THINK + POINT + PRESS) + 5 * THINK


def test_a_newcomer_publishes_an_illustrated_story_in_under_three_minutes(
    page: Page,
    cast: Cast,
    photograph: Path,  # noqa: F811
) -> None:
    city = make_section("City")
    make_section("Sport")
    DeskMembership.objects.create(user=cast.editor, section=city)
    make_author("Edda Editor", user=cast.editor)
    sign_in(page, cast.editor.email)
    hands = Hands(page, actions=3, seconds=3 * THINK + 2 * HOME + KEY * len(cast.editor.email + PASSWORD) + POINT)

    hands.click(page.get_by_role("link", name="New article").first)
    expect(page.locator("#id_headline")).to_be_focused()
    hands.type(HEADLINE)
    hands.tab()
    hands.type(STANDFIRST)
    hands.click(page.locator(".story-text"))
    hands.type(STORY)
    hands.choose(page.get_by_role("button", name="Upload a picture…"), photograph)
    expect(page.get_by_label("What it shows")).to_be_focused()
    hands.type(ALT)
    hands.click(page.get_by_role("button", name="Upload and use it"))
    expect(page.locator(".lead-preview")).to_be_visible()
    hands.click(page.get_by_role("button", name="Publish", exact=True))
    expect(page.locator(".messagelist .success")).to_contain_text("is published.")

    story = Article.objects.public().get()
    assert (story.headline, story.section, story.body_text) == (HEADLINE, city, STORY)
    assert (story.lead_picture, story.lead_picture and story.lead_picture.alt) == (Image.objects.get(), ALT)
    assert [byline.author.name for byline in story.bylines.all()] == ["Edda Editor"]
    print(f"{hands.actions} actions, {hands.seconds:.0f} seconds")  # noqa: T201 - for docs/editors.md
    assert hands.actions <= MOST_ACTIONS
    assert hands.seconds < MOST_SECONDS


def test_a_line_is_mended_waived_and_looked_at_again(page: Page, cast: Cast) -> None:
    make_section("City")
    sign_in(page, cast.editor.email)
    page.goto("/admin/articles/article/add/")
    page.fill("#id_headline", "The TK shop closes for good")
    page.get_by_role("button", name="Publish", exact=True).click()
    expect(page.get_by_text("Saved, but not published: see above.")).to_be_visible()
    page.locator("#checklist").get_by_role("link", name="The story is empty.").click()
    expect(page.locator(".story-text")).to_be_focused()
    page.keyboard.type("It closes on Friday.")
    page.locator("#checklist").get_by_role("link", name="Waive…").click()
    for look in looks(page):
        assert axe(page, within="dialog") == [], look
        picture(page, f"waive-{look}")
    page.get_by_label("Why it may stay").fill("It is the name of the shop.")
    page.get_by_role("button", name="Waive it").click()
    expect(page.locator("#checklist")).to_contain_text("Waived by Edda Editor")
    expect(page.get_by_role("link", name="Check again")).to_be_focused()
    expect(page.locator(".story-text")).to_have_text("It closes on Friday.")  # what was typed is still there
    page.get_by_role("button", name="Publish", exact=True).click()
    expect(page.locator(".messagelist .success")).to_contain_text("is published.")


def test_check_again_looks_at_what_is_typed_and_saves_nothing(page: Page, cast: Cast) -> None:
    make_section("City")
    sign_in(page, cast.editor.email)
    page.goto("/admin/articles/article/add/")
    page.fill("#id_headline", "The bridge opens again")
    page.get_by_role("button", name="Save", exact=True).click()
    checklist, again = page.locator("#checklist"), page.get_by_role("link", name="Check again")
    expect(checklist).to_contain_text("The story is empty.")
    page.locator(".story-text").click()
    page.keyboard.type("It opens on Friday, says TK.")
    again.click()
    expect(checklist).to_contain_text("Looked at the words in this form, which are not saved yet.")
    expect(checklist).not_to_contain_text("The story is empty.")
    expect(checklist).to_contain_text("TK")
    expect(again).to_be_focused()
    assert "Friday" not in WorkingState.of(Article.objects.get()).body
    for look in looks(page):
        assert axe(page, within="#checklist") == [], look
        picture(page, f"check-typed-{look}")
    revisions.save(Article.objects.get(), WorkingState(headline="Another wrote this"), actor=cast.chief)
    page.locator(".story-text").click()
    page.keyboard.type(" So it is.")
    again.click()
    expect(checklist).to_contain_text("What is typed here was not looked at")


def test_without_script_lines_are_waived_on_a_page(open_page: Any, cast: Cast) -> None:
    make_section("City")
    page = open_page(script=False)
    sign_in(page, cast.editor.email)
    page.goto("/admin/articles/article/add/")
    page.fill("#id_headline", "The TK shop closes for good")
    page.fill("#id_body", "<p>It closes.</p>")
    page.click("[name=_publish]")
    page.locator("#checklist").get_by_role("link", name="Waive…").click()
    page.get_by_label("Why it may stay").fill("It is the name of the shop.")
    page.get_by_role("button", name="Waive it").click()
    expect(page.locator("#checklist")).to_contain_text("Waived by Edda Editor")
    page.locator("#checklist").get_by_role("link", name="Withdraw").click()
    page.get_by_role("button", name="Withdraw the waiver").click()
    expect(page.locator("#checklist")).to_contain_text("1 thing needed")
