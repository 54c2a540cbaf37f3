"""The admin's own look: accessible in every look, and what its small modules add."""

import re
from collections.abc import Callable

import pytest
from django.test import Client
from playwright.sync_api import Page, expect

from articles import publishing, revisions
from articles.models import Article
from articles.state import WorkingState
from comments.models import State
from curation import picks
from people.models import User
from tests.browser.conftest import OpenPage
from tests.browser.visiting import axe, enter, looks, picture, sign_in
from tests.conftest import Cast
from tests.factories import give_tags, make_article, make_comment, make_section

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def story(cast: Cast) -> Article:
    """A published article with changes readers do not see, a comment that waits, and a draft."""
    section = make_section("City")
    state = WorkingState(
        headline="The last tram leaves at midnight", section=section.pk, body="<p>It does.</p>", tags=("Trams", "Night")
    )
    article = publishing.publish(revisions.create(state, actor=cast.editor), actor=cast.editor)
    revisions.save(article, state.with_(standfirst="And not a minute later."), actor=cast.editor)
    revisions.create(state.with_(headline="A draft about ferries"), actor=cast.editor)
    make_comment(article, state=State.PENDING)
    others = [make_article(f"Another tram, number {number}") for number in range(7)]  # more than the start page shows
    picks.pick(article, others[0], actor=cast.editor)
    return article


def no_sideways(page: Page) -> bool:
    return bool(page.evaluate("document.documentElement.scrollWidth <= innerWidth"))


SCREENS: dict[str, Callable[[Article], str]] = {
    "start": lambda _story: "/admin/",
    "article-list": lambda _story: "/admin/articles/article/",
    "article-new": lambda _story: "/admin/articles/article/add/",
    "article-edit": lambda story: f"/admin/articles/article/{story.pk}/change/",
    "article-history": lambda story: f"/admin/articles/article/{story.pk}/history/",
    "article-delete": lambda story: f"/admin/articles/article/{story.pk + 1}/delete/",
    "section-edit": lambda story: f"/admin/articles/section/{story.section_id}/change/",
    "password": lambda _story: "/admin/account/password/change/",
}


@pytest.mark.parametrize("screen", SCREENS)
def test_the_desk_is_accessible_in_every_look(page: Page, cast: Cast, story: Article, screen: str) -> None:
    person = cast.chief if screen == "section-edit" else cast.editor
    enter(page, person.email)
    page.goto(SCREENS[screen](story))
    page.wait_for_load_state("networkidle")
    for look in looks(page):
        assert axe(page) == [], look
        assert no_sideways(page), look
        picture(page, f"desk-{screen}-{look}")


@pytest.mark.parametrize("door", ["login", "password/reset", "password/reset/done"])
def test_the_doors_are_accessible_in_every_look(page: Page, door: str) -> None:
    page.goto(f"/admin/account/{door}/")
    for look in looks(page):
        assert axe(page) == [], look
        assert no_sideways(page), look
        picture(page, f"door-{door.replace('/', '-')}-{look}")


def test_the_page_for_accounts_without_a_desk_is_accessible(page: Page, cast: Cast) -> None:
    User.objects.filter(pk=cast.editor.pk).update(is_staff=False)
    sign_in_without_desk(page, cast.editor.email)
    assert axe(page) == []


def sign_in_without_desk(page: Page, email: str) -> None:
    client = Client()
    client.force_login(User.objects.get(email=email))
    cookie = client.cookies["sessionid"]
    page.context.add_cookies([{"name": "sessionid", "value": cookie.value, "domain": "localhost", "path": "/admin/"}])
    page.goto("/admin/")
    expect(page.get_by_role("heading", level=1)).to_have_text("No desk for this account")


def test_the_theme_switch_of_the_admin_still_works(page: Page, cast: Cast) -> None:
    enter(page, cast.editor.email)
    page.goto("/admin/")
    page.emulate_media(color_scheme="light")
    background = "getComputedStyle(document.body).backgroundColor"
    light = page.evaluate(background)
    toggle = page.locator("#user-tools .theme-toggle")
    toggle.click()
    assert page.evaluate("document.documentElement.dataset.theme") == "dark"
    assert page.evaluate(background) != light
    toggle.click()
    assert page.evaluate("document.documentElement.dataset.theme") == "light"
    assert page.evaluate(background) == light


