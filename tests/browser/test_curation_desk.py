"""The desk of a list in a real browser: by keyboard, by mouse, on a phone, without script, and by two at once."""

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from articles import search
from articles.models import Article, Status
from curation import exclusions, picks
from curation.models import Campaign, Exclusion, Pick, RelatedCount, Suggestion
from curation.places import picks_of
from tests.browser.conftest import OpenPage
from tests.browser.nu import Nu
from tests.browser.visiting import axe, enter, looks, picture
from tests.browser.watching import Watch
from tests.conftest import Cast
from tests.factories import give_tags, make_article, make_image, suggest


@pytest.fixture
def story(transactional_db: None, cast: Cast) -> Article:
    """A story with eight suggestions, found by search as well."""
    article = make_article("At work")
    others = [make_article(f"Story {letter}") for letter in "ABCDEFGH"]
    suggest(article, *others)
    for other in others:
        search.index(other)
    return article


def desk(page: Page, article: Article, person: Any) -> None:
    enter(page, person.email)
    page.goto(f"/admin/curation/pick/article/{article.pk}/")


def live(page: Page, article: Article, person: Any) -> None:
    desk(page, article, person)
    expect(page.locator(".desk--live")).to_be_visible()


def picked(article: Article) -> str:
    return "".join(row.target.headline[-1] for row in picks_of(article).select_related("target"))


def said(page: Page, words: str) -> None:
    expect(page.locator("[data-desk] [data-said]")).to_have_text(words)


def row(page: Page, headline: str) -> Any:
    return page.locator("[data-row]").filter(has=page.get_by_role("heading", name=headline, exact=True)).first


def press(page: Page, *keys: str) -> None:
    for key in keys:
        page.keyboard.press(key)


# By keyboard


def test_the_whole_desk_by_keyboard(page: Page, story: Article, cast: Cast) -> None:
    live(page, story, cast.editor)
    press(page, "j", "j", "p")
    said(page, "Picked “Story B”: number 1.")
    expect(row(page, "Story B")).to_be_focused()
    press(page, "j", "ArrowDown", "p")
    said(page, "Picked “Story C”: number 2.")
    press(page, "Alt+ArrowUp")
    said(page, "“Story C” is now pick 1.")
    expect(row(page, "Story C")).to_be_focused()
    assert picked(story) == "CB"
    press(page, "Shift+ArrowDown")
    said(page, "“Story C” is now pick 2.")
    press(page, "j", "n")
    said(page, "“Story A” never stands here.")
    expect(page.get_by_role("heading", name="Never here")).to_be_visible()
    press(page, "k", "k")
    expect(row(page, "Story B")).to_be_focused()
    press(page, "Enter")
    expect(page.get_by_label("Until").first).to_be_focused()
    page.get_by_label("Note for colleagues").first.fill("Ask Ines, jkpnu")
    page.get_by_label("Headline here").first.fill("Said in our words")
    press(page, "Enter")
    said(page, "The details of “Story B” are saved.")
    expect(page.get_by_role("heading", name="Said in our words")).to_be_visible()
    assert Pick.objects.get(headline="Said in our words").note == "Ask Ines, jkpnu"
    for words, order in (
        ("Taken back: “Story B”.", "BC"),
        ("Taken back: “Story A”.", "BC"),
        ("Taken back.", "CB"),
        ("Taken back.", "BC"),
        ("Taken back: “Story C”.", "B"),
        ("Taken back: “Story B”.", ""),
    ):
        press(page, "u")
        said(page, words)
        assert picked(story) == order
        page.evaluate("document.querySelector('[data-said]').textContent = ''")
    assert not Exclusion.objects.exists()
    press(page, "u")
    said(page, "There is nothing of yours to take back on this page.")


def test_a_pasted_address_is_found_and_picked(page: Page, story: Article, cast: Cast) -> None:
    old = make_article("From the archive")
    live(page, story, cast.editor)
    press(page, "/")
    expect(page.get_by_label("Find an article")).to_be_focused()
    page.keyboard.insert_text(page.url.split("/admin/")[0] + old.get_absolute_url() + "?from=mail")
    expect(page.locator("[data-part=found]")).to_contain_text("From the archive")
    press(page, "Tab", "Tab")
    found = row(page, "From the archive")
    found.get_by_role("button", name="Pick “From the archive”").focus()
    press(page, "Enter")
    said(page, "Picked “From the archive”: number 1.")
    expect(page.locator("[data-part=found]")).to_contain_text("In the list")


