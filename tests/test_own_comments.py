"""All that belongs to an address: shown to its owner only, and erased whole."""

import json
import re
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.core import mail
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from articles.models import Article
from comments import bans, erasure, moderation, own_comments, receipts, thread_pages, writers
from comments.models import (
    Appeal,
    Ban,
    Comment,
    ConfirmedAddress,
    FormerWords,
    Mark,
    ModerationEntry,
    OwnLink,
    Report,
    State,
    Subscription,
    WriterNote,
)
from outbox.models import AuditEntry, Effect
from pagecache.models import Key
from tests.conftest import Cast
from tests.factories import make_article, make_comment
from tests.receipt_pages import deliver, make_follower, send, token, words

NOON = datetime(2026, 5, 4, 12, tzinfo=UTC)
ANA = "ana@example.org"


@pytest.fixture
def article(db: None) -> Any:
    with time_machine.travel(NOON, tick=False):
        yield make_article()


@pytest.fixture
def comment(article: Article, cast: Cast) -> Comment:
    """One with all that can hang on one."""
    comment = make_comment(
        article, "Secret words", email=ANA, name="Ana Secret", website="https://secret.example", address_block="f" * 48
    )
    make_follower(comment)
    receipts.edit(comment, "Secret words!", seen=receipts.fingerprint(comment.text), token=token())
    comment.refresh_from_db()
    moderation.decide([comment], State.REJECTED, actor=cast.moderator, reason="You said 'secret'")
    receipts.appeal(comment, "My secret plea", token=token())
    Report.objects.create(comment=comment, complaint="abuse", text="Ana Secret again", source="x")
    Mark.objects.create(comment=comment, kind="text", value=1)
    WriterNote.objects.create(email=ANA, text="A secret note", by=cast.moderator)
    gone = WriterNote.objects.create(email=ANA, text="A secret note that was taken away", by=cast.moderator)
    writers.delete_note(gone, actor=cast.moderator)
    for kind in (Ban.Kind.EMAIL, Ban.Kind.NAME):
        ban, _entries = bans.ban_writer_of(comment, kind, actor=cast.chief, reason="As secret as can be")
        bans.lift(ban, actor=cast.chief)
    year = timezone.now() + timedelta(days=300)
    bans.ban_writer_of(comment, Ban.Kind.ADDRESS, actor=cast.chief, until=year)
    comment.refresh_from_db()
    return comment


def ask(client: Client, email: str = ANA) -> Any:
    return send(client, "request_own", email=email)


def mailed_link() -> str:
    found = re.search(r"/comments/yours/([\w-]+)/", str(mail.outbox[-1].body))
    assert found
    return found[1]


def test_whoever_asks_gets_the_same_answer_for_the_same_work(client: Client, comment: Comment) -> None:
    def answer(email: str) -> tuple[Any, ...]:
        with CaptureQueriesContext(connection) as captured:
            response = ask(client, email)
        return (response.status_code, response["Location"], [query["sql"].split(" ")[0] for query in captured])

    answer(ANA)
    assert answer(ANA) == answer("nobody@example.org")
    assert "If anybody ever commented" in words(client.get(reverse("comments:ask_own"), {"said": "asked"}))
    deliver()
    assert {message.to[0] for message in mail.outbox} == {ANA}
    assert set(Effect.objects.values_list("payload__email", flat=True)) == {None}


def test_the_link_shows_everything_and_is_good_for_a_day(client: Client, comment: Comment) -> None:
    ask(client)
    deliver()
    raw = mailed_link()

    page = words(client.get(reverse("comments:own", args=[raw])))
    for said in ("Secret words!", "Secret words</p>", "My secret plea", "A secret note", "Mail about your comment"):
        assert said in page, said
    assert "Ana Secret again" not in page
    kept = json.loads(client.get(reverse("comments:own_file", args=[raw])).content)
    assert kept["comments"][0]["former_words"][0]["text"] == "Secret words"
    assert kept["comments"][0]["decisions"][-1]["reason"] == "You said 'secret'"
    with time_machine.travel(NOON + own_comments.GOOD_FOR, tick=False):
        assert client.get(reverse("comments:own", args=[raw])).status_code == 404
        assert client.get(reverse("comments:own_file", args=[raw])).status_code == 404
        assert send(client, "erase", raw, sure="yes").status_code == 403
        own_comments.forget_links()
    assert not OwnLink.objects.exists()


