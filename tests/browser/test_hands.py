"""Notes beside the story, and the steps from hand to hand, in a real browser."""

from typing import Any

import pytest
from playwright.sync_api import Dialog, Page, Route, expect

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


def test_a_half_written_note_outlives_a_reload_and_goes_once_sent(page: Page, waiting: Article, cast: Cast) -> None:
    talk = notes.write_note(waiting, actor=cast.chief, text="Who counted?")
    address = f"/admin/articles/article/{waiting.pk}/change/"
    field = panel(page).locator("[data-text]")
    enter(page, cast.editor.email)
    page.goto(address)
    panel(page).get_by_role("button", name="Answer").click()
    field.fill("A reader <b>did</b>, and")
    page.locator("[name=headline]").fill("Typed")
    with page.expect_navigation():
        page.locator("[name=_continue]").first.click()
    expect(field).to_have_value("A reader <b>did</b>, and")
    expect(panel(page).locator("[data-label]")).to_have_text("Your answer")
    notes.resolve(talk, actor=cast.chief)
    page.reload()
    expect(field).to_have_value("A reader <b>did</b>, and")
    expect(panel(page).locator("[data-label]")).to_have_text("Write a note")
    panel(page).get_by_role("button", name="Leave the note").click()
    expect(field).to_have_value("")
    page.reload()
    expect(panel(page)).to_contain_text("A reader <b>did</b>, and")
    expect(field).to_have_value("")


def test_a_half_written_note_is_nobody_elses(page: Page, waiting: Article, cast: Cast) -> None:
    address = f"/admin/articles/article/{waiting.pk}/change/"
    field = panel(page).locator("[data-text]")
    enter(page, cast.editor.email)
    page.goto(address)
    field.fill("Mine")
    for person, seen in ((cast.chief, ""), (cast.editor, "Mine")):
        page.context.clear_cookies()
        enter(page, person.email)
        page.goto(address)
        expect(panel(page).locator(".notes__write")).to_be_visible()
        expect(field).to_have_value(seen)
    assert page.evaluate("Object.keys(localStorage).filter((key) => key.startsWith('newsroom:note:')).length") == 1


def test_a_browser_that_keeps_nothing_asks_before_a_note_is_left_behind(
    page: Page, waiting: Article, cast: Cast
) -> None:
    page.add_init_script("""
        const set = Storage.prototype.setItem;
        Storage.prototype.setItem = function (key, value) {
            if (key.startsWith("newsroom:")) throw new Error("full");
            set.call(this, key, value);
        };
    """)
    asked: list[str] = []

    def agree(dialog: Dialog) -> None:
        asked.append(dialog.type)
        dialog.accept()

    page.on("dialog", agree)
    enter(page, cast.editor.email)
    page.goto(f"/admin/articles/article/{waiting.pk}/change/")
    panel(page).locator("[data-text]").click()
    page.keyboard.type("Half")
    page.goto("/admin/")
    assert asked == ["beforeunload"]


def test_what_is_typed_while_a_note_is_sent_stays_and_it_is_sent_once(page: Page, waiting: Article, cast: Cast) -> None:
    enter(page, cast.editor.email)
    page.goto(f"/admin/articles/article/{waiting.pk}/change/")
    held: list[Route] = []

    def hold(route: Route) -> None:
        held.append(route)

    page.route("**/notes/", hold)
    field = panel(page).locator("[data-text]")
    field.fill("Who counted?")
    panel(page).get_by_role("button", name="Leave the note").dblclick()
    field.fill("Who counted? And when?")
    for route in held:
        route.continue_()
    expect(panel(page).locator("[data-said]")).to_have_text("Noted. Whoever is concerned gets a mail.")
    expect(field).to_have_value("Who counted? And when?")
    assert [note.text for note in EditorialNote.objects.all()] == ["Who counted?"]


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
