"""Notes beside the story, and the steps from hand to hand, in a real browser."""

from typing import Any

import pytest
from playwright.sync_api import Page, expect

from articles import notes, publishing, revisions
from articles.models import Article, EditorialNote, Handover, Status
from articles.state import WorkingState
from tests.browser.conftest import OpenPage
from tests.browser.visiting import axe, enter, looks
from tests.conftest import Cast
from tests.factories import make_section


@pytest.fixture
def waiting(transactional_db: None, cast: Cast) -> Article:
    state = WorkingState(headline="The tram is late", section=make_section().pk, body="<p>Eleven trams were late.</p>")
    article = revisions.create(state, actor=cast.contributor)
    publishing.submit_for_review(article, actor=cast.contributor)
    return article


def panel(page: Page) -> Any:
    return page.locator("#notes")


def test_notes_are_written_about_marked_words_while_the_form_keeps_what_is_typed(
    page: Page, waiting: Article, cast: Cast
) -> None:
    enter(page, cast.editor.email)
    page.goto(f"/admin/articles/article/{waiting.pk}/change/")
    page.fill("[name=headline]", "Typed, not saved")
    page.locator(".ProseMirror p").first.click()
    page.keyboard.press("Home")
    page.keyboard.press("Shift+End")
    expect(panel(page).locator("[data-quote]")).to_have_text("Eleven trams were late.")
    panel(page).get_by_label("Write a note").fill("Who counted?")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(panel(page).locator("[data-said]")).to_have_text("Noted. Whoever is concerned gets a mail.")
    note = EditorialNote.objects.get()
    assert (note.text, note.quote) == ("Who counted?", "Eleven trams were late.")
    panel(page).get_by_role("button", name="Answer").click()
    panel(page).get_by_label("Your answer").fill("A reader did.")
    panel(page).get_by_role("button", name="Leave the note").click()
    expect(panel(page).locator(".talk__answer")).to_contain_text("A reader did.")
    panel(page).get_by_role("button", name="Resolve").click()
    expect(panel(page)).to_contain_text("No open notes.")
    assert page.input_value("[name=headline]") == "Typed, not saved"


def test_a_story_is_sent_back_and_handed_in_again_without_script(
    open_page: OpenPage, waiting: Article, cast: Cast
) -> None:
    page = open_page(script=False)
    enter(page, cast.editor.email)
    page.goto(f"/admin/articles/article/{waiting.pk}/change/")
    page.get_by_role("button", name="Ask for changes…").click()
    page.get_by_label("What should change").fill("Who counted?")
    page.get_by_role("button", name="Ask for changes").click()
    expect(page.locator(".messagelist")).to_contain_text("is a draft again, with your note")
    assert Article.objects.get().status == Status.DRAFT
    assert Handover.objects.latest("id").note == "Who counted?"


def test_every_screen_is_clean_in_every_look(page: Page, waiting: Article, cast: Cast) -> None:
    notes.write_note(waiting, actor=cast.chief, text="Who counted?", quote="Eleven trams")
    enter(page, cast.chief.email)
    at = f"/admin/articles/article/{waiting.pk}"
    for address in ("/admin/", f"{at}/notes/", f"{at}/changes/", f"{at}/kill/"):
        page.goto(address)
        for look in looks(page):
            assert axe(page, within="#content") == [], (address, look)
    page.goto(f"{at}/change/")
    for look in looks(page):
        assert axe(page, within="#notes") == [], look
        assert axe(page, within=".article-buttons") == [], look
