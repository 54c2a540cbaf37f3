"""The screens about many lists in a real browser: accessible in every look, by keyboard, and without script."""

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import Locator, Page, expect

from articles.models import Article, Status
from curation import campaigns, exclusions, picks
from curation.campaigns import Plan, Reach
from curation.models import Campaign, CuratedList, Exclusion, Exposure, KeptApart, Pick
from curation.picks import Details
from curation.places import FRONT
from pagecache.writing import writing
from tests.browser.conftest import OpenPage
from tests.browser.visiting import axe, enter, looks, pick_by_keyboard, picture
from tests.conftest import Cast
from tests.factories import make_article, suggest

pytestmark = [pytest.mark.site, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def story(cast: Cast) -> Article:
    """A story that stands everywhere, in a newsroom where everything is a little amiss."""
    story = make_article("The bridge is closed until Friday")
    here, there = make_article("Ferries take over"), make_article("How to get to work")
    now = timezone.now()
    picks.pick(here, story, actor=cast.editor, details=Details(until=now + timedelta(hours=5)))
    suggest(there, story, *[make_article(f"Suggested story number {number}") for number in range(6)])
    picks.pick(FRONT, story, actor=cast.editor)
    picks.pick(here, make_article("Taken down", status=Status.ARCHIVED), actor=cast.editor)
    later = {"status": Status.SCHEDULED, "publish_at": now + timedelta(hours=5)}
    picks.pick(here, make_article("Tomorrow’s vote", **later), actor=cast.editor)
    section = Reach(story.section)
    campaigns.start(Plan(story, 1, now, now + timedelta(hours=3), section, "Breaking"), actor=cast.chief)
    exclusions.never_anywhere(make_article("A minor in court"), actor=cast.chief, reason="Names a minor")
    exclusions.never_here(here, make_article("The same in other words"), actor=cast.editor)
    exclusions.keep_apart([there, make_article("The background")], actor=cast.editor, reason="Trial")
    Exposure.objects.create(article=make_article("A lonely story"), lists=0, own=1)
    Exposure.objects.create(article=make_article("Seen everywhere"), lists=400, own=5)
    with writing():
        CuratedList.objects.filter(article=here).update(
            looked_at=now - timedelta(hours=2), fills_changed_at=now - timedelta(hours=1)
        )
    return story


def no_sideways(page: Page) -> bool:
    return bool(page.evaluate("document.documentElement.scrollWidth <= innerWidth"))


def row_button(page: Page, words: str, about: str) -> Locator:
    """A row's button, which says for those who cannot see the row what it is about."""
    return page.get_by_role("button", name=re.compile(rf"^{words}\s*: {re.escape(about)}$"))


SCREENS: dict[str, Callable[[Article], str]] = {
    "health": lambda _story: "/admin/curation/pick/",
    "health-dead": lambda _story: "/admin/curation/pick/?question=dead",
    "inward": lambda story: f"/admin/curation/pick/article/{story.pk}/inward/",
    "record": lambda story: f"/admin/curation/pick/article/{story.pk + 1}/record/",
    "record-bad": lambda story: f"/admin/curation/pick/article/{story.pk + 1}/record/?at=x",
    "campaigns": lambda _story: "/admin/curation/campaign/",
    "campaign-new": lambda _story: "/admin/curation/campaign/add/",
    "campaign-begun": lambda _story: f"/admin/curation/campaign/{Campaign.objects.get().pk}/change/",
    "excluded": lambda _story: "/admin/curation/exclusion/",
    "excluded-new": lambda _story: "/admin/curation/exclusion/add/",
    "apart": lambda _story: "/admin/curation/keptapart/",
    "apart-new": lambda _story: "/admin/curation/keptapart/add/",
    "take-down": lambda story: f"/admin/articles/article/{story.pk}/take-down/",
}


@pytest.mark.parametrize("screen", SCREENS)
def test_every_screen_is_accessible_in_every_look(open_page: OpenPage, cast: Cast, story: Article, screen: str) -> None:
    page = open_page()
    address = SCREENS[screen](story)
    enter(page, cast.editor.email)
    page.goto(address)
    page.wait_for_load_state("load")
    for look in looks(page):
        assert axe(page) == [], look
        assert no_sideways(page), look
        picture(page, f"curation-{screen}-{look}")


@pytest.mark.parametrize("script", [True, False])
def test_a_campaign_is_planned_started_and_ended(open_page: OpenPage, cast: Cast, story: Article, script: bool) -> None:
    page = open_page(script=script)
    enter(page, cast.editor.email)
    page.goto("/admin/curation/campaign/")
    page.get_by_role("link", name="New campaign").click()
    page.get_by_label("every article there is").check()
    page.get_by_label("6 hours").check()
    page.get_by_label("Place").fill("2")
    if script:
        pick_by_keyboard(
            page.locator("#id_target + .select2 .select2-selection, .field-target .select2-selection").first,
            "lonely",
            "A lonely story",
        )
        expect(page.locator("[data-reach-words]")).to_contain_text(re.compile(r"\d+ pages change"))
        expect(page.locator(".field-section")).not_to_be_visible()
    else:
        page.get_by_role("button", name="Preview").click()
        expect(page.locator("[data-reach-words]")).to_contain_text(re.compile(r"\d+ pages change"))
        assert page.get_by_label("6 hours").is_checked()
        lonely = Article.objects.get(headline="A lonely story")
        page.get_by_label("Or its address").fill(lonely.get_absolute_url())
    page.get_by_role("button", name="Start the campaign").click()
    row = Campaign.objects.get(slot=2)
    assert row.target.headline == "A lonely story"
    assert row.ends - row.starts == timedelta(hours=6)
    row_button(page, "End now", "A lonely story").click()
    expect(page.locator(".messagelist .success")).to_contain_text("1 campaign is over")
    row.refresh_from_db()
    assert row.ends < timezone.now()


@pytest.mark.parametrize("script", [True, False])
def test_one_click_fixes_what_is_amiss(open_page: OpenPage, cast: Cast, story: Article, script: bool) -> None:
    page = open_page(script=script)
    enter(page, cast.editor.email)
    page.goto("/admin/curation/pick/")
    page.get_by_role("button", name="Mark as seen: all").click()
    expect(page.get_by_text("No curated list has changed by itself.")).to_be_visible()
    row_button(page, "Remove", "Taken down").click()
    expect(page.locator(".messagelist .success")).to_have_text("1 row is done.")
    assert not Pick.objects.filter(target__headline="Taken down").exists()
    row_button(page, "Make permanent", story.headline).click()
    expect(page.get_by_text("No pick ends within 48 hours.")).to_be_visible()
    row_button(page, "Exclude from all lists", "Seen everywhere").click()
    expect(page.get_by_text("No article stands in far more lists than others.")).to_be_visible()
    assert Exclusion.objects.filter(target__headline="Seen everywhere", article=None).exists()


def test_rows_are_ticked_by_keyboard_and_fixed_together(page: Page, cast: Cast, story: Article) -> None:
    here = Article.objects.get(headline="Ferries take over")
    picks.pick(here, make_article("Gone as well", status=Status.ARCHIVED), actor=cast.editor)
    enter(page, cast.editor.email)
    page.goto("/admin/curation/pick/?question=dead")
    everything = page.get_by_label("Select all")
    everything.focus()
    page.keyboard.press("Space")
    expect(page.get_by_role("checkbox", name="Gone as well")).to_be_checked()
    page.keyboard.press("Tab")
    expect(page.get_by_role("button", name="Remove: selected")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator(".messagelist .success")).to_have_text("2 rows are done.")
    assert not Pick.objects.filter(target__status=Status.ARCHIVED).exists()


@pytest.mark.parametrize("script", [True, False])
def test_exclusions_are_taken_back(open_page: OpenPage, cast: Cast, story: Article, script: bool) -> None:
    page = open_page(script=script)
    enter(page, cast.editor.email)
    page.goto("/admin/curation/exclusion/")
    row_button(page, "Allow again", "A minor in court").click()
    expect(page.locator(".messagelist .success")).to_be_visible()
    page.goto("/admin/curation/keptapart/")
    row_button(page, "Let together again", "Trial").click()
    expect(page.locator(".messagelist .success")).to_have_text("1 group is dissolved.")
    assert not Exclusion.objects.filter(article=None).exists()
    assert not KeptApart.objects.exists()


@pytest.mark.parametrize("script", [True, False])
def test_several_are_taken_down_after_a_look(open_page: OpenPage, cast: Cast, story: Article, script: bool) -> None:
    page = open_page(script=script)
    enter(page, cast.editor.email)
    page.goto("/admin/articles/article/?q=bridge")
    page.locator(f".action-select[value='{story.pk}']").check()
    page.locator("select[name=action]").select_option("take_down_selected")
    page.get_by_role("button", name="Go", exact=True).click()
    expect(page.get_by_text("shown by a campaign")).to_be_visible()
    if script:  # axe is one
        assert axe(page) == []
    page.get_by_role("button", name="Take them down").click()
    expect(page.locator(".messagelist .success")).to_be_visible()
    assert Article.objects.get(pk=story.pk).status == Status.ARCHIVED
