"""Series and tags in a browser: suggestions by keyboard, parts in order, screens in every look."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from articles import publishing, revisions, series
from articles.models import Article, Series
from articles.publishing import tags_named
from articles.state import WorkingState
from tests.browser.visiting import axe, enter, looks, picture
from tests.conftest import Cast
from tests.factories import give_tags, make_article, make_section

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def story(cast: Cast) -> Article:
    """The second of three parts, which names two tags it does not carry; and two tags that look alike."""
    body = "<p>The ferry crosses the harbour again, says the harbour board of the old ferry.</p>"
    state = WorkingState(headline="The ferry is back", section=make_section().pk, body=body, tags=("Ships",))
    article = publishing.publish(revisions.create(state, actor=cast.editor), actor=cast.editor)
    give_tags(make_article("Another"), "ferry", "harbour", "tram")
    tags_named(["trams"])
    row = Series.objects.create(title="The harbour", slug="the-harbour")
    for part in (make_article("The first part"), article, make_article("The third part")):
        series.add(part, row, actor=None)
    return article


def test_tags_are_taken_from_the_story_by_keyboard_alone(page: Page, cast: Cast, story: Article) -> None:
    enter(page, cast.editor.email)
    page.goto(f"/admin/articles/article/{story.pk}/change/")
    page.get_by_role("combobox", name="Tags").focus()
    offered = page.locator(".proposals__one")
    expect(offered).to_have_count(2)
    expect(page.locator(".proposals__note")).to_have_text("Suggested tags: 2")
    page.keyboard.press("Tab")
    expect(page.get_by_role("button", name="Suggest from the story")).to_be_focused()
    for left in (1, 0):
        if left:
            page.keyboard.press("Tab")
        page.keyboard.press("Enter")
        expect(offered).to_have_count(left)
    expect(page.get_by_role("button", name="Suggest from the story")).to_be_focused()
    value = page.locator("input[data-tags]").input_value()
    assert set(value.split(", ")) == {"Ships", "ferry", "harbour"}


def test_a_reader_walks_through_the_series(page: Page, story: Article) -> None:
    page.goto(story.get_absolute_url())
    box = page.get_by_role("navigation", name="Part 2 of 3 in The harbour")
    box.get_by_text("All parts").click()
    expect(box.locator("ol").get_by_role("listitem")).to_have_count(3)
    box.get_by_role("link", name="Next part The third part").click()
    expect(page.locator("#series")).to_contain_text("Part 3 of 3")
    page.locator("#series-title a").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("The harbour")


SCREENS: dict[str, Callable[[Article], str]] = {
    "series-page": lambda _story: "/series/the-harbour/",
    "series-part": lambda story: story.get_absolute_url(),
    "series-edit": lambda _story: f"/admin/articles/series/{Series.objects.get().pk}/change/",
    "series-place": lambda story: f"/admin/articles/article/{story.pk}/series/",
    "tags-tidy": lambda _story: "/admin/articles/tag/tidy/",
    "tag-edit": lambda _story: f"/admin/articles/tag/{tags_named(['tram'])[0].pk}/change/",
    "tag-merge": lambda _story: "/admin/articles/tag/{}/merge/?into={}".format(
        *(tag.pk for tag in tags_named(["tram", "trams"]))
    ),
}


@pytest.mark.parametrize("screen", SCREENS)
def test_the_screens_are_accessible_in_every_look(page: Page, cast: Cast, story: Article, screen: str) -> None:
    enter(page, cast.editor.email)
    page.goto(SCREENS[screen](story))
    for look in looks(page):
        assert axe(page) == [], look
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), look
        picture(page, f"{screen}-{look}")
