"""The moderators' desk in a browser: by keys alone, by pointer, without script, two at once, out of reach."""

import sys
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone
from playwright.sync_api import Dialog, Page, Route, expect

from articles.models import Article
from comments import moderation, receipts, tokens
from comments.desk import listing
from comments.models import Comment, ModerationEntry, Reason, State
from comments.pipeline.findings import Code, Finding
from tests.browser.conftest import OpenPage
from tests.browser.nu import Nu
from tests.browser.visiting import axe, enter, looks, picture
from tests.browser.watching import Watch
from tests.conftest import Cast
from tests.factories import make_article, make_comment
from tests.test_comment_hostile import needs_attacks, payloads
from tests.test_comment_verbs import appeal, report

pytestmark = pytest.mark.django_db(transaction=True)

QUEUE = "/admin/comments/comment/"

LONGEST_GAP = 1_000
"""Milliseconds: no measure of ours, only a guard. What was measured is printed."""

MEASURE = """() => {
  window.gaps = [];
  let pressed = 0;
  document.addEventListener("keydown", () => (pressed = performance.now()), true);
  document.addEventListener("focusin", (event) => {
    if (event.target.matches("[data-row]") && pressed) window.gaps.push(performance.now() - pressed);
    pressed = 0;
  });
}"""


def waiting(article: Article, number: int, **fields: Any) -> list[Comment]:
    """So many comments, the first of which has waited longest."""
    now = timezone.now()
    made = []
    for index in range(number):
        since = now - timedelta(minutes=number - index)
        moments = {"created_at": since, "waiting_since": since, "rank_at": since}
        made.append(
            make_comment(
                article, f"Comment {index}.", **{"name": f"Writer {index}", "state": State.PENDING, **moments, **fields}
            )
        )
    return made


def state_of(comment: Comment) -> str:
    return Comment.objects.get(pk=comment.pk).state


def open_queue(page: Page, email: str, query: str = "") -> None:
    enter(page, email)
    page.goto(QUEUE + query)
    expect(page.locator(".letters-desk--live")).to_be_visible()


def row(page: Page, comment: Comment) -> Any:
    return page.locator(f"#letter-{comment.pk}")


def said(page: Page) -> Any:
    return page.locator("[data-said]")


def press(page: Page, *keys: str) -> None:
    for key in keys:
        page.keyboard.press(key)


@pytest.fixture
def article() -> Article:
    return make_article()


def test_the_whole_desk_by_keyboard(page: Page, cast: Cast, article: Article) -> None:
    comments = waiting(article, 8)
    open_queue(page, cast.moderator.email)

    press(page, "a")
    expect(said(page)).to_contain_text("Choose a comment first")
    press(page, "j", "j", "k")
    expect(row(page, comments[0])).to_be_focused()
    press(page, "a")
    expect(row(page, comments[1])).to_be_focused()
    expect(said(page)).to_have_text("Approved: the comment by Writer 0.")
    press(page, "s", "r", "2")
    expect(row(page, comments[3])).to_be_focused()
    expect(said(page)).to_have_text("Refused: the comment by Writer 2.")
    press(page, "r", "w", "Tab")
    page.get_by_label("In your own words").fill("Two 2s.")
    press(page, "Enter")
    expect(said(page)).to_have_text("Refused: the comment by Writer 3.")
    press(page, "r", "Escape")
    expect(row(page, comments[4])).to_be_focused()

    states = [state_of(comment) for comment in comments]
    assert states == [State.APPROVED, State.SPAM, State.REJECTED, State.REJECTED, *[State.PENDING] * 4]
    assert ModerationEntry.objects.get(comment=comments[2]).code == Reason.ABUSE
    refused = ModerationEntry.objects.get(comment=comments[3])
    assert (refused.reason, refused.warning, refused.code) == ("Two 2s.", True, "")
    expect(page.locator("[data-count=pending]")).to_have_text("4")

    for comment in reversed(comments[:4]):
        press(page, "u")
        expect(row(page, comment)).to_be_focused()
    assert {state_of(comment) for comment in comments} == {State.PENDING}
    press(page, "u")
    expect(page.locator("[data-notices]")).to_contain_text("nothing to take back")
    assert page.locator("[data-row]").evaluate_all("rows => rows.map(row => Number(row.dataset.row))") == [
        comment.pk for comment in comments
    ]


