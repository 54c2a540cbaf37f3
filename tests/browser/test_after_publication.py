"""What the desk does after publication, in a real browser: correct, merge, delete and take it back."""

from playwright.sync_api import Page, expect

from articles import corrections, revisions
from articles.models import Article, CorrectionKind, Tag
from articles.state import WorkingState
from tests.browser.visiting import axe, enter, looks, picture
from tests.conftest import Cast
from tests.factories import give_tags, make_article, make_section


def test_a_story_is_corrected_then_merged_into_another(page: Page, transactional_db: None, cast: Cast) -> None:
    short, full = make_article("The ferry is back"), make_article("The ferry returns")
    enter(page, cast.chief.email)
    page.goto(f"/admin/articles/article/{short.pk}/change/")
    page.get_by_role("link", name="Correct, clarify, update…").click()
    page.get_by_label("Clarification: something could be misread").check()
    page.get_by_label("What was wrong, and what is right").fill("It sails on weekdays.")
    page.get_by_role("button", name="Put it on the story").click()
    expect(page.locator(".note__text")).to_have_text("It sails on weekdays.")
    page.goto(f"/admin/articles/article/{short.pk}/take-down/")
    expect(page.get_by_label("or paste its address")).to_be_hidden()
    page.get_by_label("to another story").check()
    page.get_by_label("or paste its address").fill(full.get_absolute_url())
    page.get_by_role("button", name="Take it down").click()
    expect(page.locator(".messagelist")).to_contain_text("sent to “The ferry returns”")
    page.goto(short.get_absolute_url())
    assert page.url.endswith(full.get_absolute_url())


def test_what_is_deleted_is_taken_back_by_keyboard(page: Page, transactional_db: None, cast: Cast) -> None:
    give_tags(make_article(), "trams")
    tag = Tag.objects.get()
    enter(page, cast.chief.email)
    page.goto(f"/admin/articles/tag/{tag.pk}/delete/")
    page.get_by_role("button", name="Put it into the bin").press("Enter")
    undo = page.get_by_role("button", name="Undo")
    undo.focus()
    page.keyboard.press("Enter")
    page.wait_for_url(f"**/admin/articles/tag/{tag.pk}/change/")
    assert Tag.objects.get().tagged.count() == 1


def test_the_screens_are_accessible_in_every_look(page: Page, transactional_db: None, cast: Cast) -> None:
    story = make_article()
    for kind in CorrectionKind:
        corrections.add(story, kind, f"A {kind} of some length.", actor=cast.editor)
    draft = revisions.create(WorkingState(headline="Dropped", section=make_section().pk), actor=cast.editor)
    revisions.discard(draft, actor=cast.chief)
    enter(page, cast.chief.email)
    desk = f"/admin/articles/article/{story.pk}/"
    addresses = {
        "corrections": "/corrections/",
        "noted-story": story.get_absolute_url(),
        "notes": f"{desk}corrections/",
        "onward": f"{desk}onward/",
        "take-down": f"{desk}take-down/",
        "bin": "/admin/wastebin/binned/",
        "redirect": "/admin/articles/redirect/add/",
        "held": f"/admin/articles/section/{story.section_id}/delete/",
    }
    for look in looks(page):
        for name, address in addresses.items():
            page.goto(address)
            picture(page, f"after-{name}-{look}")
            assert axe(page) == [], (name, look)
            assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), (name, look)
    assert Article.objects.count() == 1
