"""The whole life of a receipt in a real browser: posted, changed, refused, appealed, approved, answered, stopped."""

import re
from datetime import timedelta
from email import message_from_bytes, policy
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

from articles.models import Article
from comments import moderation
from comments.models import Comment, State, Subscription
from tests.browser.conftest import OpenPage
from tests.browser.nu import Nu
from tests.browser.visiting import axe, looks, picture
from tests.browser.watching import Watch
from tests.conftest import Cast
from tests.factories import make_article, make_comment
from tests.receipt_pages import deliver, make_follower

pytestmark = pytest.mark.django_db(transaction=True)

DECIDED = timedelta(minutes=3)


@pytest.fixture
def article(transactional_db: None) -> Article:
    return make_article("Night bus 14 is to run until three")


@pytest.fixture
def letters(tmp_path: Path, settings: Any) -> Any:
    """The mails that were sent, in order, from a directory as a mail backend of files writes it."""
    settings.EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
    settings.EMAIL_FILE_PATH = str(tmp_path)

    def read() -> list[Any]:
        files = sorted(tmp_path.glob("*.log"), key=lambda file: file.stat().st_mtime_ns)
        parts = [part for file in files for part in re.split(rb"\n-{79}\n", file.read_bytes()) if part.strip()]
        return [message_from_bytes(part.lstrip(), policy=policy.default) for part in parts]

    return read


def link_in(letter: Any, start: str) -> str:
    found = re.search(rf"(/comments/{start}/\S+)", letter.get_content())
    assert found, letter.get_content()
    return found[1]


def box(page: Page, label: str) -> Locator:
    return page.get_by_role("textbox", name=label)


def button(page: Page, name: str) -> Locator:
    return page.get_by_role("button", name=name, exact=True)


def the_comment() -> Comment:
    return Comment.objects.get(email="ana@example.org")


def decide(state: State, cast: Cast, reason: str = "") -> None:
    moderation.decide([the_comment()], state, actor=cast.moderator, reason=reason)


def post_and_confirm(page: Page, article: Article, letters: Any, script: bool) -> str:
    """Post a comment with the wish for mail, confirm the address; returns the receipt's address."""
    page.goto(article.get_absolute_url())
    box(page, "Comment").fill("I waited for this.")
    box(page, "Name").fill("Ana")
    box(page, "Email").fill("ana@example.org")
    page.get_by_label("What becomes of my comment, and replies to it").check()
    button(page, "Post comment").click()
    if script:
        page.get_by_role("link", name="Follow your comment by its private link").click()
    else:
        button(page, "Post comment").click()
    expect(page.locator(".receipt__state")).to_have_text("Awaiting moderation")
    receipt = page.url
    deliver()
    [asking] = letters()
    page.goto(link_in(asking, "mail"))
    button(page, "Yes, mail me").click()
    expect(page.get_by_role("heading", name="Your address is confirmed")).to_be_visible()
    if script:
        page.get_by_label("Remember in this browser").check()
        expect(page.get_by_text("This browser remembers it.")).to_be_visible()
        assert page.evaluate("localStorage.getItem('newsroom-browser-key')")
    return receipt


def change(page: Page, receipt: str) -> None:
    page.goto(receipt)
    page.get_by_text("Change it").click()
    box(page, "Your comment").fill("I have waited for this.\n\nSince 1998.")
    button(page, "Preview").click()
    expect(page.locator(".comment__text")).to_contain_text("Since 1998.")
    button(page, "Save").click()
    expect(page.get_by_text("Your new words are stored.")).to_be_visible()


def hear_of_the_refusal_and_appeal(page: Page, letters: Any) -> None:
    assert letters()[-1]["Subject"] == "Your comment was not published"
    page.goto(link_in(letters()[-1], "receipt"))
    expect(page.locator(".receipt")).to_contain_text("Please say where you waited.")
    page.get_by_text("Ask us to look again").click()
    box(page, "Why should we look again?").fill("At the harbour, as I said.")
    button(page, "Ask to look again").click()
    expect(page.locator(".receipt").last).to_contain_text("a moderator has yet to do so")


def stop(page: Page, letters: Any) -> None:
    reply = letters()[-1]
    assert (reply["Subject"], reply["To"]) == ("A reply to your comment", "ana@example.org")
    page.goto(link_in(reply, "mail"))
    button(page, "Stop it").click()
    expect(page.get_by_role("heading", name="You get no more of this mail")).to_be_visible()
    assert not Subscription.objects.exists()


def take_back_and_bring_back(page: Page, receipt: str, article: Article) -> None:
    page.goto(receipt)
    button(page, "Take my comment back").click()
    button(page, "Take it back").click()
    expect(page.locator(".receipt__state")).to_have_text("Taken back")
    page.goto(article.get_absolute_url())
    expect(page.get_by_text("This comment was taken back by its writer.")).to_be_visible()
    expect(page.get_by_text("So did we.")).to_be_visible()
    page.goto(receipt)
    button(page, "Bring it back").click()
    expect(page.locator(".receipt__state")).to_have_text("Published")


