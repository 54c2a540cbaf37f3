"""Bans: who is not let in and what they read, what happens to what waits, and how a ban ends."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext

from articles.models import Article
from comments import bans, moderation, submission
from comments.models import Ban, Comment, ModerationEntry, State
from comments.pipeline.bans import BannedError, fold_address
from outbox.models import AuditEntry
from tests.concurrency import at_once
from tests.conftest import Cast
from tests.factories import make_article, make_comment

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
ADDRESS = "198.51.100.7"


@pytest.fixture(autouse=True)
def clock() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(NOON, tick=False) as traveller:
        yield traveller


@pytest.fixture
def article(db: None) -> Article:
    return make_article()


def send(article: Article, address: str = ADDRESS, **changes: str) -> Comment:
    values = {"text": "Well said.", "name": "Ana", "email": "ana@example.org", "website": "", "parent": "", **changes}
    return submission.submit(article, values, address=address)


def in_a(**span: int) -> datetime:
    return NOON + timedelta(**span)


@pytest.mark.parametrize(
    ("kind", "value", "banned", "free"),
    [
        (Ban.Kind.NAME, "Ana Smith", {"name": "\u0410N\u00c1 smith"}, {"name": "Ana Smithers"}),
        (Ban.Kind.EMAIL, "ana@example.org", {"email": "ANA+2@example.org"}, {"email": "anna@example.org"}),
        (Ban.Kind.EMAIL, "a.na@gmail.com", {"email": "an.a@googlemail.com"}, {"email": "anab@gmail.com"}),
    ],
)
def test_a_banned_writer_is_told_until_when_and_nothing_is_stored(
    article: Article, kind: str, value: str, banned: dict[str, str], free: dict[str, str]
) -> None:
    bans.ban(kind, value, actor=None, until=in_a(days=3), reason="internal")
    with pytest.raises(BannedError) as refused:
        send(article, **banned)
    assert "5 March 2026" in str(refused.value)
    assert "internal" not in str(refused.value)
    assert refused.value.status == 403
    assert not Comment.objects.exists()
    assert send(article, **{"name": "Bo", "email": "bo@example.org", **free}).pk


def test_every_kind_of_ban_reads_alike(article: Article) -> None:
    """Nobody learns by trying whether it was the name, the address or the network."""
    comment = send(article)
    told = set()
    for kind in Ban.Kind.values:
        row, _entries = bans.ban_writer_of(comment, kind, actor=None, until=in_a(days=3))
        with pytest.raises(BannedError) as refused:
            send(article, text=f"Again by {kind}")
        told.add(str(refused.value))
        bans.lift(row, actor=None)
    assert len(told) == 1


def test_of_two_bans_the_longer_is_told(article: Article) -> None:
    bans.ban(Ban.Kind.NAME, "Ana", actor=None, until=in_a(days=1))
    bans.ban(Ban.Kind.EMAIL, "ana@example.org", actor=None)
    with pytest.raises(BannedError) as refused:
        send(article)
    assert "until" not in str(refused.value)


def test_a_network_is_kept_as_a_hash_until_the_ban_ends_even_when_comments_forget_theirs(article: Article) -> None:
    comment = send(article)
    row, _entries = bans.ban_writer_of(comment, Ban.Kind.ADDRESS, actor=None, until=in_a(days=60))
    assert row.value == comment.address_block
    assert ADDRESS not in f"{row.value} {row}"

    comment.address_block = ""
    comment.save(update_fields=["address_block"])
    with pytest.raises(BannedError):
        send(article, name="Bo", email="bo@example.org", text="Other words")
    with time_machine.travel(in_a(days=61), tick=False):
        assert bans.end_expired() == 1
        assert send(article, name="Bo", email="bo@example.org", text="Other words").pk
    assert not Ban.objects.exists()


def test_a_forgotten_network_cannot_be_banned(article: Article) -> None:
    comment = send(article, address="")
    with pytest.raises(ValidationError):
        bans.ban_writer_of(comment, Ban.Kind.ADDRESS, actor=None, until=in_a(days=1))


@pytest.mark.parametrize(
    ("kind", "value", "until", "field"),
    [
        ("mood", "Ana", None, "kind"),
        (Ban.Kind.NAME, "", None, "value"),
        (Ban.Kind.NAME, "\u200b\U0001f4a9", None, "value"),
        (Ban.Kind.NAME, "a\x00", None, "value"),
        (Ban.Kind.NAME, "a" * 255, None, "value"),
        (Ban.Kind.EMAIL, "ana", None, "value"),
        (Ban.Kind.EMAIL, "ana@example.org", NOON, "until"),
        (Ban.Kind.ADDRESS, "b" * 48, None, "until"),
        (Ban.Kind.ADDRESS, "b" * 48, NOON + timedelta(days=400), "until"),
    ],
)
def test_what_cannot_be_banned_is_refused_in_words(
    db: None, kind: str, value: str, until: datetime | None, field: str
) -> None:
    with pytest.raises(ValidationError) as error:
        bans.ban(kind, value, actor=None, until=until)
    assert field in error.value.message_dict
    assert not Ban.objects.exists()


@pytest.mark.parametrize("state", [State.REJECTED, State.SPAM])
def test_cleaning_up_decides_all_that_waits_from_them_and_one_undo_brings_it_back(
    article: Article, cast: Cast, state: State
) -> None:
    mine = [
        make_comment(article, name="\u0410na", email="ana@example.org", state=State.PENDING),
        make_comment(article, name="Ana", email="ana+spam@example.org", state=State.PENDING),
    ]
    approved = make_comment(article, name="Ana", email="ana@example.org", state=State.APPROVED)
    other = make_comment(article, name="Bo", email="bo@example.org", state=State.PENDING)

    _row, entries = bans.ban(
        Ban.Kind.EMAIL, "ana@example.org", actor=cast.moderator, until=in_a(days=1), clean_up=state
    )

    assert {entry.comment_id for entry in entries} == {comment.pk for comment in mine}
    assert len({entry.batch for entry in entries}) == 1
    assert set(Comment.objects.filter(state=state)) == set(mine)
    approved.refresh_from_db()
    other.refresh_from_db()
    assert (approved.state, other.state) == (State.APPROVED, State.PENDING)

    assert moderation.undo_batch(entries[0].batch, cast.moderator) == (2, 0)
    assert Comment.objects.filter(state=State.PENDING).count() == 3


@pytest.mark.once
def test_cleaning_up_takes_as_many_queries_to_find_what_waits_at_every_size(article: Article) -> None:
    counts = []
    for _round in range(2):
        for _number in range(5):
            make_comment(article, name="Ana", state=State.PENDING)
        with CaptureQueriesContext(connection) as queries:
            found = list(bans.waiting_from(Ban.Kind.NAME, "ana"))
        counts.append((len(found), len(queries)))
    assert counts == [(5, 1), (10, 1)]


def test_banning_again_changes_the_end_and_lifting_twice_does_nothing(db: None, cast: Cast) -> None:
    bans.ban(Ban.Kind.NAME, "Ana", actor=cast.moderator, until=in_a(days=1))
    row, _entries = bans.ban(Ban.Kind.NAME, "\u00c1na", actor=cast.chief, until=in_a(days=9), reason="More")
    assert Ban.objects.get().until == in_a(days=9)
    assert bans.lift(row, actor=cast.moderator)
    assert not bans.lift(row, actor=cast.moderator)
    verbs = AuditEntry.objects.filter(object_type="comments.ban").order_by("id").values_list("verb", flat=True)
    assert list(verbs) == ["banned", "changed a ban", "lifted a ban"]


@pytest.mark.parametrize("role", ["contributor", "editor"])
def test_only_those_who_may_ban(article: Article, cast: Cast, role: str) -> None:
    row, _entries = bans.ban(Ban.Kind.NAME, "Ana", actor=None)
    comment = make_comment(article, state=State.PENDING)
    for attempt in (
        lambda: bans.ban(Ban.Kind.NAME, "Bo", actor=getattr(cast, role)),
        lambda: bans.ban_writer_of(comment, Ban.Kind.EMAIL, actor=getattr(cast, role), clean_up=State.SPAM),
        lambda: bans.lift(row, actor=getattr(cast, role)),
    ):
        with pytest.raises(PermissionDenied):
            attempt()
    assert list(Ban.objects.all()) == [row]
    assert not ModerationEntry.objects.exists()


def test_an_expired_ban_lets_in_before_the_worker_has_come(article: Article, clock: time_machine.Traveller) -> None:
    bans.ban(Ban.Kind.NAME, "Ana", actor=None, until=in_a(hours=1))
    clock.move_to(in_a(hours=1))
    assert send(article).pk
    assert Ban.objects.count() == 1
    assert bans.end_expired() == 1


@pytest.mark.parametrize(
    ("address", "folded"),
    [
        ("Ana+news@Example.org", "ana@example.org"),
        ("a.n.a@googlemail.com", "ana@gmail.com"),
        ("+@example.org", "+@example.org"),
        ("ana@example.org", "ana@example.org"),
    ],
)
def test_second_spellings_of_one_mailbox_are_one(address: str, folded: str) -> None:
    assert fold_address(address) == folded


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_two_ban_the_same_writer_at_once_and_one_ban_and_one_clean_up_come_of_it(cast: Cast) -> None:
    article = make_article()
    for _number in range(5):
        make_comment(article, name="Ana", state=State.PENDING)

    def banning(person: Any) -> Any:
        return lambda: bans.ban(Ban.Kind.NAME, "Ana", actor=person, until=in_a(days=1), clean_up=State.SPAM)

    assert at_once([banning(cast.moderator), banning(cast.chief)] * 3) == []
    assert Ban.objects.count() == 1
    assert ModerationEntry.objects.count() == 5
    assert len({entry.batch for entry in ModerationEntry.objects.all()}) == 1


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_two_workers_end_the_same_bans_once() -> None:
    for number in range(10):
        bans.ban(Ban.Kind.NAME, f"Ana {number}", actor=None, until=in_a(hours=1))
    with time_machine.travel(in_a(hours=2), tick=False):
        assert at_once([bans.end_expired, bans.end_expired]) == []
    assert not Ban.objects.exists()
    assert AuditEntry.objects.filter(verb="ended a ban").count() == 10
