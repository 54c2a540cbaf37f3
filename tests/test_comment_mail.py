"""Mail about comments: to whom, when, once, and with nothing of a reader's in its headers."""

from datetime import UTC, datetime, timedelta
from email.message import Message
from functools import partial
from typing import Any

import pytest
import time_machine
from django.core import mail
from django.core.mail import EmailMessage
from django.test import Client

from articles.models import Article
from comments import letters, moderation, notices
from comments.models import Appeal, Comment, ModerationEntry, Reason, State, Subscription
from outbox.letters import body_of, headers_of, message_id
from tests.concurrency import at_once
from tests.conftest import Cast
from tests.factories import make_article, make_comment
from tests.receipt_pages import deliver, make_follower, send
from tests.test_comment_hostile import needs_attacks, payloads

NOON = datetime(2026, 5, 4, 12, tzinfo=UTC)
SOON = notices.DELAY + timedelta(seconds=1)
Scope = Subscription.Scope


@pytest.fixture
def article(db: None) -> Any:
    with time_machine.travel(NOON, tick=False):
        yield make_article("Night bus to run")


@pytest.fixture
def comment(article: Article) -> Comment:
    return make_comment(article, "First words", state=State.PENDING, email="ana@example.org", name="Ana")


def subjects() -> list[str]:
    return [str(message.subject) for message in mail.outbox]


@pytest.mark.parametrize(
    ("state", "subject"),
    [(State.APPROVED, "Your comment was published"), (State.REJECTED, "Your comment was not published")],
)
def test_a_decision_is_told_once_some_minutes_later(comment: Comment, cast: Cast, state: State, subject: str) -> None:
    make_follower(comment)
    moderation.decide([comment], state, actor=cast.moderator, reason="A word to you")
    deliver()
    assert mail.outbox == []

    deliver(SOON)
    deliver(SOON * 2)

    assert subjects() == [subject]
    assert f"/comments/receipt/{comment.receipt}/" in mail.outbox[0].body
    assert ("A word to you" in mail.outbox[0].body) is (state == State.REJECTED)


def test_a_refusal_tells_reason_and_warning(comment: Comment, cast: Cast) -> None:
    make_follower(comment)
    [entry] = moderation.decide([comment], State.REJECTED, actor=cast.moderator)
    ModerationEntry.objects.filter(pk=entry.pk).update(code=Reason.HATE, warning=True)
    deliver(SOON)

    assert "hateful" in mail.outbox[0].body
    assert "This is a warning" in mail.outbox[0].body


def test_a_refusal_that_stands_after_an_appeal_says_so(comment: Comment, cast: Cast) -> None:
    make_follower(comment)
    Appeal.objects.create(comment=comment, text="Please", judged_at=NOON)
    moderation.decide([comment], State.REJECTED, actor=cast.moderator)
    deliver(SOON)

    assert "the decision stands" in mail.outbox[0].body
    assert "ask once" not in mail.outbox[0].body


def test_a_decision_undone_or_overtaken_in_time_is_never_told(comment: Comment, cast: Cast) -> None:
    make_follower(comment)
    [first] = moderation.decide([comment], State.REJECTED, actor=cast.moderator)
    moderation.undo(first, cast.moderator)
    comment.refresh_from_db()
    moderation.decide([comment], State.REJECTED, actor=cast.moderator)
    comment.refresh_from_db()
    moderation.decide([comment], State.APPROVED, actor=cast.moderator)
    deliver(SOON)

    assert subjects() == ["Your comment was published"]


def test_a_decision_undone_after_it_was_told_is_corrected(comment: Comment, cast: Cast) -> None:
    make_follower(comment)
    moderation.decide([comment], State.APPROVED, actor=cast.moderator)
    deliver(SOON)
    comment.refresh_from_db()
    [refusal] = moderation.decide([comment], State.REJECTED, actor=cast.moderator)
    deliver(SOON)
    moderation.undo(refusal, cast.moderator)
    deliver(SOON)

    assert subjects() == ["Your comment was published", "Your comment was not published", "Your comment was published"]