def test_keys_can_be_switched_off_and_stay_off(page: Page, story: Article, cast: Cast) -> None:
    live(page, story, cast.editor)
    press(page, "?")
    page.get_by_label("Single keys work here").uncheck()
    page.reload()
    expect(page.locator(".desk--live")).to_be_visible()
    press(page, "?", "j", "p", "/")
    row(page, "Story A").focus()
    press(page, "p", "n", "u")
    press(page, "ArrowDown")
    expect(row(page, "Story B")).to_be_focused()
    assert picked(story) == ""
    assert not Exclusion.objects.exists()
    page.locator("[data-keys] summary").click()
    page.get_by_label("Single keys work here").check()
    row(page, "Story A").focus()
    press(page, "p")
    said(page, "Picked “Story A”: number 1.")


def test_no_key_fires_in_a_field_or_with_control(page: Page, story: Article, cast: Cast) -> None:
    live(page, story, cast.editor)
    row(page, "Story A").focus()
    page.evaluate("addEventListener('keydown', (event) => event.ctrlKey && event.preventDefault())")
    press(page, "Control+p", "Meta+n", "Control+u")
    page.get_by_label("Find an article").fill("")
    page.get_by_label("Find an article").press_sequentially("pnujk?/")
    expect(page.get_by_label("Find an article")).to_have_value("pnujk?/")
    assert picked(story) == ""
    assert not Exclusion.objects.exists()


# By mouse


def test_picks_are_dragged_into_order_and_candidates_into_the_list(page: Page, story: Article, cast: Cast) -> None:
    for name in "AB":
        picks.pick(story, Article.objects.get(headline=f"Story {name}"), actor=cast.editor)
    live(page, story, cast.editor)
    start = {"x": 30, "y": 3}
    row(page, "Story B").locator("[data-handle]").drag_to(row(page, "Story A"), target_position=start)
    said(page, "The order is changed.")
    assert picked(story) == "BA"
    row(page, "Story F").locator("[data-handle]").drag_to(row(page, "Story A"), target_position=start)
    said(page, "Picked “Story F”: number 2.")
    assert picked(story) == "BFA"


def test_details_by_mouse_with_a_quick_end_and_a_picture(page: Page, story: Article, cast: Cast) -> None:
    image = make_image(title="Rainy tram", renditions=[])
    picks.pick(story, Article.objects.get(headline="Story A"), actor=cast.editor)
    live(page, story, cast.editor)
    one = row(page, "Story A")
    one.locator("summary").click()
    one.get_by_role("button", name="Choose a picture").click()
    page.get_by_role("dialog").get_by_role("button", name="Rainy tram").click()
    expect(one.get_by_label("Picture here: its number in the library")).to_have_value(str(image.pk))
    one.get_by_role("button", name="24 hours").click()
    expect(page.locator("[data-desk] [data-said]")).to_contain_text("“Story A” ends")
    stored = Pick.objects.get()
    assert stored.picture == image
    assert stored.until is not None


def test_what_was_typed_stays_when_it_is_refused(page: Page, story: Article, cast: Cast, watch: Watch) -> None:
    picks.pick(story, Article.objects.get(headline="Story A"), actor=cast.editor)
    live(page, story, cast.editor)
    one = row(page, "Story A")
    one.locator("summary").click()
    one.get_by_label("Note for colleagues").fill("Typed with care")
    one.get_by_label("Until").fill("2001-01-01T10:00")
    one.get_by_role("button", name="Save details").click()
    expect(page.get_by_role("alert")).to_contain_text("The end lies in the past.")
    expect(one.get_by_label("Note for colleagues")).to_have_value("Typed with care")
    watch.problems.clear()  # the browser itself reports the 422


def test_the_list_is_switched_off_and_on(page: Page, story: Article, cast: Cast) -> None:
    live(page, story, cast.editor)
    page.get_by_role("button", name="Switch the list off").click()
    expect(page.locator(".desk__state")).to_contain_text("Switched off.")
    expect(page.get_by_role("button", name="Switch the list on")).to_be_focused()
    page.get_by_role("button", name="Undo").click()
    expect(page.locator(".desk__state")).to_contain_text("5 of 5 places filled")