def test_erasing_needs_a_yes(client: Client, comment: Comment) -> None:
    ask(client)
    deliver()

    assert send(client, "erase", mailed_link()).status_code == 303

    assert Comment.objects.get().text == "Secret words!"


def test_erasing_leaves_an_empty_place_and_nothing_else(
    client: Client, article: Article, comment: Comment, cast: Cast
) -> None:
    second = make_comment(article, "More secrets", email=ANA, name="Ana Secret")
    answer = make_comment(article, "I agree.", parent=second)
    former_address = reverse("comments:receipt", args=[second.receipt])
    before = sum(Key.objects.filter(name=f"comments:{article.pk}").values_list("version", flat=True))
    ask(client)
    deliver()

    response = send(client, "erase", mailed_link(), sure="yes")

    assert response["Location"] == reverse("comments:erased")
    for row in Comment.objects.exclude(pk=answer.pk):
        assert (row.name, row.email, row.website, row.text, row.state) == ("", "", "", "", State.WITHDRAWN)
        assert (row.findings, row.address_block, row.appealed_at, row.notify) == ([], "", None, False)
    answer.refresh_from_db()
    assert (answer.parent_id, answer.state, answer.text) == (second.pk, State.APPROVED, "I agree.")
    assert [node.id for node in thread_pages.threads_of(article).shown(1)] == [second.pk]
    for model in (FormerWords, Mark, Subscription, WriterNote, ConfirmedAddress, OwnLink):
        assert not model.objects.exists(), model
    assert Appeal.objects.get().text == Report.objects.get().text == ""
    assert sum(Key.objects.filter(name=f"comments:{article.pk}").values_list("version", flat=True)) == before + 1
    assert client.get(former_address).status_code == 404


def test_nothing_that_is_erased_stands_anywhere_in_the_database(client: Client, comment: Comment) -> None:
    ask(client)
    deliver()
    Effect.objects.create(kind="comments.decided", key="stuck", given_up=True, last_error=f"Refused: {ANA}")
    assert any("ecret" in text for text in everything_stored())  # the control

    send(client, "erase", mailed_link(), sure="yes")

    left = [text for text in everything_stored() if "ecret" in text or ANA in text or "Ana" in text]
    assert left == []


def everything_stored() -> list[str]:
    rows: list[str] = []
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names():
            if table.startswith(("comments_", "outbox_")):
                cursor.execute(f'SELECT * FROM "{table}"')
                rows += [str(row) for row in cursor.fetchall()]
    return rows


@pytest.mark.parametrize("erases", [True, False])
def test_a_link_that_waits_to_be_mailed_is_not_mailed_after_erasing(comment: Comment, erases: bool) -> None:
    asked = {"email": ANA, "granted": True}
    Effect.objects.create(kind="comments.own_link", key="comments.own_link:1", payload=asked)
    if erases:
        erasure.erase(ANA, token=token())

    deliver()

    assert len(mail.outbox) == (0 if erases else 1)
    assert OwnLink.objects.exists() is not erases


def test_a_ban_in_another_spelling_of_the_address_is_shown(article: Article, cast: Cast) -> None:
    bans.ban(Ban.Kind.EMAIL, "ana.s+news@gmail.com", actor=cast.chief, reason="Why")

    assert [ban["reason"] for ban in erasure.everything("ana.s+news@gmail.com")["bans"]] == ["Why"]