@pytest.mark.parametrize("state", [State.SPAM, State.PENDING])
def test_spam_and_what_goes_back_to_the_queue_is_not_told(article: Article, cast: Cast, state: State) -> None:
    comment = make_comment(article)
    make_follower(comment)
    moderation.decide([comment], state, actor=cast.moderator)
    deliver(SOON)

    assert mail.outbox == []


def test_the_system_and_the_writer_themselves_cause_no_mail(client: Client, article: Article) -> None:
    comment = make_comment(article)
    make_follower(comment)
    moderation.decide([comment], State.REJECTED, actor=None)
    send(client, "withdrawal", comment.receipt, sure="yes")
    deliver(SOON)

    assert mail.outbox == []


def test_recurring_mail_can_be_stopped_from_its_headers(comment: Comment, cast: Cast) -> None:
    row = make_follower(comment)
    moderation.decide([comment], State.APPROVED, actor=cast.moderator)
    deliver(SOON)

    headers = mail.outbox[0].message()
    assert headers["List-Unsubscribe"] == f"<http://127.0.0.1:8000/comments/mail/{row.secret}/stop/>"
    assert headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert headers["Auto-Submitted"] == "auto-generated"


def test_the_message_id_is_the_same_on_every_try_and_another_for_another_effect(comment: Comment) -> None:
    assert message_id("a") == message_id("a") != message_id("b")
    assert message_id("a").startswith("<")


def test_a_mail_that_fails_is_tried_again_as_the_same(
    comment: Comment, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_follower(comment)
    tries: list[Any] = []

    def fail_once(self: EmailMessage, fail_silently: bool = False) -> int:
        tries.append(self.extra_headers["Message-ID"])
        if len(tries) == 1:
            raise OSError("no connection")
        return 1

    monkeypatch.setattr(EmailMessage, "send", fail_once)
    moderation.decide([comment], State.APPROVED, actor=cast.moderator)
    deliver(SOON)
    deliver(SOON + timedelta(hours=1))
    deliver(SOON + timedelta(hours=2))

    assert len(tries) == 2
    assert len(set(tries)) == 1


@needs_attacks
@pytest.mark.parametrize("step", [9, pytest.param(1, marks=pytest.mark.soak)])
def test_no_payload_reaches_a_header_or_acts_in_a_body(comment: Comment, cast: Cast, step: int) -> None:
    row = make_follower(comment)
    entry = ModerationEntry(comment=comment, after=State.REJECTED, reason="x")
    for payload in payloads()[::step]:
        article = Article(pk=1, section=comment.article.section, slug="x", headline="Ours")
        hostile = Comment(name=payload[:80], text=payload, receipt="r", state=State.REJECTED)
        entry.reason = payload[:200]
        for letter in (
            letters.answered(hostile, article, row, "/x/"),
            letters.appeared([(hostile, "/x/")], article, row, 1),
            letters.decided(hostile, entry, article, row, "/x/"),
        ):
            message = EmailMessage(
                letter.subject, body_of(letter), to=["a@example.org"], headers=headers_of(letter, "k")
            ).message()
            assert_ours(message, payload)


def assert_ours(message: Message, payload: str) -> None:
    assert set(message.keys()) == {
        "Content-Type",
        "MIME-Version",
        "Content-Transfer-Encoding",
        "Subject",
        "From",
        "To",
        "Date",
        "Message-ID",
        "Auto-Submitted",
        "List-Unsubscribe",
        "List-Unsubscribe-Post",
    }, payload
    assert message["Subject"] in {"A reply to your comment", "1 new comment", "Your comment was not published"}
    assert message.get_content_type() == "text/plain"
    body = message.get_payload(decode=True)
    assert isinstance(body, bytes)
    assert not {"\u202e", "\u2066", "\x00", "\x1b", "\x07"} & set(body.decode()), payload


@pytest.mark.django_db(transaction=True)
def test_many_decisions_at_once_are_one_mail(cast: Cast) -> None:
    comment = make_comment(make_article(), state=State.PENDING)
    make_follower(comment)
    rows = [Comment.objects.get() for _n in range(12)]

    assert at_once([partial(moderation.decide, [row], State.APPROVED, actor=cast.moderator) for row in rows]) == []
    deliver(SOON)

    assert subjects() == ["Your comment was published"]
