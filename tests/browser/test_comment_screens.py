"""The moderators' screens beside the queue in a real browser: accessible in every look, by keys, and without script."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from comments import bans, figures, moderation, rules, writers
from comments.models import Ban, Comment, ConfirmedAddress, ModerationEntry, Rule, SecondLook, State
from comments.rules import Wanted
from tests.browser.conftest import OpenPage
from tests.browser.visiting import axe, looks, picture, sign_in
from tests.conftest import Cast
from tests.factories import make_article, make_comment

pytestmark = [pytest.mark.site, pytest.mark.django_db(transaction=True)]

ROOT = "/admin/comments/"


@pytest.fixture
def desk(cast: Cast, settings: Any) -> Comment:
    """A desk with some of everything; returns a comment of the writer who is known best."""
    settings.COMMENTS_SECOND_LOOK_SHARE = 100
    article, now = make_article("The bridge is closed until Friday"), timezone.now()
    ana = {"name": "Ana Mirel", "email": "ana@example.org", "address_block": "b" * 48}
    said = []
    for number in range(24):
        text = f"The old Casino is worth keeping, for reason number {number}." if number % 4 == 0 else "Well said."
        said.append(make_comment(article, text, state=State.PENDING, created_at=now - timedelta(days=number), **ana))
    moderation.decide(said[1:20], State.APPROVED, actor=cast.chief)
    moderation.decide(said[20:22], State.SPAM, actor=cast.moderator)
    ModerationEntry.objects.update(at=now - timedelta(hours=2))
    make_comment(article, "Good", name="Bo", email="bo@example.org", address_block="b" * 48)
    rules.add(Wanted(Rule.Kind.WORD, "win big", None, Rule.Action.SPAM, "The mails of spring."), actor=cast.chief)
    rules.add(Wanted(Rule.Kind.LINKS, limit=2), actor=cast.moderator)
    rules.switch(rules.add(Wanted(Rule.Kind.FIRST), actor=cast.chief), False, actor=cast.chief)
    bans.ban(Ban.Kind.NAME, "Poker Paul", actor=cast.chief, reason="Comes back")
    bans.ban_writer_of(said[0], Ban.Kind.EMAIL, actor=cast.moderator, until=now + timedelta(days=3))
    writers.add_note(said[0], "Teaches at the harbour school.", actor=cast.moderator)
    ConfirmedAddress.objects.create(email="ana@example.org")
    look = ModerationEntry.objects.filter(by=cast.moderator).order_by("pk")[0]
    SecondLook.objects.create(comment=look.comment, entry=look, by=cast.chief, verdict=State.APPROVED)
    figures.count_days()
    figures.renew_promise()
    return said[0]


SCREENS: dict[str, Callable[[Comment], str]] = {
    "rules": lambda _comment: "rule/",
    "rule-new": lambda _comment: "rule/add/",
    "rule-rehearsed": lambda _comment: "rule/add/?kind=word&pattern=casino*&limit=&action=hold&note=Adverts",
    "rule-wrong": lambda _comment: "rule/add/?kind=word&pattern=***&limit=&action=hold&note=",
    "rule-removal": lambda _comment: f"rule/{Rule.objects.order_by('pk')[0].pk}/removal/",
    "bans": lambda _comment: "ban/",
    "ban-new": lambda _comment: "ban/add/",
    "ban-writer": lambda comment: f"ban/add/?comment={comment.pk}",
    "writer": lambda comment: f"writernote/{comment.pk}/",
    "my-decisions": lambda _comment: "moderationentry/",
    "second-look": lambda _comment: "secondlook/",
    "agreement": lambda _comment: "secondlook/agreement/",
    "figures": lambda _comment: "deskday/",
    "score": lambda _comment: "learner/",
}


@pytest.mark.parametrize("name", SCREENS)
def test_every_screen_is_accessible_in_every_look(page: Page, desk: Comment, cast: Cast, name: str) -> None:
    sign_in(page, cast.moderator.email)
    page.goto(ROOT + SCREENS[name](desk))
    for look in looks(page):
        assert axe(page) == [], look
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), look
        picture(page, f"comments-{name}-{look}")


def test_the_keys_of_the_second_look_work_on_its_card_and_nowhere_else(page: Page, desk: Comment, cast: Cast) -> None:
    sign_in(page, cast.moderator.email)
    page.goto(f"{ROOT}secondlook/")
    expect(page.locator("[data-look]")).to_be_focused()
    page.locator("h1").click()
    page.keyboard.press("a")
    assert SecondLook.objects.filter(by=cast.moderator).count() == 0
    page.locator("[data-look] button").first.focus()
    page.keyboard.press("r")
    expect(page.locator(".messagelist")).to_contain_text("You say “refused”; it was “approved”")
    assert SecondLook.objects.filter(by=cast.moderator, verdict=State.REJECTED).count() == 1


def test_a_rule_is_tried_and_saved_and_a_writer_banned_without_script(
    open_page: OpenPage, desk: Comment, cast: Cast
) -> None:
    page = open_page(script=False)
    sign_in(page, cast.moderator.email)
    page.goto(f"{ROOT}rule/")
    page.get_by_role("link", name="New rule").click()
    page.get_by_role("textbox", name="Word or phrase").fill("c\u0430sino*")
    page.get_by_role("button", name="Show what it would have done").click()
    expect(page.locator("mark").first).to_have_text("Casino")
    page.get_by_role("button", name="Save this rule").click()
    expect(page.locator(".messagelist")).to_contain_text("The rule is saved")

    page.goto(f"{ROOT}writernote/{desk.pk}/")
    page.get_by_role("link", name="Ban also by").click()
    page.get_by_label("Ana Mirel").check()
    page.get_by_label("What waits from them").select_option("spam")
    page.get_by_role("button", name="Ban", exact=True).click()
    expect(page.locator(".messagelist")).to_contain_text("waiting comments were decided")
    page.get_by_role("button", name="Undo").click()
    expect(page.locator(".messagelist")).to_contain_text("decisions were taken back")
