"""Changing the words of a comment on its private page."""

from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any

import pytest
import time_machine
from django.test import Client
from django.utils import timezone

from articles.models import Article
from comments import moderation, receipts, standing
from comments.models import Comment, FormerWords, ModerationEntry, SpentToken, State
from comments.pipeline import steps
from comments.pipeline.findings import Code, Finding, Push
from pagecache.models import Key
from tests.concurrency import at_once
from tests.conftest import Cast
from tests.factories import make_article, make_comment
from tests.receipt_pages import hidden, page_of, send, token, words

pytestmark = pytest.mark.once

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


def test_a_waiting_comment_is_changed_within_the_window_and_says_so(client: Client, comment: Comment) -> None:
    page = page_of(client, comment)
    assert 'data-until="2026-05-04T12:10:00+00:00"' in page
    assert "Change it" in page

    response = send(client, "words", comment.receipt, text="Well said.", seen=hidden(page, "seen"), action="save")

    assert response.status_code == 303
    changed = Comment.objects.get()
    assert (changed.text, changed.state, changed.edited_at) == ("Well said.", State.PENDING, NOON)
    assert [former.text for former in changed.former_words.all()] == ["Well sayd."]
    assert changed.findings[0]["code"] == Code.CHANGED
    entry = changed.decisions.get()
    assert (entry.kind, entry.by, entry.before, entry.after) == ("edit", None, State.PENDING, State.PENDING)
    page = words(client.get(response["Location"]))
    assert "Your new words are stored." in page
    assert "changed 4 May 2026" in page


def test_after_the_window_nothing_changes_and_the_text_stays(client: Client, comment: Comment) -> None:
    seen = receipts.fingerprint(comment.text)
    with time_machine.travel(NOON + timedelta(minutes=10), tick=False):
        assert "Change it" not in page_of(client, comment)
        response = send(client, "words", comment.receipt, text="Too late & true", seen=seen, action="save")

    assert response.status_code == 409
    assert "Too late &amp; true</textarea>" in words(response)
    assert Comment.objects.get().text == "Well sayd."
    assert not SpentToken.objects.exists()


def test_the_window_is_a_setting_and_may_be_none(client: Client, comment: Comment, settings: Any) -> None:
    settings.COMMENT_EDIT_MINUTES = 0

    assert "Change it" not in page_of(client, comment)
    with pytest.raises(receipts.TooLateError):
        edit(comment, "x")


def test_new_words_can_be_looked_at_before_they_are_stored(client: Client, comment: Comment) -> None:
    seen = receipts.fingerprint(comment.text)
    preview = words(send(client, "words", comment.receipt, text="A <b>new</b>\nline", seen=seen, action="preview"))

    assert "A &lt;b&gt;new&lt;/b&gt;<br>line" in preview
    assert Comment.objects.get().text == "Well sayd."
    back = words(send(client, "words", comment.receipt, text="A <b>new</b>\nline", seen=seen, action="write"))
    assert "A &lt;b&gt;new&lt;/b&gt;\nline</textarea>" in back
    response = send(
        client, "words", comment.receipt, text=hidden(preview, "text"), seen=hidden(preview, "seen"), action="save"
    )
    assert response.status_code == 303


def test_two_windows_lose_no_words(client: Client, comment: Comment) -> None:
    seen = hidden(page_of(client, comment), "seen")
    send(client, "words", comment.receipt, text="From the first window", seen=seen, action="save")

    response = send(client, "words", comment.receipt, text="From the second window", seen=seen, action="save")

    page = words(response)
    assert response.status_code == 409
    assert Comment.objects.get().text == "From the first window"
    assert "From the first window" in page
    assert "From the second window</textarea>" in page
    again = send(
        client, "words", comment.receipt, text="From the second window", seen=hidden(page, "seen"), action="save"
    )
    assert again.status_code == 303
    assert [former.text for former in FormerWords.objects.all()] == ["Well sayd.", "From the first window"]


