"""The moderators' screens beside the queue: who opens which, what they do, and what odd input gets."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from articles.models import Article
from comments import bans, moderation, rules, writers
from comments.models import (
    Ban,
    Comment,
    ConfirmedAddress,
    ModerationEntry,
    Rule,
    SecondLook,
    State,
    WriterNote,
)
from comments.rules import Wanted
from outbox.models import AuditEntry
from people.models import User
from tests.conftest import Cast
from tests.factories import make_article, make_comment

NOON = datetime(2026, 3, 20, 12, tzinfo=UTC)
ROOT = "/admin/comments/"
WORD = {"kind": "word", "pattern": "casino*", "limit": "", "action": "hold", "note": ""}


@pytest.fixture(autouse=True)
def _clock(settings: Any) -> Iterator[None]:
    settings.COMMENTS_SECOND_LOOK_SHARE = 100
    with time_machine.travel(NOON, tick=False):
        yield


@pytest.fixture
def article(db: None) -> Article:
    return make_article()


def as_user(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


@pytest.fixture
def world(article: Article, cast: Cast) -> dict[str, int]:
    """A row of everything the addresses name."""
    comment = make_comment(article, "Casinos", name="Ana", email="ana@example.org", state=State.PENDING)
    other = make_comment(article, state=State.PENDING)
    [entry] = moderation.decide([other], State.SPAM, actor=cast.moderator)
    return {
        "comment": comment.pk,
        "rule": rules.add(Wanted("word", "bingo"), actor=None).pk,
        "ban": bans.ban(Ban.Kind.NAME, "Poker Paul", actor=None)[0].pk,
        "note": writers.add_note(comment, "Kind", actor=cast.moderator).pk,
        "look": SecondLook.objects.create(comment=other, entry=entry, by=cast.chief, verdict="approved").pk,
        "entry": entry.pk,
    }


SETTING = {
    "rule/": "get",
    "rule/add/": "get",
    "rule/{rule}/change/": "get",
    "rule/{rule}/removal/": "get",
    "rule/{rule}/force/": "post",
    "ban/": "get",
    "ban/add/": "get",
    "ban/add/?comment={comment}": "get",
    "ban/{ban}/lift/": "post",
}
MODERATING = {
    "writernote/{comment}/": "get",
    "writernote/{comment}/notes/": "post",
    "writernote/note/{note}/removal/": "post",
    "moderationentry/": "get",
    "moderationentry/undo/": "post",
    "secondlook/": "get",
    "secondlook/agreement/": "get",
    "secondlook/verdict/": "post",
    "secondlook/{look}/reopening/": "post",
    "deskday/": "get",
    "learner/": "get",
}
ALL = SETTING | MODERATING


@pytest.mark.once
@pytest.mark.parametrize("who", ["contributor", "editor", None])
@pytest.mark.parametrize("address", ALL)
def test_nobody_else_opens_any_of_it_or_changes_anything(
    world: dict[str, int], cast: Cast, who: str | None, address: str
) -> None:
    client = as_user(getattr(cast, who)) if who else Client()
    before = [model.objects.count() for model in (Rule, Ban, WriterNote, SecondLook, ModerationEntry, AuditEntry)]
    for method in ("get", "post"):
        response = getattr(client, method)(ROOT + address.format(**world))
        assert response.status_code == (403 if who else 302), (method, response)
    assert before == [
        model.objects.count() for model in (Rule, Ban, WriterNote, SecondLook, ModerationEntry, AuditEntry)
    ]


@pytest.mark.parametrize("who", ["moderator", "chief", "administrator"])
@pytest.mark.parametrize("address", ALL)
def test_those_who_moderate_open_all_of_it(world: dict[str, int], cast: Cast, who: str, address: str) -> None:
    client, method = as_user(getattr(cast, who)), ALL[address]
    response = getattr(client, method)(ROOT + address.format(**world))
    own_only = address.startswith("writernote/note") and who != "moderator"
    expected = {403} if own_only else {200} if method == "get" else {302, 404, 422}
    assert response.status_code in expected
    other = client.get if method == "post" else client.put
    assert other(ROOT + address.format(**world)).status_code == 405


@pytest.mark.parametrize("address", SETTING)
def test_without_the_permission_to_set_rules_a_moderator_neither_sees_nor_sets_them(
    world: dict[str, int], cast: Cast, address: str
) -> None:
    group = cast.moderator.groups.get()
    group.permissions.remove(group.permissions.get(codename="set_rules_comment"))
    client = as_user(User.objects.get(pk=cast.moderator.pk))
    assert getattr(client, SETTING[address])(ROOT + address.format(**world)).status_code == 403
    page = client.get(ROOT + "moderationentry/").content.decode()
    assert "/comments/rule/" not in page
    assert client.get(f"{ROOT}writernote/{world['comment']}/").status_code == 200


def test_who_may_set_rules_but_not_moderate_sees_no_address(world: dict[str, int], cast: Cast) -> None:
    group = cast.moderator.groups.get()
    group.permissions.remove(group.permissions.get(codename="moderate_comment"))
    client = as_user(User.objects.get(pk=cast.moderator.pk))
    assert client.get(f"{ROOT}rule/").status_code == 200
    assert "/comments/ban/" not in client.get(f"{ROOT}rule/").content.decode()
    for address in ("ban/", f"ban/add/?comment={world['comment']}", f"writernote/{world['comment']}/"):
        assert client.get(ROOT + address).status_code == 403


@pytest.mark.parametrize("address", [address for address in ALL if "{" in address and "?" not in address])
@pytest.mark.parametrize("odd", ["0", "999999", "9" * 18, "9" * 30])
def test_rows_that_are_not_there_are_not_found(world: dict[str, int], cast: Cast, address: str, odd: str) -> None:
    path = ROOT + address.format(**dict.fromkeys(world, odd))
    assert getattr(as_user(cast.moderator), ALL[address])(path).status_code == 404


@pytest.mark.parametrize("page", ["0", "-1", "x", "9" * 40, "201"])
@pytest.mark.parametrize("address", ["moderationentry/", "writernote/{comment}/", "rule/add/"])
def test_odd_pages_are_answered(world: dict[str, int], cast: Cast, address: str, page: str) -> None:
    data = {"p": page, **(WORD if "rule" in address else {})}
    assert as_user(cast.moderator).get(ROOT + address.format(**world), data).status_code == 200


# Rules


def test_a_rule_is_rehearsed_by_get_and_saved_by_post(article: Article, cast: Cast) -> None:
    client = as_user(cast.moderator)
    text = "An ode to <b>the</b> old C\u0430sinos of \u202eour town"
    comment = make_comment(article, text, state=State.PENDING)
    moderation.decide([comment], State.APPROVED, actor=cast.moderator)

    page = client.get(f"{ROOT}rule/add/", WORD).content.decode()
    assert "<mark>C\u0430sinos</mark>" in page
    assert "&lt;b&gt;" in page
    assert "\u202e" not in page
    assert not Rule.objects.exists()

    assert client.post(f"{ROOT}rule/add/", WORD).status_code == 302
    assert Rule.objects.get().by == cast.moderator


@pytest.mark.parametrize(
    "change",
    [
        {"pattern": "***"},
        {"pattern": ""},
        {"pattern": "a" * 9000},
        {"kind": "mood"},
        {"kind": ""},
        {"kind": "links", "limit": "x"},
        {"kind": "links", "limit": "9" * 40},
        {"kind": "rate", "limit": ""},
        {"kind": "first", "action": "refuse"},
        {"note": "n" * 300},
    ],
)
def test_bad_rules_come_back_with_what_was_typed(article: Article, cast: Cast, change: dict[str, str]) -> None:
    client = as_user(cast.moderator)
    for send in (client.get, client.post):
        response = send(f"{ROOT}rule/add/", WORD | {"note": "Kept words"} | change)
        assert response.status_code == 422
        assert "errorlist" in response.content.decode() or "errornote" in response.content.decode()
        if "note" not in change:
            assert "Kept words" in response.content.decode()
    assert not Rule.objects.exists()


def test_a_rule_changed_meanwhile_is_not_overwritten(article: Article, cast: Cast) -> None:
    rule = rules.add(Wanted("word", "bingo"), actor=cast.moderator)
    client, seen = as_user(cast.moderator), rule.at.isoformat()
    with time_machine.travel(NOON + timedelta(minutes=1), tick=False):
        rules.change(rule, Wanted("word", "lotto"), actor=cast.chief)
        response = client.post(f"{ROOT}rule/{rule.pk}/change/", {**WORD, "seen": seen})
    assert response.status_code == 422
    assert "Somebody else changed this rule" in response.content.decode()
    client.post(f"{ROOT}rule/{rule.pk}/removal/", {"seen": seen})
    assert Rule.objects.get().pattern == "lotto"
    client.post(f"{ROOT}rule/{rule.pk}/removal/", {"seen": Rule.objects.get().at.isoformat()})
    assert not Rule.objects.exists()


def test_changing_and_switching_a_rule(article: Article, cast: Cast) -> None:
    rule = rules.add(Wanted("word", "bingo"), actor=cast.moderator)
    client = as_user(cast.moderator)
    page = client.get(f"{ROOT}rule/{rule.pk}/change/", WORD | {"seen": rule.at.isoformat()}).content.decode()
    assert "Found by nothing any more" in page or "nothing to try it on" in page
    client.post(f"{ROOT}rule/{rule.pk}/change/", {**WORD, "seen": rule.at.isoformat()})
    assert Rule.objects.get().pattern == "casino*"
    client.post(f"{ROOT}rule/{rule.pk}/force/", {"on": "0"})
    assert not Rule.objects.get().active
    client.post(f"{ROOT}rule/{rule.pk}/force/", {"on": "1"})
    assert Rule.objects.get().active


# Bans


def test_banning_a_writer_cleans_up_and_one_button_undoes_it(world: dict[str, int], cast: Cast) -> None:
    client = as_user(cast.moderator)
    data = {"kind": "email", "length": "30", "until": "", "reason": "Adverts", "clean_up": "spam"}
    page = client.post(f"{ROOT}ban/add/?comment={world['comment']}", data, follow=True).content.decode()
    row = Ban.objects.get(kind="email")
    assert row.until == NOON + timedelta(days=30)
    assert Comment.objects.get(pk=world["comment"]).state == State.SPAM
    batch = ModerationEntry.objects.get(comment=world["comment"]).batch
    assert f'value="{batch}"' in page
    client.post(f"{ROOT}moderationentry/undo/", {"batch": str(batch)})
    assert Comment.objects.get(pk=world["comment"]).state == State.PENDING
    client.post(f"{ROOT}ban/{row.pk}/lift/")
    assert not Ban.objects.filter(pk=row.pk).exists()


@pytest.mark.parametrize(
    "change",
    [
        {"value": ""},
        {"value": "\x00"},
        {"value": "a" * 3000},
        {"kind": "address", "value": "x"},
        {"kind": "mood"},
        {"kind": "email", "value": "ana"},
        {"until": "2020-01-01"},
        {"until": "soon"},
        {"until": "9999-12-31", "kind": "address"},
        {"length": "forever"},
        {"clean_up": "approved"},
        {"reason": "r" * 300},
    ],
)
def test_bad_bans_come_back_with_what_was_typed(db: None, cast: Cast, change: dict[str, str]) -> None:
    data = {"kind": "name", "value": "Ana", "length": "7", "until": "", "reason": "Kept words", "clean_up": ""}
    response = as_user(cast.moderator).post(f"{ROOT}ban/add/", data | change)
    assert response.status_code == 422
    if "reason" not in change:
        assert "Kept words" in response.content.decode()
    assert not Ban.objects.exists()


@pytest.mark.parametrize("raw", ["x", "0", "9" * 40, "1 "])
def test_a_ban_about_no_comment_is_not_found(db: None, cast: Cast, raw: str) -> None:
    assert as_user(cast.moderator).get(f"{ROOT}ban/add/", {"comment": raw}).status_code == 404


# A writer


def test_the_page_of_a_writer_tells_all_and_keeps_others_apart(article: Article, cast: Cast) -> None:
    block = "b" * 48
    mine = make_comment(article, "Mine", name="Ana", email="ana@example.org", address_block=block, state=State.PENDING)
    moderation.decide([mine], State.REJECTED, actor=cast.chief, reason="Stay with the story")
    ModerationEntry.objects.update(warning=True)
    make_comment(article, "Also mine", name="Anna", email="ana@example.org")
    make_comment(article, "Hers", name="Ana", email="other@example.org")
    make_comment(article, "His", name="Bo", email="bo@example.org", address_block=block)
    ConfirmedAddress.objects.create(email="ana@example.org")
    writers.add_note(mine, "Teaches at the school", actor=cast.moderator)

    writer = writers.of(Comment.objects.get(pk=mine.pk))
    assert (writer.total, writer.approved_share, writer.warnings, writer.confirmed) == (2, 50, 1, True)
    assert [row["email"] for row in writer.same_name] == ["other@example.org"]
    assert [row["email"] for row in writer.same_network] == ["bo@example.org"]

    page = as_user(cast.moderator).get(f"{ROOT}writernote/{mine.pk}/").content.decode()
    for words in ("Also mine", "Stay with the story", str(cast.chief), "Teaches at the school", "other@example.org"):
        assert words in page
    assert "Hers" not in page


def test_notes_are_kept_taken_away_by_their_author_and_never_shown_to_the_writer(article: Article, cast: Cast) -> None:
    comment = make_comment(article, state=State.PENDING)
    client = as_user(cast.moderator)
    client.post(f"{ROOT}writernote/{comment.pk}/notes/", {"text": "A secret note"})
    note = WriterNote.objects.get()
    assert b"A secret note" not in Client().get(f"/comments/receipt/{comment.receipt}/").content
    assert as_user(cast.chief).post(f"{ROOT}writernote/note/{note.pk}/removal/").status_code == 403
    assert client.post(f"{ROOT}writernote/note/{note.pk}/removal/").status_code == 302
    assert not WriterNote.objects.exists()


@pytest.mark.parametrize("text", ["", "  ", "\u200b", "\x00", "n" * 501])
def test_bad_notes_come_back(article: Article, cast: Cast, text: str) -> None:
    comment = make_comment(article)
    response = as_user(cast.moderator).post(f"{ROOT}writernote/{comment.pk}/notes/", {"text": text})
    assert response.status_code == 422
    assert text.replace("\x00", "\ufffd").strip() in response.content.decode()
    assert not WriterNote.objects.exists()


def test_a_colleague_has_no_page(article: Article, cast: Cast) -> None:
    comment = make_comment(article, staff=cast.editor)
    assert as_user(cast.moderator).get(f"{ROOT}writernote/{comment.pk}/").status_code == 403


# My decisions


def test_my_decisions_are_mine_filtered_and_undone(article: Article, cast: Cast) -> None:
    client = as_user(cast.moderator)
    mine = [make_comment(article, f"Mine {number}", state=State.PENDING) for number in range(3)]
    moderation.decide(mine[:2], State.APPROVED, actor=cast.moderator)
    moderation.decide(mine[2:], State.SPAM, actor=cast.moderator)
    hers = make_comment(article, "Hers", state=State.PENDING)
    [not_mine] = moderation.decide([hers], State.SPAM, actor=cast.chief)
    moderation.decide([Comment.objects.get(pk=mine[0].pk)], State.REJECTED, actor=cast.chief)

    page = client.get(f"{ROOT}moderationentry/").content.decode()
    assert "Mine 0" in page
    assert "Hers" not in page
    assert f"Decided anew by {cast.chief}" in page
    assert "Mine 2" not in client.get(f"{ROOT}moderationentry/?kind=approved").content.decode()
    assert "Mine 2" in client.get(f"{ROOT}moderationentry/?day=2026-03-20&kind=spam").content.decode()
    assert "Mine 2" not in client.get(f"{ROOT}moderationentry/?day=2026-03-19").content.decode()

    entries = [str(pk) for pk in ModerationEntry.objects.filter(by=cast.moderator).values_list("pk", flat=True)]
    said = client.post(f"{ROOT}moderationentry/undo/", {"entry": [*entries, str(not_mine.pk), "x"]}, follow=True)
    assert "2 decisions were taken back" in said.content.decode()
    assert "1 comment was decided anew" in said.content.decode()
    states = dict(Comment.objects.values_list("text", "state"))
    assert states == {"Mine 0": "rejected", "Mine 1": "pending", "Mine 2": "pending", "Hers": "spam"}


@pytest.mark.parametrize("day", ["x", "2026-02-31", "9" * 99])
def test_an_odd_day_is_told(db: None, cast: Cast, day: str) -> None:
    response = as_user(cast.moderator).get(f"{ROOT}moderationentry/", {"day": day})
    assert response.status_code == 400
    assert "That is no day" in response.content.decode()


def test_undo_leads_back_to_the_list_and_nowhere_else(db: None, cast: Cast) -> None:
    client = as_user(cast.moderator)
    for back, there in (
        ("/admin/comments/moderationentry/?p=2", True),
        ("https://evil.example/", False),
        ("//x", False),
    ):
        response = client.post(f"{ROOT}moderationentry/undo/", {"back": back})
        assert (response["Location"] == back) is there
    assert client.post(f"{ROOT}moderationentry/undo/", {"batch": "x"}).status_code == 404


# Second look and figures


def test_a_verdict_is_told_afterwards_and_odd_ones_change_nothing(article: Article, cast: Cast) -> None:
    comment = make_comment(article, state=State.APPROVED)
    yesterday = NOON - timedelta(days=1)
    entry = ModerationEntry.objects.create(
        comment=comment, by=cast.chief, at=yesterday, before=State.PENDING, after=State.APPROVED
    )
    client = as_user(cast.moderator)
    address = f"{ROOT}secondlook/verdict/"
    assert client.post(address, {"entry": entry.pk, "verdict": "burn"}).status_code == 404
    assert "not offered" in client.post(address, {"entry": "x", "verdict": "spam"}, follow=True).content.decode()
    told = client.post(address, {"entry": entry.pk, "verdict": "spam"}, follow=True).content.decode()
    assert "it was “approved”" in told
    look = SecondLook.objects.get()
    client.post(f"{ROOT}secondlook/{look.pk}/reopening/")
    comment.refresh_from_db()
    assert comment.state == State.PENDING


@pytest.mark.once
def test_every_list_takes_as_many_queries_at_every_size(article: Article, cast: Cast) -> None:
    client = as_user(cast.moderator)
    counts: list[list[int]] = []
    for size in (2, 12):
        for number in range(size):
            comment = make_comment(article, "casino", name="Ana", email="ana@example.org", state=State.PENDING)
            moderation.decide([comment], State.APPROVED, actor=cast.moderator)
            writers.add_note(comment, f"Note {number}", actor=cast.chief)
            rules.add(Wanted("word", f"word{size}x{number}"), actor=cast.chief)
            bans.ban(Ban.Kind.NAME, f"Name {size} {number}", actor=cast.chief)
            make_comment(article, name="Ana", email=f"other{size}{number}@example.org")
        client.get(f"{ROOT}rule/")
        counts.append([])
        pages = [
            "rule/",
            f"writernote/{comment.pk}/",
            "ban/",
            "moderationentry/",
            "secondlook/",
            "deskday/",
            "learner/",
        ]
        for address in [
            *pages,
            "secondlook/agreement/",
            f"ban/add/?comment={comment.pk}",
            "rule/add/?kind=word&pattern=casino&action=hold",
        ]:
            with CaptureQueriesContext(connection) as queries:
                assert client.get(ROOT + address).status_code == 200
            counts[-1].append(len(queries))
    assert counts[0] == counts[1]
    assert max(counts[0]) <= 16