# On the article's form


def test_the_panel_on_the_form_does_the_same_and_leaves_the_form_alone(page: Page, story: Article, cast: Cast) -> None:
    enter(page, cast.editor.email)
    page.goto(f"/admin/articles/article/{story.pk}/change/")
    expect(page.locator(".desk--live")).to_be_visible()
    page.fill("#id_standfirst", "Half a sentence")
    press(page, "Tab", "p")
    panel = page.locator("#picks")
    panel.get_by_role("button", name="Pick “Story C”").click()
    said(page, "Picked “Story C”: number 1.")
    panel.get_by_label("Find an article").fill("story h")
    press(page, "Enter")
    expect(panel.locator("[data-part=found]")).to_contain_text("Story H")
    one = row(page, "Story C")
    one.focus()
    press(page, "Enter")
    one.get_by_label("Note for colleagues").fill("From the form")
    press(page, "Enter")
    said(page, "The details of “Story C” are saved.")
    expect(page.locator("#id_standfirst")).to_have_value("Half a sentence")
    assert picked(story) == "C"
    with page.expect_navigation():
        page.locator("[name=_continue]").first.click()
    story.refresh_from_db()
    assert story.latest is not None
    assert story.latest.parts["picks"][0]["note"] == "From the form"


def test_the_panel_without_script_tells_and_leads_to_the_page(open_page: OpenPage, story: Article, cast: Cast) -> None:
    page = open_page(script=False)
    enter(page, cast.editor.email)
    page.goto(f"/admin/articles/article/{story.pk}/change/")
    panel = page.locator("#picks")
    expect(panel).to_contain_text("Story A")
    assert panel.get_by_role("button").count() == 0
    panel.get_by_role("link", name="Open on a page of its own").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("At work")


# Without script


def test_everything_that_matters_works_without_script(open_page: OpenPage, story: Article, cast: Cast) -> None:
    page = open_page(script=False)
    desk(page, story, cast.editor)
    page.get_by_label("Find an article").fill("story h")
    page.get_by_role("button", name="Find").click()
    page.get_by_role("button", name="Pick “Story H”").first.click()
    expect(page.locator(".messagelist")).to_contain_text("Picked “Story H”: number 1.")
    page.get_by_role("button", name="Pick “Story A”").first.click()
    page.get_by_role("button", name="Move “Story A” up").click()
    assert picked(story) == "AH"
    page.get_by_role("button", name="Undo").click()
    assert picked(story) == "HA"
    page.get_by_role("button", name="Never here: “Story B”").first.click()
    page.get_by_role("button", name="Allow again: “Story B”").click()
    assert not Exclusion.objects.exists()
    row(page, "Story H").locator("summary").click()
    row(page, "Story H").get_by_label("Note for colleagues").fill("By hand")
    row(page, "Story H").get_by_role("button", name="Save details").click()
    assert Pick.objects.get(note="By hand").target.headline == "Story H"
    page.get_by_role("button", name="Switch the list off").click()
    page.get_by_role("button", name="Switch the list on").click()
    page.get_by_role("button", name="Seen").click()
    page.get_by_role("button", name="Unpick “Story H”").click()
    assert picked(story) == "A"


# Two at one list


def test_two_editors_at_one_list_lose_nothing_and_see_both(open_page: OpenPage, story: Article, cast: Cast) -> None:
    ours, theirs = open_page(), open_page()
    live(ours, story, cast.editor)
    live(theirs, story, cast.chief)
    theirs.get_by_role("button", name="Pick “Story A”").click()
    said(theirs, "Picked “Story A”: number 1.")
    ours.get_by_role("button", name="Pick “Story B”").click()
    expect(ours.locator("[data-notice]")).to_have_text("Chiara Chief changed this list; you see both.")
    expect(ours.locator("[data-pick] h3")).to_have_text(["Story A", "Story B"])
    note = row(theirs, "Story A")
    note.locator("summary").click()
    note.get_by_label("Note for colleagues").fill("Half a th")
    theirs.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    expect(theirs.locator("[data-notice]")).to_have_text("Edda Editor changed this list; you see both.")
    expect(theirs.locator("[data-pick] h3")).to_have_text(["Story A", "Story B"])
    expect(row(theirs, "Story A").get_by_label("Note for colleagues")).to_be_focused()
    theirs.keyboard.type("ought")
    expect(row(theirs, "Story A").get_by_label("Note for colleagues")).to_have_value("Half a thought")
    assert picked(story) == "AB"


