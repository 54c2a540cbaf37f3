"""A second look: who is asked about what, that nothing gives the first decision away, and what agreement says."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from articles.models import Article
from comments import moderation, second_look
from comments.models import Comment, ModerationEntry, SecondLook, State
from comments.second_look import Agreement, AlreadyJudgedError
from people.models import User
from tests.concurrency import at_once
from tests.conftest import Cast
from tests.factories import make_article, make_comment

NOON = datetime(2026, 3, 20, 12, tzinfo=UTC)
LOOK = "/admin/comments/secondlook/"


@pytest.fixture(autouse=True)
def clock(settings: Any) -> Iterator[time_machine.Traveller]:
    settings.COMMENTS_SECOND_LOOK_SHARE = 100
    settings.COMMENTS_SECOND_LOOK_A_DAY = 5
    with time_machine.travel(NOON, tick=False) as traveller:
        yield traveller


@pytest.fixture
def article(db: None) -> Article:
    return make_article()


def decided(article: Article, by: User | None, state: State = State.APPROVED, **fields: Any) -> ModerationEntry:
    """A decision of yesterday."""
    at = fields.pop("at", NOON - timedelta(days=1))
    comment = make_comment(article, state=state, **fields)
    return ModerationEntry.objects.create(comment=comment, by=by, at=at, before=State.PENDING, after=state)


def test_others_decisions_are_looked_at_and_each_once(article: Article, cast: Cast) -> None:
    own = decided(article, cast.moderator)
    other = decided(article, cast.chief)
    assert second_look.upcoming(cast.moderator) == other
    look = second_look.judge(other.pk, State.SPAM, actor=cast.moderator)
    assert (look.verdict, look.comment_id) == (State.SPAM, other.comment_id)
    assert second_look.upcoming(cast.moderator) is None
    assert Comment.objects.get(pk=other.comment_id).state == State.APPROVED
    with pytest.raises(AlreadyJudgedError):
        second_look.judge(own.pk, State.SPAM, actor=cast.moderator)
    with pytest.raises(AlreadyJudgedError):
        second_look.judge(other.pk, State.SPAM, actor=cast.moderator)


def test_who_moderates_alone_looks_at_their_own(article: Article, cast: Cast) -> None:
    own = decided(article, cast.moderator)
    assert second_look.upcoming(cast.moderator) == own


def test_what_a_rule_decided_by_itself_is_looked_at_too(article: Article, cast: Cast) -> None:
    entry = decided(article, None, State.SPAM)
    assert second_look.upcoming(cast.moderator) == entry


@pytest.mark.parametrize("case", ["fresh", "old", "undone", "decided anew", "staff", "edited"])
def test_what_is_not_looked_at(article: Article, cast: Cast, case: str) -> None:
    at = {"fresh": NOON - timedelta(minutes=10), "old": NOON - timedelta(days=60)}.get(case, NOON - timedelta(days=1))
    entry = decided(article, cast.chief, at=at, staff=cast.editor if case == "staff" else None)
    if case == "undone":
        moderation.undo(entry, cast.chief)
    elif case == "decided anew":
        moderation.decide([entry.comment], State.REJECTED, actor=cast.chief)
    elif case == "edited":
        ModerationEntry.objects.filter(pk=entry.pk).update(kind=ModerationEntry.Kind.EDIT)
    assert second_look.upcoming(cast.moderator) is None


def test_only_a_share_is_asked_for_and_so_many_a_day(
    article: Article, cast: Cast, settings: Any, clock: time_machine.Traveller
) -> None:
    for _number in range(60):
        decided(article, cast.chief)
    for _number in range(5):
        second_look.judge(second_look.upcoming(cast.moderator).pk, State.APPROVED, actor=cast.moderator)  # type: ignore[union-attr]
    assert second_look.left_today(cast.moderator) == 0
    assert second_look.upcoming(cast.moderator) is None
    clock.move_to(NOON + timedelta(days=1))
    assert second_look.left_today(cast.moderator) == 5

    settings.COMMENTS_SECOND_LOOK_SHARE = 30
    assert 0 < len(second_look._sample(cast.moderator)) < 50
    settings.COMMENTS_SECOND_LOOK_SHARE = 0
    assert second_look.upcoming(cast.moderator) is None


@pytest.mark.parametrize("verdict", ["", "pending", "withdrawn", "x" * 1000])
def test_a_verdict_is_one_of_three(article: Article, cast: Cast, verdict: str) -> None:
    entry = decided(article, cast.chief)
    with pytest.raises(ValidationError):
        second_look.judge(entry.pk, verdict, actor=cast.moderator)


def test_who_may_not_moderate_judges_nothing(article: Article, cast: Cast) -> None:
    entry = decided(article, cast.chief)
    look = SecondLook.objects.create(comment=entry.comment, entry=entry, by=cast.moderator, verdict=State.SPAM)
    with pytest.raises(PermissionDenied):
        second_look.judge(entry.pk, State.SPAM, actor=cast.editor)
    with pytest.raises(PermissionDenied):
        second_look.reopen(look, actor=cast.editor)


def test_the_card_gives_nothing_away(article: Article, cast: Cast) -> None:
    client = Client()
    client.force_login(cast.moderator)
    pages = set()
    for state in second_look.VERDICTS:
        finding = {"code": "rule-word", "push": 2, "facts": {"words": "zebra", "pattern": "zebra"}}
        comment = make_comment(article, "The same words", name="Ana", email="a@example.org", state=state)
        comment.findings, comment.score = [finding], 0.97
        comment.save(update_fields=["findings", "score"])
        entry = ModerationEntry.objects.create(
            comment=comment, by=cast.chief, at=NOON - timedelta(days=1), before="pending", after=state, reason="Because"
        )
        page = client.get(LOOK).content.decode().partition('id="content-main"')[2].partition("</form>")[0]
        for hint in (str(cast.chief), "Because", "zebra", "0.97", "a@example.org", f"comment/{comment.pk}/"):
            assert hint not in page
        pages.add(page.replace(f'value="{entry.pk}"', "").partition('name="csrfmiddlewaretoken"')[2][80:])
        entry.delete()
        comment.delete()
    assert len(pages) == 1
    assert "The same words" in pages.pop()


def test_where_two_disagree_the_comment_can_be_reopened_once(article: Article, cast: Cast) -> None:
    entry = decided(article, cast.chief, State.REJECTED)
    look = second_look.judge(entry.pk, State.APPROVED, actor=cast.moderator)
    assert list(second_look.disagreements()) == [look]
    assert second_look.reopen(look, actor=cast.moderator)
    assert Comment.objects.get(pk=entry.comment_id).state == State.PENDING
    assert list(second_look.disagreements()) == []
    again = SecondLook.objects.get(pk=look.pk)
    assert not second_look.reopen(again, actor=cast.moderator)


def test_agreement_is_counted_by_person_and_by_finding(article: Article, cast: Cast, settings: Any) -> None:
    settings.COMMENTS_SECOND_LOOK_A_DAY = 100
    found = [{"code": "rule-word", "push": 2, "facts": {"words": "x", "pattern": "casino*"}}]
    for number in range(4):
        entry = decided(article, cast.chief, State.SPAM, findings=found)
        verdict = State.SPAM if number else State.APPROVED
        second_look.judge(entry.pk, verdict, actor=cast.moderator)
    second_look.judge(decided(article, None, State.SPAM).pk, State.SPAM, actor=cast.moderator)

    people, codes = second_look.agreements()
    assert [(row.name, row.looks, row.agreed) for row in people] == [(str(cast.chief), 4, 3), ("the system", 1, 1)]
    assert codes[0].name == "rule “casino*”"
    assert codes[0].is_small


def test_the_range_is_wilsons_and_small_samples_are_called_small() -> None:
    assert Agreement("x", 100, 90).interval == (82, 95)
    assert Agreement("x", 10, 10).interval == (72, 100)
    assert Agreement("x", 1, 0).interval == (0, 80)
    assert [Agreement("x", looks, 1).is_small for looks in (19, 20)] == [True, False]


@pytest.mark.once
def test_agreement_and_sample_take_as_many_queries_at_every_size(article: Article, cast: Cast, settings: Any) -> None:
    settings.COMMENTS_SECOND_LOOK_A_DAY = 1000
    counts = []
    for size in (2, 20):
        for _number in range(size):
            second_look.judge(decided(article, cast.chief).pk, State.SPAM, actor=cast.moderator)
            decided(article, cast.chief)
        with CaptureQueriesContext(connection) as queries:
            second_look.upcoming(cast.moderator)
            second_look.agreements()
            list(second_look.disagreements())
        counts.append(len(queries))
    assert counts[0] == counts[1] <= 6


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_one_verdict_sent_five_times_at_once_is_kept_once(cast: Cast) -> None:
    entry = decided(make_article(), cast.chief)
    errors = at_once([lambda: second_look.judge(entry.pk, State.SPAM, actor=cast.moderator)] * 5)
    assert len(errors) == 4
    assert {type(error) for error in errors} == {AlreadyJudgedError}
    assert SecondLook.objects.count() == 1