def test_who_decided_and_when_stays_known(client: Client, comment: Comment, cast: Cast) -> None:
    erasure.erase(ANA, token=token())

    entries = list(ModerationEntry.objects.order_by("pk").values_list("by", "before", "after", "reason"))
    assert (cast.moderator.pk, State.APPROVED, State.REJECTED, "") in entries
    assert str(entries[-1]) == "(None, 'rejected', 'withdrawn', '')"
    assert AuditEntry.objects.filter(verb="refused", actor=cast.moderator).exists()


def test_a_ban_and_what_colleagues_wrote_stay(article: Article, cast: Cast) -> None:
    Ban.objects.create(kind=Ban.Kind.EMAIL, value=cast.moderator.email)
    comment = make_comment(article)
    answer = moderation.reply_as_staff(comment, "From the newsroom", cast.moderator)

    assert erasure.erase(cast.moderator.email, token=token()) == 0

    answer.refresh_from_db()
    assert answer.text == "From the newsroom"
    assert Ban.objects.exists()


def test_nobody_elses_is_touched(article: Article, comment: Comment) -> None:
    other = make_comment(article, email="ana@example.org.evil.example")
    make_follower(other)

    erasure.erase(ANA, token=token())

    other.refresh_from_db()
    assert other.state == State.APPROVED
    assert Subscription.objects.get().email == other.email


def test_an_empty_address_owns_nothing(article: Article) -> None:
    make_comment(article, email="", state=State.WITHDRAWN)

    assert not erasure.comments_of("").exists()


def test_thousands_are_erased_in_few_statements(article: Article) -> None:
    def statements(number: int) -> int:
        rows = [Comment(article=article, name="Ana", email=ANA, text="x", state=State.APPROVED) for _n in range(number)]
        Comment.objects.bulk_create(rows, batch_size=500)
        with CaptureQueriesContext(connection) as captured:
            assert erasure.erase(ANA, token=token()) == number
        return len(captured)

    statements(1)
    few, many = statements(10), statements(1100)
    assert many < few + 2 * 30


def test_all_or_nothing_is_erased(comment: Comment, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_args: Any) -> None:
        raise OSError

    monkeypatch.setattr(erasure, "_forget_labels", fail)
    with pytest.raises(OSError):  # noqa: PT011 - ours, above
        erasure.erase(ANA, token=token())

    assert Comment.objects.get().text == "Secret words!"
    assert Subscription.objects.exists()


def test_strangers_cannot_flood_an_address_or_try_many(client: Client, comment: Comment) -> None:
    for _again in range(own_comments.ASKED_AN_HOUR):
        assert ask(client).status_code == 303
    refused = ask(client)
    deliver()

    assert refused.status_code == 429
    assert 'value="ana@example.org"' in words(refused)
    assert len(mail.outbox) == own_comments.A_DAY


@pytest.mark.parametrize(
    "email", ["", "nobody", "a@b", "x" * 300 + "@example.org", "a\r\nBcc: b@example.org", "a\x00@b.org"]
)
def test_what_is_no_address_is_refused_in_words(client: Client, db: None, email: str) -> None:
    response = ask(client, email)

    assert response.status_code == 422
    assert "field--error" in words(response)
    assert not Effect.objects.exists()


def test_a_link_whose_mail_failed_is_mailed_at_the_next_try(
    client: Client, comment: Comment, monkeypatch: pytest.MonkeyPatch
) -> None:
    tries: list[str] = []

    def fail_thrice(to: str, letter: Any, *, key: str) -> None:
        tries.append(key.partition(":")[0])
        if len(tries) <= 3:
            raise OSError("no connection")

    Effect.objects.all().delete()
    monkeypatch.setattr("comments.mails.send", fail_thrice)
    ask(client)
    for minutes in (0, 20, 60, 120, 240):
        deliver(timedelta(minutes=minutes))

    assert tries == ["comments.own_link"] * 4
