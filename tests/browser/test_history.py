"""A story's way through other hands in a real browser: compared, restored, shown outside, approved."""

import re

import pytest
from playwright.sync_api import expect

from articles import publishing, revisions
from articles.models import Article, PreviewAnswer
from articles.state import WorkingState
from tests.browser.conftest import OpenPage
from tests.browser.visiting import axe, enter, looks, picture
from tests.conftest import Cast
from tests.factories import make_section

pytestmark = pytest.mark.django_db(transaction=True)

SCREENS = ("history/", "history/compare/", "history/1/restore/", "preview/2/", "outside/")


@pytest.fixture
def story(cast: Cast) -> Article:
    """Published, and rewritten since."""
    state = WorkingState(headline="The tram is late", section=make_section().pk, body="<p>It is late again.</p>")
    article = revisions.create(state, actor=cast.editor)
    publishing.publish(article, actor=cast.editor)
    revisions.save(article, state.with_(headline="The tram is never late", tags=("trams",)), actor=cast.editor)
    return article


def test_a_draft_is_compared_restored_shown_outside_and_approved(
    open_page: OpenPage, cast: Cast, story: Article
) -> None:
    desk = open_page()
    enter(desk, cast.editor.email)
    desk.goto(f"/admin/articles/article/{story.pk}/change/")
    desk.get_by_role("link", name="changes readers do not see yet").click()
    expect(desk.locator("ins").first).to_contain_text("never")
    desk.get_by_role("link", name=re.compile("Restore revision 1")).click()
    desk.get_by_role("button", name="Restore it").click()
    expect(desk.locator("#id_headline")).to_have_value("The tram is late")
    desk.get_by_role("link", name="Make a link for somebody").click()
    desk.get_by_label("For whom").fill("Marit Solvang")
    desk.get_by_role("button", name="Make the link").click()
    address = desk.get_by_label("Copy it now").input_value()

    outside = open_page(device="phone", scheme="dark", script=False)
    outside.goto(address)
    expect(outside.get_by_role("heading", level=1)).to_have_text("The tram is late")
    assert outside.context.cookies() == []
    outside.get_by_role("link", name="Give your answer").click()
    outside.get_by_label("Your name").fill("Marit Solvang")
    outside.get_by_label("I approve it").check()
    outside.get_by_role("button", name="Send the answer").click()
    expect(outside.locator("#answer")).to_contain_text("Marit Solvang: approved")
    assert list(PreviewAnswer.objects.values_list("revision__number", flat=True)) == [3]

    desk.goto(f"/admin/articles/article/{story.pk}/outside/")
    expect(desk.locator(".outside-answer")).to_contain_text("of revision 3")
    desk.get_by_role("button", name=re.compile("Revoke")).click()
    expect(desk.get_by_text("None. Nobody outside")).to_be_visible()


@pytest.mark.site
def test_every_screen_is_accessible_in_every_look(open_page: OpenPage, cast: Cast, story: Article) -> None:
    page = open_page()
    enter(page, cast.editor.email)
    for screen in SCREENS:
        page.goto(f"/admin/articles/article/{story.pk}/{screen}")
        for look in looks(page):
            assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), (screen, look)
            picture(page, f"history-{screen.strip('/').replace('/', '-')}-{look}")
            assert axe(page) == [], (screen, look)


@pytest.mark.site
def test_the_frame_is_as_wide_as_asked_for(open_page: OpenPage, cast: Cast, story: Article) -> None:
    page = open_page()
    enter(page, cast.editor.email)
    page.goto(f"/admin/articles/article/{story.pk}/preview/")
    frame = page.frame_locator(".preview__frame")
    expect(frame.get_by_role("heading", level=1)).to_have_text("The tram is never late")
    inner = page.frames[1]
    for name, width in (("a phone", 388), ("a tablet", 818), ("a desktop", 1278)):
        page.get_by_label(name).check()
        assert abs(inner.evaluate("innerWidth") - width) <= 2, name