@pytest.mark.parametrize("text", ["", " \n ", "x" * 8001, "a\x00b", "\u200b"])
def test_words_that_cannot_be_taken_are_refused_in_words(client: Client, comment: Comment, text: str) -> None:
    seen = receipts.fingerprint(comment.text)
    response = send(client, "words", comment.receipt, text=text, seen=seen, action="save")

    assert response.status_code == 422
    assert 'class="field field--text field--error"' in words(response)
    assert Comment.objects.get().text == "Well sayd."


def test_a_slip_mended_in_a_published_comment_stays_on_the_page(article: Article, comment: Comment, cast: Cast) -> None:
    moderation.decide([comment], State.APPROVED, actor=cast.moderator)
    before = version(article)

    assert edit(comment, "Well said.").state == State.APPROVED

    assert version(article) == before + 1


def test_more_than_a_slip_sends_a_published_comment_back_to_the_queue(
    article: Article, comment: Comment, cast: Cast
) -> None:
    moderation.decide([comment], State.APPROVED, actor=cast.moderator)
    before = version(article)

    with time_machine.travel(NOON + timedelta(minutes=5), tick=False):
        changed = edit(comment, "Something altogether different that nobody of us ever read")

    changed.refresh_from_db()
    assert (changed.state, changed.why, changed.waiting_since) == (
        State.PENDING,
        Code.CHANGED,
        NOON + timedelta(minutes=5),
    )
    assert version(article) == before + 1


def test_an_edit_that_pushes_sends_a_published_comment_back(
    comment: Comment, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    moderation.decide([comment], State.APPROVED, actor=cast.moderator)
    seen: list[Any] = []

    def look(draft: Any, found: Any) -> list[Finding]:
        seen.append(draft.comment)
        return [Finding(Code.OLD, push=Push.HOLD)]

    monkeypatch.setattr(steps, "STEPS", (look,))

    assert edit(comment, "Well said.").state == State.PENDING
    assert seen == [comment]


def test_nobody_gets_out_of_the_queue_or_the_spam_by_rewriting(
    article: Article, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    def trust(draft: Any, found: Any) -> list[Finding]:
        return [Finding(Code.OLD, push=Push.TRUST)]

    monkeypatch.setattr(steps, "STEPS", (trust,))
    with time_machine.travel(NOON, tick=False):
        returned = make_comment(article)
        moderation.decide([returned], State.PENDING, actor=cast.moderator)
        spam = make_comment(article, state=State.SPAM)
        fresh = make_comment(article, state=State.PENDING)

        assert edit(returned, "Rewritten").state == State.PENDING
        assert edit(spam, "Rewritten").state == State.SPAM
        assert edit(fresh, "Rewritten").state == State.APPROVED  # the control


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("Well sayd.", "Well said.", True),
        ("Well said.", "Well said. And so on.", True),
        ("See it", "See https://x.example/", False),
        ("a" * 100, "b" * 100, False),
        ("start " + "x" * 90 + " end", "Start " + "x" * 90 + " End", False),
        ("", "x", True),
        ("aaa", "aa", True),
    ],
)
def test_a_slip_is_small_in_one_place_and_adds_no_address(old: str, new: str, expected: bool) -> None:
    assert receipts.is_slip(old, new) is expected


def test_a_comment_can_be_changed_only_so_often(comment: Comment) -> None:
    for number in range(standing.MAX_CHANGES):
        comment = edit(comment, f"Version {number}")

    with pytest.raises(receipts.TooLateError, match="20 times"):
        edit(comment, "Once more")


@pytest.mark.django_db(transaction=True)
def test_fifty_edits_at_once_lose_no_words() -> None:
    comment = make_comment(make_article(), "The beginning", state=State.PENDING, created_at=timezone.now())
    seen = receipts.fingerprint(comment.text)

    errors = at_once([partial(receipts.edit, comment, f"Words {n}", seen=seen, token=token()) for n in range(50)])

    assert [type(error) for error in errors] == [receipts.OtherWordsError] * 49
    assert FormerWords.objects.get().text == "The beginning"
    assert ModerationEntry.objects.count() == 1