# How it looks


@pytest.fixture
def full(story: Article, cast: Cast) -> Article:
    """One of everything a desk can show."""
    tomorrow = timezone.now() + timedelta(days=1)
    own = make_article("Said by the agency in far too many words")
    details = picks.Details(until=tomorrow, note="Ask Ines", headline="Said in ours")
    picks.pick(story, own, actor=cast.chief, details=details)
    coming = make_article("Coming tomorrow", status=Status.SCHEDULED, publish_at=tomorrow)
    picks.pick(story, coming, actor=cast.editor)
    pinned = make_article("Breaking news")
    Campaign.objects.create(target=pinned, section=story.section, slot=1, ends=tomorrow, made_by=cast.chief)
    exclusions.never_here(story, make_article("Never this one"), actor=cast.editor, reason="Same family")
    offered = Article.objects.get(headline="Story A")
    give_tags(story, "retrofit")
    reasons = {"shares": ["heat pumps", "council"], "tags": [story.tags.get().pk], "days": 2}
    Suggestion.objects.update_or_create(article=story, target=offered, defaults={"score": 0.9, "reasons": reasons})
    counts = {"slot": 2, "day": timezone.localdate(), "shown": 1204, "clicked": 37}
    for target in (own, offered):
        RelatedCount.objects.create(article=story, target=target, **counts)
    return story


def test_the_desk_is_accessible_in_every_look(page: Page, full: Article, cast: Cast, watch: Watch) -> None:
    live(page, full, cast.editor)
    page.get_by_label("Find an article").fill("story")
    expect(page.locator("[data-part=found]")).to_contain_text("found")
    row(page, "Said in ours").locator("summary").click()
    page.locator("[data-keys] summary").click()
    for look in looks(page):
        assert "\n".join(axe(page)) == "", look
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), look
        picture(page, f"curation-desk-{look}")


@pytest.mark.site
def test_the_desk_is_valid_html(open_page: OpenPage, full: Article, cast: Cast, nu: Nu) -> None:
    page = open_page(script=False)
    desk(page, full, cast.editor)
    assert nu(page.request.get(page.url + "?q=story").text()) == []


def test_on_a_phone_every_target_is_large_enough(open_page: OpenPage, full: Article, cast: Cast) -> None:
    page = open_page(device="phone")
    live(page, full, cast.editor)
    row(page, "Said in ours").locator("summary").click()
    small = page.evaluate(
        """[...document.querySelectorAll(".desk button, .desk input, .desk summary")]
        .filter((one) => one.offsetParent && one.type !== "checkbox" && one.getBoundingClientRect().height < 44)
        .map((one) => `${one.getBoundingClientRect().height} ${one.outerHTML.slice(0, 150)}`)"""
    )
    assert small == []
    page.get_by_role("button", name="Pick “Story A”").first.click()
    said(page, "Picked “Story A”: number 3.")


def test_hostile_words_are_inert(page: Page, story: Article, cast: Cast) -> None:
    evil = "<img src=x onerror=window.hit=1>\"'><script>window.hit=2</script>"
    details = picks.Details(headline=evil, note=evil)
    picks.pick(story, make_article(evil), actor=cast.editor, details=details)
    exclusions.never_here(story, make_article(evil), actor=cast.editor, reason=evil)
    one = Suggestion.objects.get(target__headline="Story A")
    give_tags(story, evil)
    one.reasons = {"shares": [evil], "tags": [story.tags.get().pk]}
    one.save()
    live(page, story, cast.editor)
    shown = row(page, evil)
    shown.locator("summary").click()
    shown.get_by_role("button", name="Save details").click()
    expect(page.locator("[data-desk] [data-said]")).to_contain_text("Nothing changed.")
    shown.get_by_role("button", name="Unpick").click()
    expect(page.locator("[data-desk] [data-said]")).to_contain_text("onerror")
    assert page.evaluate("window.hit") is None
