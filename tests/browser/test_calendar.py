"""The calendar in a browser: by pointer, by keys, by the page without script; accessible in every look."""

from datetime import datetime, timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import Locator, Page, expect

from articles import publishing, revisions
from articles.models import Article
from articles.schedule import later
from articles.schedule.moving import move
from articles.state import WorkingState
from tests.browser.conftest import OpenPage
from tests.browser.visiting import axe, enter, looks
from tests.browser.watching import Watch
from tests.conftest import Cast
from tests.factories import make_section

pytestmark = pytest.mark.django_db(transaction=True)


def next_month(day: int) -> datetime:
    """Six in the evening on a day of the month after this one."""
    return (timezone.localtime().replace(day=28) + timedelta(days=7)).replace(
        day=day, hour=18, minute=0, second=0, microsecond=0
    )


def address(view: str = "month") -> str:
    return f"/admin/articles/article/calendar/?view={view}&on={next_month(10):%Y-%m-%d}"


@pytest.fixture
def story(cast: Cast) -> Article:
    """Scheduled for the tenth of next month, beside a draft that is late and a later change."""
    state = WorkingState(headline="The last tram", section=make_section().pk, body="<p>It leaves.</p>")
    past = timezone.now() - timedelta(days=1)
    revisions.create(state.with_(headline="A forgotten plan", publish_at=past), actor=cast.editor)
    live = publishing.publish(revisions.create(state.with_(headline="A live story"), actor=None), actor=None)
    newer = revisions.save(live, state.with_(headline="A live story, changed"), actor=cast.editor)
    later.schedule_change(live, newer, next_month(12), actor=cast.editor)
    plan = state.with_(publish_at=next_month(10))
    return publishing.publish(revisions.create(plan, actor=cast.editor), actor=cast.editor)


def on_day(page: Page, day: int) -> Locator:
    return page.locator(f"[data-day='{next_month(day):%Y-%m-%d}'] [data-entry]", has_text="The last tram")


def test_an_entry_is_dragged_to_another_day_and_taken_back(page: Page, cast: Cast, story: Article) -> None:
    enter(page, cast.editor.email)
    page.goto(address())
    entry = page.locator("[data-entry]", has_text="The last tram")
    entry.drag_to(page.locator(f"[data-day='{next_month(17):%Y-%m-%d}']"))
    expect(page.locator("[data-toast]")).to_contain_text(f"moved to {next_month(17):%A 17 %B %Y}, 18:00")
    expect(on_day(page, 17)).to_be_visible()
    story.refresh_from_db()
    assert story.publish_at == next_month(17)
    page.get_by_role("button", name="Undo").click()
    expect(on_day(page, 10)).to_be_visible()
    story.refresh_from_db()
    assert story.publish_at == next_month(10)


def test_it_moves_by_keys_alone_and_keeps_the_focus(page: Page, cast: Cast, story: Article) -> None:
    enter(page, cast.editor.email)
    page.goto(address())
    page.get_by_role("link", name="Move “The last tram”").focus()
    page.keyboard.press("Alt+ArrowDown")
    expect(on_day(page, 17)).to_be_visible()
    expect(page.get_by_role("link", name="Move “The last tram”")).to_be_focused()
    page.keyboard.press("Alt+ArrowLeft")
    expect(on_day(page, 16)).to_be_visible()
    page.keyboard.press("Enter")
    page.get_by_label("Move to").fill(f"{next_month(20):%Y-%m-%d}T07:30")
    page.get_by_role("button", name="Move it").click()
    expect(page.get_by_text(f"moved to {next_month(20):%A 20 %B %Y}, 07:30")).to_be_visible()
    page.get_by_role("link", name="Undo").click()
    expect(page.get_by_label("Move to")).to_have_value(f"{next_month(16):%Y-%m-%d}T18:00")


def test_whoever_comes_second_is_told_and_nothing_moves(page: Page, watch: Watch, cast: Cast, story: Article) -> None:
    enter(page, cast.editor.email)
    page.goto(address())
    move(story, next_month(12), actor=cast.chief)
    entry = page.locator("[data-entry]", has_text="The last tram")
    with page.expect_response(lambda response: response.status == 409):
        entry.drag_to(page.locator(f"[data-day='{next_month(17):%Y-%m-%d}']"))
    expect(page.locator("[data-toast]")).to_contain_text("Somebody moved it meanwhile")
    expect(on_day(page, 12)).to_be_visible()
    watch.problems.clear()


@pytest.mark.parametrize("view", ["month", "week", "day"])
def test_the_calendar_is_accessible_in_every_look(page: Page, cast: Cast, story: Article, view: str) -> None:
    enter(page, cast.editor.email)
    page.goto(address(view))
    for look in looks(page):
        assert axe(page) == [], look
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), look


def test_without_script_every_entry_leads_to_its_page(open_page: OpenPage, cast: Cast, story: Article) -> None:
    page = open_page(script=False)
    enter(page, cast.editor.email)
    page.goto(address("day"))
    page.get_by_role("link", name="Move “The last tram”").click()
    page.get_by_label("Move to").fill(f"{next_month(11):%Y-%m-%d}T18:00")
    page.get_by_role("button", name="Move it").click()
    expect(page.get_by_text("moved to")).to_be_visible()
