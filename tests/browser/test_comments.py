"""Leave a Reply in a real browser, with script and without, and the desk that decides."""

import pytest
from django.template import Context, Template
from playwright.sync_api import Dialog, Locator, Page, expect
from pytest_django import Settings

from articles.models import Article
from articles.page_plan import PagePlan
from comments import moderation
from comments.models import Comment, State
from tests.browser.conftest import OpenPage
from tests.browser.nu import Nu
from tests.browser.visiting import axe, looks, picture
from tests.browser.watching import Watch
from tests.conftest import Cast
from tests.factories import make_article, make_comment
from tests.test_comment_hostile import needs_attacks, payloads

pytestmark = pytest.mark.django_db(transaction=True)

QUEUE = "/admin/comments/comment/"


@pytest.fixture
def article(transactional_db: None) -> Article:
    article = make_article("Night bus 14 is to run until three")
    first = make_comment(article, "I have waited for this.\n\nSee https://transit.example/n14", name="Hedda Lorn")
    make_comment(article, "Until four would be better.", name="Tomas", parent=first)
    gone = make_comment(article, "gone", state=State.REJECTED)
    make_comment(article, "I disagree, politely.", name="Anneke", parent=gone)
    return article


def box(page: Page, label: str) -> Locator:
    return page.get_by_role("textbox", name=label)


def write(page: Page, text: str = "Well said.") -> None:
    box(page, "Comment").fill(text)
    box(page, "Name").fill("Ana")
    box(page, "Email").fill("ana@example.org")


def post(page: Page) -> None:
    page.get_by_role("button", name="Post comment").click()


def test_without_script_a_comment_is_previewed_edited_posted_and_followed(
    open_page: OpenPage, cast: Cast, article: Article
) -> None:
    page = open_page(script=False)
    page.goto(article.get_absolute_url())
    write(page, "First thought\n\nSecond <b>thought</b>")
    post(page)
    expect(page.get_by_role("heading", name="Check your comment")).to_be_visible()
    expect(page.locator(".comment__text")).to_contain_text("Second <b>thought</b>")

    page.get_by_role("button", name="Edit").click()
    expect(box(page, "Comment")).to_have_value("First thought\n\nSecond <b>thought</b>")
    box(page, "Comment").fill("Better thought")
    post(page)
    post(page)
    expect(page.locator(".receipt")).to_contain_text("Awaiting moderation")

    moderation.decide(Comment.objects.pending(), State.APPROVED, actor=cast.moderator)
    page.reload()
    page.get_by_role("link", name="See it under the article").click()
    expect(page.locator("#comments")).to_contain_text("Better thought")
    assert page.context.cookies() == []


def test_with_script_a_comment_is_posted_without_leaving_the_page(page: Page, article: Article) -> None:
    page.goto(article.get_absolute_url())
    page.evaluate("window.sameDocument = true")
    write(page)
    post(page)

    done = page.locator(".receipt")
    expect(done).to_contain_text("awaiting moderation")
    expect(done).to_be_focused()
    assert page.evaluate("window.sameDocument")
    assert Comment.objects.get(name="Ana").state == State.PENDING
    done.get_by_role("link").click()
    expect(page.get_by_role("heading", name="Your comment")).to_be_visible()
    assert page.context.cookies() == []


def test_the_form_moves_to_the_comment_being_answered_and_back(page: Page, article: Article) -> None:
    page.goto(article.get_absolute_url())
    answered = Comment.objects.get(name="Tomas")
    page.get_by_role("link", name="Reply to Tomas").click()
    expect(page.locator(f"#comment-{answered.pk} + .respond")).to_be_visible()
    expect(box(page, "Comment")).to_be_focused()
    expect(page.locator(".respond__answering")).to_contain_text("Replying to Tomas")

    page.get_by_role("button", name="Cancel reply").click()
    expect(page.get_by_role("link", name="Reply to Tomas")).to_be_focused()
    expect(page.locator("#comments > .respond")).to_be_visible()

    page.get_by_role("link", name="Reply to Tomas").click()
    write(page)
    post(page)
    expect(page.locator(".receipt")).to_be_visible()
    assert Comment.objects.get(name="Ana").parent == answered

    page.get_by_role("button", name="Write another comment").click()
    expect(page.locator("#comments > .respond")).to_be_visible()
    expect(box(page, "Comment")).to_be_focused()
    box(page, "Comment").fill("And to everybody: thank you.")
    post(page)
    expect(page.locator(".receipt")).to_be_visible()
    assert Comment.objects.get(text="And to everybody: thank you.").parent is None