def test_selecting_ranges_and_deciding_them_together(page: Page, cast: Cast, article: Article) -> None:
    comments = waiting(article, 6)
    open_queue(page, cast.moderator.email)

    press(page, "j", "x", "Shift+J", "Shift+J")
    expect(page.locator("[data-selected]")).to_have_text("3 selected")
    press(page, "Escape")
    expect(page.locator("[data-several]")).not_to_be_visible()
    row(page, comments[1]).locator("[data-tick]").click()
    row(page, comments[4]).locator("[data-tick]").click(modifiers=["Shift"])
    expect(page.locator("[data-selected]")).to_have_text("4 selected")
    press(page, "s")
    expect(row(page, comments[5])).to_be_focused()
    expect(said(page)).to_have_text("4 comments marked as spam.")
    assert [state_of(comment) for comment in comments[1:5]] == [State.SPAM] * 4
    press(page, "u")
    expect(page.locator("[data-row]")).to_have_count(6)
    assert [state_of(comment) for comment in comments] == [State.PENDING] * 6


def test_a_group_is_decided_and_taken_back_with_one_key_each(page: Page, cast: Cast, article: Article) -> None:
    members = waiting(article, 14, cluster=1, likeness="text")
    [alone] = waiting(article, 1, name="Alone")
    open_queue(page, cast.moderator.email)
    expect(page.locator("[data-row]")).to_have_count(2)
    late = waiting(article, 1, cluster=1, likeness="text")

    press(page, "j", "o")
    expect(row(page, members[0]).get_by_text("Comment 3.")).to_be_visible()
    press(page, "s")
    expect(row(page, alone)).to_be_focused()
    expect(page.locator("[data-notices]")).to_contain_text("1 more like these waits")
    assert Comment.objects.filter(state=State.SPAM).count() == 14
    assert state_of(late[0]) == State.PENDING
    press(page, "u")
    expect(said(page)).to_have_text("14 decisions were taken back.")
    assert not Comment.objects.filter(state=State.SPAM).exists()


def test_more_than_a_screen_comes_back_from_the_top(page: Page, cast: Cast, article: Article) -> None:
    comments = waiting(article, 38)
    open_queue(page, cast.moderator.email)
    page.locator("[data-next]").click()
    expect(row(page, comments[-1])).to_be_visible()

    page.evaluate("for (const box of document.querySelectorAll('[data-tick]')) box.checked = true")
    press(page, "s")
    expect(said(page)).to_have_text("38 comments marked as spam.")
    press(page, "u")

    expect(row(page, comments[0])).to_be_focused()
    page.locator("[data-next]").click()
    expect(row(page, comments[-1])).to_be_visible()