@pytest.mark.parametrize("script", [True, False])
def test_the_whole_life_of_a_receipt(
    open_page: OpenPage, cast: Cast, article: Article, letters: Any, script: bool
) -> None:
    page = open_page(script=script)
    receipt = post_and_confirm(page, article, letters, script)
    change(page, receipt)
    decide(State.REJECTED, cast, "Please say where you waited.")
    deliver(DECIDED)
    hear_of_the_refusal_and_appeal(page, letters)

    decide(State.APPROVED, cast)
    deliver(DECIDED)
    assert letters()[-1]["Subject"] == "Your comment was published"
    page.reload()
    page.get_by_role("link", name="See it under the article").click()
    expect(page.locator(f"#comment-{the_comment().pk}")).to_contain_text("Since 1998.")

    moderation.reply_as_staff(the_comment(), "So did we.", cast.moderator)
    deliver(DECIDED)
    stop(page, letters)
    take_back_and_bring_back(page, receipt, article)


@pytest.mark.parametrize("script", [True, False])
def test_everything_of_ones_own_is_asked_for_seen_and_erased(
    open_page: OpenPage, article: Article, letters: Any, script: bool
) -> None:
    make_follower(make_comment(article, "Words of mine", email="ana@example.org"))
    page = open_page(script=script)
    page.goto("/comments/yours/")
    box(page, "Email").fill("ana@example.org")
    button(page, "Mail me the link").click()
    expect(page.get_by_text("If anybody ever commented with this address")).to_be_visible()

    deliver()
    page.goto(link_in(letters()[-1], "yours"))
    expect(page.get_by_text("Words of mine")).to_be_visible()
    with page.expect_download() as download:
        page.get_by_role("link", name="Save it all as a file").click()
    assert "Words of mine" in download.value.path().read_text()
    page.get_by_label("Yes, erase everything").check()
    button(page, "Erase everything").click()
    expect(page.get_by_role("heading", name="Everything of yours is erased")).to_be_visible()
    assert not Comment.objects.exclude(text="").exists()


def test_a_report_is_sent_from_a_dialog_and_focus_comes_back(page: Page, article: Article, watch: Watch) -> None:
    comment = make_comment(article, "You are all fools.", name="Ben")
    page.goto(article.get_absolute_url())
    link = page.get_by_role("link", name="Report the comment by Ben")
    link.focus()
    page.keyboard.press("Enter")
    dialog = page.get_by_role("dialog", name="Report a comment")
    expect(dialog).to_be_visible()
    assert axe(page, within=".report-dialog") == []
    for look in looks(page):
        picture(page, f"report-{look}")
    button(page, "Report it").click()
    expect(dialog).to_contain_text("Please choose what is wrong with it.")
    dialog.get_by_label("It attacks or insults somebody").check()
    button(page, "Report it").click()
    expect(dialog).to_contain_text("A moderator reads your report")
    page.keyboard.press("Escape")
    expect(dialog).to_have_count(0)
    expect(link).to_be_focused()
    comment.refresh_from_db()
    assert comment.open_reports == 1
    watch.problems[:] = [problem for problem in watch.problems if "422" not in problem]


def test_without_script_the_report_is_a_page(open_page: OpenPage, article: Article) -> None:
    make_comment(article, "You are all fools.", name="Ben")
    page = open_page(script=False)
    page.goto(article.get_absolute_url())
    page.get_by_role("link", name="Report the comment by Ben").click()
    page.get_by_label("It attacks or insults somebody").check()
    button(page, "Report it").click()

    expect(page.get_by_text("A moderator reads your report")).to_be_visible()


@pytest.mark.site
def test_private_pages_are_accessible_and_valid_in_every_look(page: Page, article: Article, cast: Cast, nu: Nu) -> None:
    comment = make_comment(article, "Words", email="ana@example.org")
    row = make_follower(comment)
    moderation.decide([comment], State.REJECTED, actor=cast.moderator, reason="No")
    shown = make_comment(article, email="ana@example.org")
    for address in (
        f"/comments/receipt/{comment.receipt}/",
        f"/comments/receipt/{shown.receipt}/",
        f"/comments/mail/{row.secret}/stop/",
        f"/comments/{shown.pk}/report/",
        "/comments/yours/",
    ):
        page.goto(address)
        assert nu(page.content()) == []
        page.evaluate("document.querySelectorAll('details').forEach((part) => { part.open = true; })")
        for look in looks(page):
            assert axe(page) == [], (address, look)
            assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), (address, look)