def test_an_answer_to_what_is_gone_is_sent_again_as_a_comment_of_its_own(
    page: Page, watch: Watch, article: Article, cast: Cast
) -> None:
    page.goto(article.get_absolute_url())
    page.get_by_role("link", name="Reply to Tomas").click()
    write(page)
    moderation.decide([Comment.objects.get(name="Tomas")], State.REJECTED, actor=cast.moderator)
    post(page)
    expect(page.locator("[data-status]")).to_contain_text("no longer here")
    expect(page.locator(".respond__answering")).to_be_hidden()
    expect(box(page, "Comment")).to_have_value("Well said.")

    post(page)

    expect(page.locator(".receipt")).to_be_visible()
    assert Comment.objects.get(name="Ana").parent is None
    watch.problems.clear()  # browsers log the answer 422 as an error


@pytest.mark.parametrize("script", [True, False])
def test_a_long_discussion_is_turned_and_ordered_with_script_and_without(
    open_page: OpenPage, settings: Settings, article: Article, *, script: bool
) -> None:
    settings.COMMENTS_PER_PAGE = 5
    for index in range(5):
        make_comment(article, f"remark {index}")
    page = open_page(script=script)
    page.goto(article.get_absolute_url())

    pager = page.get_by_role("navigation", name="Pages of comments")
    pager.get_by_role("link", name="Next").click()

    expect(page.get_by_text("remark 4")).to_be_visible()
    expect(page.get_by_text("I have waited for this.")).to_have_count(0)
    stayed = page.url.endswith(article.get_absolute_url())
    assert stayed is script
    if script:
        expect(page.get_by_role("heading", name="8 comments")).to_be_focused()

    page.get_by_role("link", name="Newest first").click()

    expect(page.locator(".comments__list > li").first).to_contain_text("remark 4")
    expect(page.locator(".comments__orders [aria-current=true]")).to_have_text("Newest first")


def test_turning_pages_takes_the_form_home_and_loses_no_word(page: Page, settings: Settings, article: Article) -> None:
    settings.COMMENTS_PER_PAGE = 5
    for index in range(5):
        make_comment(article, f"remark {index}")
    page.goto(article.get_absolute_url())
    page.get_by_role("link", name="Reply to Tomas").click()
    box(page, "Comment").fill("Half a thought")

    page.get_by_role("link", name="Next").click()

    expect(page.get_by_text("remark 4")).to_be_visible()
    expect(box(page, "Comment")).to_have_value("Half a thought")


def test_a_branch_can_be_folded_by_keyboard(page: Page, article: Article) -> None:
    page.goto(article.get_absolute_url())
    fold = page.get_by_text("1 reply").first
    expect(page.get_by_text("Until four would be better.")).to_be_visible()

    fold.focus()
    page.keyboard.press("Enter")

    expect(page.get_by_text("Until four would be better.")).to_be_hidden()


def test_an_answer_works_without_script(open_page: OpenPage, article: Article) -> None:
    page = open_page(script=False)
    page.goto(article.get_absolute_url())
    page.get_by_role("link", name="Reply to Tomas").click()
    expect(page.get_by_role("heading", name="Reply to Tomas")).to_be_visible()
    write(page)
    post(page)
    post(page)

    assert Comment.objects.get(name="Ana").answers == Comment.objects.get(name="Tomas")


