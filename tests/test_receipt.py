"""What the writer of a comment can do on its private page, and what they are told there."""

from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from articles.models import Article, Status
from comments import moderation, receipts, thread_pages
from comments.models import Appeal, Comment, ModerationEntry, Reason, State
from pagecache.models import Key
from tests.concurrency import at_once
from tests.conftest import Cast
from tests.factories import make_article, make_comment
from tests.receipt_pages import page_of, send, token, words

NOON = datetime(2026, 5, 4, 12, tzinfo=UTC)


@pytest.fixture
def article(db: None) -> Article:
    return make_article(publish_at=NOON - timedelta(hours=1))


@pytest.fixture
def comment(article: Article) -> Any:
    with time_machine.travel(NOON, tick=False):
        yield make_comment(article, "Well sayd.", state=State.PENDING)


def version(article: Article) -> int:
    return sum(Key.objects.filter(name=f"comments:{article.pk}").values_list("version", flat=True))


def edit(comment: Comment, text: str, seen: str | None = None) -> Comment:
    before = receipts.fingerprint(comment.text) if seen is None else seen
    return receipts.edit(comment, text, seen=before, token=token())


def test_taking_back_asks_first_and_leaves_the_answers_of_others(
    client: Client, article: Article, comment: Comment, cast: Cast
) -> None:
    moderation.decide([comment], State.APPROVED, actor=cast.moderator)
    answer = make_comment(article, "I agree.", parent=comment)
    before = version(article)

    asked = send(client, "withdrawal", comment.receipt)
    assert "Take your comment back?" in words(asked)
    assert Comment.objects.get(pk=comment.pk).state == State.APPROVED
    response = send(client, "withdrawal", comment.receipt, sure="yes")

    assert response.status_code == 303
    assert Comment.objects.get(pk=comment.pk).state == State.WITHDRAWN
    answer.refresh_from_db()
    assert (answer.state, answer.parent_id) == (State.APPROVED, comment.pk)
    assert version(article) == before + 1
    page = page_of(client, comment)
    assert "Taken back" in page
    assert "Bring it back" in page


def test_taking_back_can_be_undone_for_some_minutes(client: Client, comment: Comment, cast: Cast) -> None:
    moderation.decide([comment], State.APPROVED, actor=cast.moderator)
    send(client, "withdrawal", comment.receipt, sure="yes")

    with time_machine.travel(NOON + timedelta(minutes=9), tick=False):
        assert send(client, "withdrawal", comment.receipt, action="undo").status_code == 303
    assert Comment.objects.get().state == State.APPROVED

    with time_machine.travel(NOON + timedelta(days=2), tick=False):
        send(client, "withdrawal", comment.receipt, sure="yes")
    with time_machine.travel(NOON + timedelta(days=2, minutes=10), tick=False):
        assert "Bring it back" not in page_of(client, comment)
        assert send(client, "withdrawal", comment.receipt, action="undo").status_code == 409
    assert Comment.objects.get().state == State.WITHDRAWN


def test_taking_back_closes_appeal_and_reports_and_undoing_opens_them_again(comment: Comment) -> None:
    comment.open_reports, comment.appealed_at = 2, NOON
    comment.save()
    receipts.withdraw(comment, token=token())
    comment.refresh_from_db()
    assert [comment.open_reports, comment.appealed_at] == [0, None]

    receipts.give_back(comment, token=token())

    comment.refresh_from_db()
    assert [comment.open_reports, comment.appealed_at, comment.state] == [2, NOON, State.PENDING]


def test_a_refusal_is_told_with_its_reason_and_warning(client: Client, comment: Comment, cast: Cast) -> None:
    [entry] = moderation.decide([comment], State.REJECTED, actor=cast.moderator, reason="Please stay\u202e kind <b>")
    ModerationEntry.objects.filter(pk=entry.pk).update(code=Reason.ABUSE, warning=True)

    page = page_of(client, comment)

    assert "It attacks or insults somebody." in page
    assert "Please stay\ufffd kind &lt;b&gt;" in page
    assert "This is a warning" in page
    assert "Change it" not in page


def test_a_refusal_can_be_appealed_once(client: Client, comment: Comment, cast: Cast) -> None:
    moderation.decide([comment], State.REJECTED, actor=cast.moderator)
    assert "Ask us to look again" in page_of(client, comment)

    first = send(client, "appeal", comment.receipt, text="I was quoting the mayor.")
    second = send(client, "appeal", comment.receipt, text="Once more & again")

    assert (first.status_code, second.status_code) == (303, 409)
    assert Appeal.objects.get().text == "I was quoting the mayor."
    assert Comment.objects.get().appealed_at == NOON
    page = page_of(client, comment)
    assert "a moderator has yet to do so" in page
    assert "Ask us to look again" not in page


def test_only_a_refusal_can_be_appealed(comment: Comment) -> None:
    with pytest.raises(receipts.TooLateError):
        receipts.appeal(comment, "Why so slow?", token=token())


@pytest.mark.parametrize("text", ["", "x" * 1001, "a\x00b"])
def test_an_appeal_that_cannot_be_taken_stays_in_its_form(
    client: Client, comment: Comment, cast: Cast, text: str
) -> None:
    moderation.decide([comment], State.REJECTED, actor=cast.moderator)

    response = send(client, "appeal", comment.receipt, text=text)

    assert response.status_code == 422
    assert '<details class="own" open>' in words(response)
    assert not Appeal.objects.exists()