def test_words_are_looked_for_further_and_further(
    page: Page, cast: Cast, article: Article, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(listing, "LOOKED_THROUGH", 2)
    waiting(article, 4)
    (wanted,) = waiting(article, 1, name="Ada Quirke")
    open_queue(page, cast.moderator.email, "?q=quirke")
    expect(page.get_by_text("None of these 10,000 comments.")).to_be_visible()
    page.get_by_role("link", name="Look through further comments").press("Enter")
    expect(said(page)).to_have_text("None of these either. There are further ones to look through.")
    page.get_by_role("link", name="Look through further comments").press("Enter")
    expect(row(page, wanted)).to_be_visible()


def test_a_key_held_down_decides_once(page: Page, cast: Cast, article: Article) -> None:
    comments = waiting(article, 5)
    open_queue(page, cast.moderator.email)
    press(page, "j")

    for _repeated in range(3):
        page.keyboard.down("a")
    page.keyboard.up("a")

    expect(said(page)).to_have_text("Approved: the comment by Writer 0.")
    expect(row(page, comments[1])).to_be_focused()
    for _repeated in range(3):
        page.keyboard.down("j")
    expect(row(page, comments[4])).to_be_focused()


def test_editing_and_picking_by_keys(page: Page, cast: Cast, article: Article) -> None:
    comment = make_comment(article, "You fool, it is late.", name="Ana")
    open_queue(page, cast.moderator.email, "?state=approved")

    press(page, "j", "e")
    box = page.get_by_role("textbox", name="The comment")
    expect(box).to_have_value("You fool, it is late.")
    box.fill("It is late.")
    press(page, "Control+Enter")
    expect(row(page, comment)).to_contain_text("Edited by us")
    expect(row(page, comment)).to_be_focused()
    press(page, "f")
    expect(row(page, comment).get_by_text("Staff pick", exact=True).first).to_be_visible()
    expect(said(page)).to_contain_text("is a staff pick")
    press(page, "u")
    expect(said(page)).to_contain_text("taken back")
    assert not Comment.objects.get().featured
    press(page, "u")
    expect(row(page, comment)).to_contain_text("You fool, it is late.")


def test_words_that_changed_meanwhile_stay_in_the_dialog(
    page: Page, cast: Cast, article: Article, watch: Watch
) -> None:
    comment = make_comment(article, "First")
    open_queue(page, cast.moderator.email, "?state=approved")
    press(page, "j", "e")
    box = page.get_by_role("textbox", name="The comment")
    expect(box).to_have_value("First")
    moderation.edit(comment, "Second", actor=cast.chief, seen_text="First")

    box.fill("Third")
    page.get_by_role("button", name="Save").click()

    expect(page.locator("[data-editor] [data-problem]")).to_contain_text("nothing was saved")
    expect(box).to_have_value("Third")
    assert Comment.objects.get().text == "Second"
    watch.problems.clear()  # the browser logs the 409


def test_keys_can_be_switched_off_and_are_listed(page: Page, cast: Cast, article: Article) -> None:
    [comment] = waiting(article, 1)
    open_queue(page, cast.moderator.email)

    press(page, "j", "?")
    expect(page.get_by_role("dialog", name="Keyboard")).to_be_visible()
    page.get_by_label("Single keys work here").uncheck()
    press(page, "Escape", "a")
    page.reload()
    row(page, comment).focus()
    press(page, "a", "s", "u", "?")
    expect(page.get_by_role("dialog")).not_to_be_visible()
    assert state_of(comment) == State.PENDING
    page.get_by_role("button", name="Keyboard").click()
    page.get_by_label("Single keys work here").check()
    press(page, "Escape")
    row(page, comment).focus()
    press(page, "a")
    expect(said(page)).to_contain_text("Approved")


def test_everything_is_there_for_the_pointer(page: Page, cast: Cast, article: Article) -> None:
    comments = waiting(article, 3)
    open_queue(page, cast.moderator.email)

    row(page, comments[0]).get_by_role("button", name="Approve").click()
    expect(row(page, comments[1])).to_be_focused()
    row(page, comments[1]).get_by_role("button", name="Refuse").click()
    page.get_by_role("button", name="It advertises something").click()
    expect(said(page)).to_contain_text("Refused")
    page.get_by_role("button", name="Undo").click()
    expect(row(page, comments[1])).to_be_visible()
    row(page, comments[2]).get_by_role("link", name="Edit").click()
    expect(page.get_by_role("dialog", name="Edit")).to_be_visible()
    press(page, "Escape")
    assert [state_of(comment) for comment in comments] == [State.APPROVED, State.PENDING, State.PENDING]


def test_a_hundred_are_decided_without_a_wait(
    page: Page, cast: Cast, article: Article, capsys: pytest.CaptureFixture[str]
) -> None:
    comments = waiting(article, 110)
    open_queue(page, cast.moderator.email)
    page.evaluate(MEASURE)
    press(page, "j")
    start = timezone.now()
    for index in range(100):
        page.locator("[data-row]:focus").wait_for()  # nobody decides about what is not there yet
        if index % 5 == 4:
            press(page, "r", str(index % 9 + 1))
        else:
            press(page, "a" if index % 2 else "s")
    hands = (timezone.now() - start).total_seconds()
    expect(page.locator("[data-count=pending]")).to_have_text("10", timeout=110_000)
    whole = (timezone.now() - start).total_seconds()

    gaps = sorted(page.evaluate("window.gaps"))
    told = (
        f"100 decisions: keys {hands:.1f} s, all stored {whole:.1f} s; gap {gaps[50]:.0f} ms, longest {gaps[-1]:.0f} ms"
    )
    with capsys.disabled():
        sys.stdout.write(f"\n{told}\n")
    assert [state_of(comment) for comment in comments[100:]] == [State.PENDING] * 10
    assert Comment.objects.filter(state=State.PENDING).count() == 10
    by_place = list(ModerationEntry.objects.order_by("pk").values_list("comment", flat=True))
    assert by_place == [comment.pk for comment in comments[:100]]
    assert gaps[-1] < LONGEST_GAP
    assert whole < 120


def test_what_cannot_be_sent_comes_back(page: Page, cast: Cast, article: Article, watch: Watch) -> None:
    comments = waiting(article, 4)
    open_queue(page, cast.moderator.email)
    page.route("**/decisions/", lambda route: route.abort())

    press(page, "j", "a", "a")

    expect(page.locator("[data-notices]")).to_contain_text("Nothing was decided")
    expect(page.locator("[data-row]")).to_have_count(4)
    assert [int(pk) for pk in page.locator("[data-row]").evaluate_all("rows => rows.map(row => row.dataset.row)")] == [
        comment.pk for comment in comments
    ]
    page.unroute("**/decisions/")
    page.reload()
    press(page, "j", "a")
    expect(said(page)).to_contain_text("Approved")
    watch.problems.clear()  # the browser logs what could not be sent


def test_leaving_with_something_unsent_is_asked_about(page: Page, cast: Cast, article: Article) -> None:
    comments = waiting(article, 3)
    open_queue(page, cast.moderator.email)
    held: list[Route] = []
    page.route("**/decisions/", lambda route: held.append(route))  # noqa: PLW0108 - Playwright takes no builtin
    press(page, "j", "a")
    page.wait_for_timeout(200)
    asked: list[str] = []

    def stay(dialog: Any) -> None:
        asked.append(dialog.type)
        dialog.dismiss()

    page.on("dialog", stay)
    page.evaluate("setTimeout(() => location.assign('/admin/'))")
    page.wait_for_timeout(500)
    assert asked == ["beforeunload"]
    held[0].continue_()
    expect(said(page)).to_contain_text("Approved")
    assert state_of(comments[0]) == State.APPROVED


def test_new_ones_are_announced_and_nothing_moves(page: Page, cast: Cast, article: Article) -> None:
    comments = waiting(article, 20)
    open_queue(page, cast.moderator.email)
    row(page, comments[8]).focus()
    before = row(page, comments[8]).bounding_box()
    now = timezone.now()
    for index in range(7):
        make_comment(article, f"New {index}", state=State.PENDING, created_at=now, waiting_since=now, rank_at=now)
    moderation.decide(comments[9:10], State.REJECTED, actor=cast.chief)
    moderation.decide(comments[8:9], State.REJECTED, actor=cast.chief)

    page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")

    button = page.get_by_role("button", name="7 new comments: show them")
    expect(button).to_be_visible()
    expect(row(page, comments[9])).to_have_count(0)
    expect(row(page, comments[8])).to_contain_text("decided by Chiara Chief in the meantime: refused")
    after = row(page, comments[8]).bounding_box()
    assert before is not None
    assert after is not None
    assert abs(after["y"] - before["y"]) < 1
    press(page, "a")
    assert state_of(comments[8]) == State.REJECTED
    press(page, "n")
    expect(button).not_to_be_visible()
    expect(page.locator("[data-row]")).to_have_count(25)


def test_two_moderators_at_once_decide_nothing_twice(open_page: OpenPage, cast: Cast, article: Article) -> None:
    comments = waiting(article, 3)
    first, second = open_page(), open_page()
    open_queue(first, cast.moderator.email)
    open_queue(second, cast.chief.email)

    press(first, "j", "a")
    expect(said(first)).to_contain_text("Approved")
    press(second, "j", "s")

    expect(second.locator("[data-notices]")).to_contain_text("was decided by Mo Moderator in the meantime: approved")
    expect(row(second, comments[0])).to_have_count(0)
    expect(row(second, comments[1])).to_be_focused()
    assert ModerationEntry.objects.count() == 1


def test_words_that_changed_after_the_screen_was_drawn_come_back_to_be_read(
    page: Page, cast: Cast, article: Article
) -> None:
    comments = waiting(article, 2)
    open_queue(page, cast.moderator.email)
    receipts.edit(
        Comment.objects.get(pk=comments[0].pk),
        "Words that nobody saw.",
        seen=receipts.fingerprint(comments[0].text),
        token=tokens.issue(tokens.Origin.PREVIEW),
    )

    press(page, "j", "a")

    expect(page.locator("[data-notices]")).to_contain_text("please read it again")
    expect(row(page, comments[0])).to_contain_text("Words that nobody saw.")
    assert state_of(comments[0]) == State.PENDING

    row(page, comments[0]).focus()
    press(page, "a")
    expect(said(page)).to_contain_text("Approved")
    assert state_of(comments[0]) == State.APPROVED


def test_the_end_of_the_queue_says_so_and_keeps_the_keyboard(page: Page, cast: Cast, article: Article) -> None:
    [comment] = waiting(article, 1)
    open_queue(page, cast.moderator.email)

    press(page, "j", "a")

    expect(page.get_by_text("Nothing waits.")).to_be_visible()
    expect(page.locator("[data-empty]")).to_be_focused()
    press(page, "u")
    expect(row(page, comment)).to_be_focused()
    expect(page.get_by_text("Nothing waits.")).not_to_be_visible()


def test_without_script_all_of_it_is_plain_forms(open_page: OpenPage, cast: Cast, article: Article) -> None:
    comments = waiting(article, 5)
    page = open_page(script=False)
    enter(page, cast.moderator.email)
    page.goto(f"{QUEUE}?order=urgency")

    row(page, comments[0]).get_by_role("button", name="Approve").click()
    expect(page.locator(".messagelist")).to_contain_text("Approved: the comment by Writer 0.")
    assert page.url.endswith("?order=urgency")
    page.get_by_role("button", name="Undo", exact=True).click()
    expect(page.locator(".messagelist")).to_contain_text("1 decision was taken back.")
    for comment in comments[1:3]:
        row(page, comment).locator("[data-tick]").check()
    page.get_by_label("Reason for refusing").select_option("advert")
    page.locator("[data-several]").get_by_role("button", name="Refuse").click()
    expect(page.locator(".messagelist")).to_contain_text("2 comments refused.")
    assert set(ModerationEntry.objects.filter(after=State.REJECTED).values_list("code", flat=True)) == {"advert"}

    row(page, comments[3]).get_by_role("link", name="Reason, reply, history").click()
    page.get_by_label("It attacks or insults somebody").check()
    page.get_by_label("In your own words").fill("Please stay on the subject.")
    page.get_by_role("button", name="Refuse").click()
    expect(page.locator(".messagelist")).to_contain_text("Refused: the comment by Writer 3.")
    page.goto(f"{QUEUE}{comments[4].pk}/change/")
    page.locator("#words").get_by_label("The comment").fill("Better words.")
    page.get_by_role("button", name="Save the words").click()
    expect(page.locator(".messagelist")).to_contain_text("its first words are kept")
    assert Comment.objects.get(pk=comments[4].pk).text == "Better words."
    page.get_by_role("button", name="Undo", exact=True).click()
    assert Comment.objects.get(pk=comments[4].pk).text == "Comment 4."


@pytest.fixture
def full(cast: Cast, article: Article) -> Comment:
    """One of everything; the comment has a past of every kind."""
    waiting(
        article, 4, cluster=1, likeness="domain", findings=[Finding(Code.TRAP).stored(), Finding(Code.FAST).stored()]
    )
    first = make_comment(article, "The first thought", name="Bo")
    whole = make_comment(article, "Cheap watches at https://watches.example/a", parent=first)
    report(whole, "It is an advert")
    moderation.edit(whole, "Watches at https://watches.example/a", actor=cast.chief, seen_text=whole.text)
    moderation.feature(whole, True, actor=cast.chief)
    refused = make_comment(article, "True.", state=State.PENDING)
    moderation.decide([refused], State.REJECTED, actor=cast.chief, code=Reason.LEGAL, reason="Hm.", warning=True)
    appeal(refused, "I can prove it.")
    return whole


@pytest.mark.site
def test_every_part_of_the_desk_is_accessible_in_every_look(page: Page, cast: Cast, full: Comment, nu: Nu) -> None:
    enter(page, cast.moderator.email)
    places = {tab: f"{QUEUE}?state={tab}" for tab in ("pending", "reported", "appeals", "spam")}
    places["detail"] = f"{QUEUE}{full.pk}/change/"
    for name, address in places.items():
        response = page.goto(address)
        assert response is not None
        assert nu(response.text()) == [], name
        for look in looks(page):
            page.wait_for_timeout(300)  # colours of the admin's links fade from one scheme to the other
            assert axe(page, within="#content") == [], f"{name} {look}"
            assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), f"{name} {look}"
            picture(page, f"desk-comments-{name}-{look}")