def test_a_name_is_remembered_only_by_consent_and_only_in_the_browser(page: Page, article: Article) -> None:
    page.goto(article.get_absolute_url())
    write(page)
    post(page)
    expect(page.locator(".receipt")).to_be_visible()
    assert page.evaluate("Object.keys(localStorage)") == []

    page.reload()
    write(page, "Another thought.")
    page.get_by_label("Save my name").check()
    post(page)
    expect(page.locator(".receipt")).to_be_visible()
    page.reload()
    expect(box(page, "Email")).to_have_value("ana@example.org")
    expect(box(page, "Comment")).to_have_value("")


def test_what_is_wrong_is_said_in_place_and_the_text_stays(page: Page, watch: Watch, article: Article) -> None:
    page.goto(article.get_absolute_url())
    write(page, "Long thoughts")
    box(page, "Website").fill("javascript:alert(1)")
    post(page)

    expect(page.locator(".field--website .field__error")).to_contain_text("https://")
    expect(box(page, "Website")).to_be_focused()
    expect(box(page, "Comment")).to_have_value("Long thoughts")
    assert axe(page, within="#comments") == []
    watch.problems.clear()  # browsers log the answer 422 as an error

    box(page, "Website").fill("")
    post(page)
    expect(page.locator(".receipt")).to_be_visible()


def test_without_connection_the_text_stays(page: Page, watch: Watch, article: Article) -> None:
    page.goto(article.get_absolute_url())
    write(page, "Long thoughts")
    page.context.set_offline(True)
    post(page)

    expect(page.locator("[data-status]")).to_contain_text("try again")
    expect(box(page, "Comment")).to_have_value("Long thoughts")
    watch.problems.clear()  # browsers log that they are offline
    page.context.set_offline(False)
    post(page)
    expect(page.locator(".receipt")).to_be_visible()


@pytest.mark.site
def test_every_page_of_comments_is_accessible_in_every_look_and_valid(
    open_page: OpenPage, nu: Nu, article: Article
) -> None:
    page, plain = open_page(), open_page(script=False)
    answered = Comment.objects.get(name="Tomas")
    waiting = make_comment(article, state=State.PENDING)
    for name, address in {
        "section": article.get_absolute_url(),
        "reply": f"/comments/{article.pk}/?reply_to={answered.pk}",
        "receipt": f"/comments/receipt/{waiting.receipt}/",
    }.items():
        response = page.goto(address)
        assert response is not None
        assert nu(response.body()) == []
        for look in looks(page):
            assert axe(page, within="main") == [], f"{name} {look}"
            picture(page, f"comments-{name}-{look}")

    plain.goto(article.get_absolute_url())
    write(plain)
    post(plain)
    assert nu(plain.content()) == []
    picture(plain, "comments-preview")


@needs_attacks
def test_no_payload_acts_in_a_comment_even_without_our_policy(open_page: OpenPage, article: Article) -> None:
    for payload in [line for line in payloads() if len(line) < 8000 and "\x00" not in line][::12]:
        make_comment(article, payload, name=payload[:80])
    section = Template("{% load comment_section %}{% comments %}")
    html = section.render(Context({"article": article, "plan": PagePlan(article=article)}))

    assert acted(open_page(), html) == []


@pytest.mark.parametrize("raw", ["<img src=x onerror=alert(1)>", "<svg onload=alert(1)>", "<script>alert(1)</script>"])
def test_control_a_raw_payload_acts(open_page: OpenPage, raw: str) -> None:
    assert acted(open_page(), f"<section>{raw}</section>") == ["alert"]


def acted(page: Page, html: str) -> list[str]:
    """The dialogs that open when ``html`` stands on a page without any policy and is touched."""
    seen: list[str] = []

    def note(dialog: Dialog) -> None:
        seen.append(dialog.type)
        dialog.dismiss()

    page.on("dialog", note)
    page.route("**/*", lambda route: route.abort())
    page.set_content(html, wait_until="domcontentloaded")
    page.mouse.move(200, 200)
    page.wait_for_timeout(500)
    page.context.clear_cookies()
    return seen