def test_spam_that_nobody_judged_is_told_like_what_waits(client: Client, article: Article, cast: Cast) -> None:
    comment = make_comment(article, state=State.SPAM)
    assert "Awaiting moderation" in page_of(client, comment)

    comment = make_comment(article)
    moderation.decide([comment], State.SPAM, actor=cast.moderator)
    page = page_of(client, comment)
    assert "Not published" in page
    assert "spam" not in page.lower()


def test_a_refusal_taken_back_and_made_anew_tells_the_newest_reason(
    client: Client, comment: Comment, cast: Cast
) -> None:
    [first] = moderation.decide([comment], State.REJECTED, actor=cast.moderator, reason="The first reason")
    moderation.undo(first, cast.moderator)
    comment.refresh_from_db()
    moderation.decide([comment], State.REJECTED, actor=cast.moderator, reason="The second reason")

    page = page_of(client, comment)

    assert "The second reason" in page
    assert "The first reason" not in page


def test_a_hidden_article_is_not_named(client: Client, comment: Comment) -> None:
    comment.article.status = Status.DRAFT
    comment.article.headline = "Embargoed words"
    comment.article.save()

    assert "Embargoed" not in page_of(client, comment)
    assert "Embargoed" not in words(send(client, "withdrawal", comment.receipt))


@pytest.mark.once
def test_the_page_costs_the_same_whatever_was_decided(
    client: Client, article: Article, cast: Cast, django_assert_max_num_queries: Any
) -> None:
    comment = make_comment(article)
    for _round in range(6):
        [entry] = moderation.decide([comment], State.REJECTED, actor=cast.moderator)
        moderation.undo(entry, cast.moderator)
        comment.refresh_from_db()
    moderation.decide([comment], State.REJECTED, actor=cast.moderator)

    with django_assert_max_num_queries(12):
        page_of(client, comment)


def test_private_pages_are_stored_nowhere_and_tell_nobody_their_address(client: Client, comment: Comment) -> None:
    for response in (
        client.get(reverse("comments:receipt", args=[comment.receipt])),
        send(client, "words", comment.receipt, text="x", action="preview"),
        send(client, "words", comment.receipt, text="x", action="preview", token="forged"),
    ):
        assert "no-store" in response["Cache-Control"]
        assert response["Referrer-Policy"] == "no-referrer"
        assert response["X-Robots-Tag"] == "noindex"
        assert '<meta name="robots" content="noindex">' in words(response)
        assert not response.cookies


@pytest.mark.django_db(transaction=True)
def test_fifty_withdrawals_and_edits_at_once_leave_one_whole_story() -> None:
    comment = make_comment(make_article(), "The beginning", created_at=timezone.now())
    seen = receipts.fingerprint(comment.text)
    withdrawals = [partial(receipts.withdraw, comment, token=token()) for _n in range(25)]
    edits = [partial(receipts.edit, comment, f"Words {n}", seen=seen, token=token()) for n in range(25)]

    errors = at_once([*withdrawals, *edits])

    assert {type(error) for error in errors} <= {receipts.TooLateError, receipts.OtherWordsError}
    comment.refresh_from_db()
    assert comment.state == State.WITHDRAWN
    story = list(ModerationEntry.objects.order_by("pk").values_list("before", "after"))
    assert [after for _before, after in story][:-1] == [before for before, _after in story][1:]
    assert [after for _before, after in story].count(State.WITHDRAWN) == 1


def test_the_place_of_a_comment_taken_back_says_so_and_keeps_the_answers(
    client: Client, article: Article, cast: Cast, django_assert_num_queries: Any
) -> None:
    with time_machine.travel(NOON, tick=False):
        comment = make_comment(article, "Words to forget", name="Forgotten")
        make_comment(article, "I agree.", parent=comment)
        talk = thread_pages.threads_of(article)
        with django_assert_num_queries(0):
            talk.shown(1)
        receipts.withdraw(comment, token=token())

        talk = thread_pages.threads_of(article)
        with django_assert_num_queries(1):
            talk.shown(1)
        page = words(client.get(article.get_absolute_url()))

    assert "This comment was taken back by its writer." in page
    assert "I agree." in page
    assert "Words to forget" not in page
    assert "Forgotten" not in page


def test_a_published_comment_has_a_way_to_report_it(client: Client, article: Article) -> None:
    with time_machine.travel(NOON, tick=False):
        comment = make_comment(article, name='Ana "x"')
        page = words(client.get(article.get_absolute_url()))

    assert f'href="/comments/{comment.pk}/report/" data-report' in page
    assert "Report the comment by Ana &quot;x&quot;" in page


def test_looking_at_a_receipt_asks_for_each_thing_once(client: Client, comment: Comment, cast: Cast) -> None:
    address = reverse("comments:receipt", args=[comment.receipt])
    with CaptureQueriesContext(connection) as waiting:
        client.get(address)
    moderation.decide([comment], State.APPROVED, actor=cast.moderator)
    with CaptureQueriesContext(connection) as published:
        client.get(address)

    for queries in (waiting, published):
        asked = [query["sql"] for query in queries]
        assert len(asked) == len(set(asked)) <= 6
    assert any("deskpromise" in query["sql"] for query in waiting)
    assert not any("deskpromise" in query["sql"] for query in published)