@pytest.mark.parametrize("dialog", ["r", "?", "e", "x"])
def test_dialogs_are_accessible_in_every_look(page: Page, cast: Cast, article: Article, dialog: str) -> None:
    waiting(article, 2)
    open_queue(page, cast.moderator.email)
    press(page, "j", dialog)
    for look in looks(page):
        page.wait_for_timeout(300)
        assert axe(page, within="#content") == [], f"{dialog} {look}"
        picture(page, f"desk-comments-{'select' if dialog == 'x' else dialog.replace('?', 'help')}-{look}")


@needs_attacks
def test_no_payload_acts_at_the_desk(page: Page, cast: Cast, article: Article) -> None:
    hostile = [payload for payload in payloads() if "\x00" not in payload][::97]
    for payload in hostile:
        findings = [Finding(Code.FAST, {"number": payload}).stored()]
        one = make_comment(article, payload, name=payload[:80], state=State.PENDING, findings=findings)
        report(one, payload[:500])
    open_queue(page, cast.moderator.email)
    acted: list[str] = []

    def note(dialog: Dialog) -> None:
        acted.append(dialog.message)
        dialog.dismiss()

    page.on("dialog", note)
    for _ in range(40):
        press(page, "j", "o")
    press(page, "e")
    page.wait_for_timeout(500)
    assert acted == []