def test_tags_are_chosen_by_keyboard_from_suggestions(page: Page, cast: Cast, story: Article) -> None:
    give_tags(make_article("Another"), "Harbour", "Harvest")
    enter(page, cast.editor.email)
    page.goto(f"/admin/articles/article/{story.pk}/change/")
    field = page.get_by_role("combobox", name="Tags")
    field.press_sequentially("har")
    expect(page.locator(".tagbox__list").get_by_role("option")).to_have_count(2)
    field.press("ArrowDown")
    field.press("ArrowDown")
    field.press("Enter")
    expect(page.locator(".tagbox__chips li")).to_have_count(3)
    field.press_sequentially("Something new,")
    page.get_by_role("button", name="Remove Trams").click()
    assert axe(page, within=".tagbox") == []
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.locator(".messagelist .success")).to_be_visible()
    story.refresh_from_db()
    assert list(WorkingState.of(story).tags) == ["Night", "Harvest", "Something new"]


def test_without_script_tags_are_typed_between_commas(open_page: OpenPage, cast: Cast, story: Article) -> None:
    page = open_page(script=False)
    enter(page, cast.editor.email)
    page.goto(f"/admin/articles/article/{story.pk}/change/")
    page.get_by_label("Tags").fill("Ferries, Night")
    page.get_by_role("button", name="Save", exact=True).click()
    story.refresh_from_db()
    assert list(WorkingState.of(story).tags) == ["Ferries", "Night"]


def test_the_headline_counts_its_characters(page: Page, cast: Cast) -> None:
    enter(page, cast.editor.email)
    page.goto("/admin/articles/article/add/")
    page.fill("#id_headline", "x" * 91)
    counter = page.locator("#id_headline + .counter")
    expect(counter).to_have_text("91 / 90")
    expect(counter).to_have_class(re.compile("counter--over"))


def test_the_buttons_that_save_stay_in_sight(page: Page, cast: Cast, story: Article) -> None:
    enter(page, cast.editor.email)
    page.goto(f"/admin/articles/article/{story.pk}/change/")
    for _look in looks(page):
        expect(page.get_by_role("button", name="Publish changes")).to_be_in_viewport()


def test_a_menu_longer_than_the_screen_is_within_reach_on_short_and_long_pages(page: Page, cast: Cast) -> None:
    for number in range(40):
        revisions.create(WorkingState(headline=f"A {number}"), actor=cast.chief)
    enter(page, cast.administrator.email)
    page.set_viewport_size({"width": 1280, "height": 500})
    for address in (f"/admin/people/user/{cast.editor.pk}/access/", "/admin/articles/article/"):
        page.goto(address)
        last = page.locator("#rooms a").last
        box = last.bounding_box()
        assert box is not None
        page.mouse.wheel(0, box["y"] - 400)
        expect(last).to_be_in_viewport()
        menu, beside = (page.locator(name).bounding_box() for name in ("#rooms", "#rooms + .content"))
        assert menu is not None
        assert beside is not None
        assert beside["y"] + beside["height"] >= menu["y"] + menu["height"], "the line between them goes all the way"


def test_on_a_phone_the_menu_leads_everywhere_and_filters_are_folded(
    open_page: OpenPage, cast: Cast, story: Article
) -> None:
    page = open_page(device="phone")
    enter(page, cast.editor.email)
    page.goto("/admin/")
    page.get_by_text("Menu", exact=True).click()
    page.get_by_role("link", name="All articles").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Articles")
    expect(page.locator("#changelist-filter")).not_to_be_visible()


def test_a_colleague_finds_the_edit_link_on_the_readers_page_until_they_sign_out(
    page: Page, cast: Cast, story: Article
) -> None:
    sign_in(page, cast.editor.email)
    page.goto(story.get_absolute_url())
    page.get_by_role("link", name="Edit this article").click()
    expect(page).to_have_url(re.compile(rf"/admin/articles/article/{story.pk}/change/$"))
    page.get_by_role("button", name="Sign out").click()
    page.wait_for_url("**/login/**")
    page.goto(story.get_absolute_url())
    page.wait_for_load_state("networkidle")
    expect(page.locator(".edit-link")).to_have_count(0)


@pytest.mark.parametrize(("answer", "public"), [("Leave it as it is", True), ("Take it down", False)])
@pytest.mark.parametrize("script", [True, False])
def test_taking_down_asks_first(
    open_page: OpenPage, cast: Cast, story: Article, answer: str, public: bool, script: bool
) -> None:
    page = open_page(script=script)
    enter(page, cast.editor.email)
    page.goto(f"/admin/articles/article/{story.pk}/change/")
    page.get_by_role("button", name="Take down").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Take this article down?")
    page.get_by_role("link" if public else "button", name=answer, exact=True).click()
    expect(page).to_have_url(re.compile(rf"/admin/articles/article/{story.pk}/change/$"))
    assert Article.objects.public().filter(pk=story.pk).exists() is public
