"""What moderators can do besides deciding: reasons, judging reports and appeals, edits, staff picks; each undoable."""

import uuid
from collections.abc import Sequence
from datetime import timedelta
from itertools import count

import pytest
import time_machine
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from articles.models import Article
from comments import consequences, moderation
from comments.models import Appeal, Comment, Complaint, FormerWords, ModerationEntry, Reason, Report, State
from comments.moderation import OvertakenError
from comments.pipeline.findings import Code
from pagecache.models import Key
from tests.concurrency import at_once
from tests.conftest import Cast
from tests.factories import make_article, make_comment

NOW = "2026-05-04 12:00:00+00:00"

Kind = ModerationEntry.Kind


@pytest.fixture
def article(db: None) -> Article:
    return make_article()


def again(comment: Comment) -> Comment:
    return Comment.objects.get(pk=comment.pk)


def version(article: Article) -> int:
    return Key.objects.filter(name=f"comments:{article.pk}").values_list("version", flat=True).first() or 0


_sources = count()


def report(comment: Comment, text: str = "") -> Report:
    """A reader's report, counted with the comment."""
    row: Report = Report.objects.create(
        comment=comment, complaint=Complaint.ABUSE, text=text, source=f"block {next(_sources)}"
    )
    comment.open_reports += 1
    comment.save(update_fields=["open_reports"])
    return row


def appeal(comment: Comment, text: str = "I meant it kindly.") -> Appeal:
    """Its writer's appeal, open."""
    row: Appeal = Appeal.objects.create(comment=comment, text=text)
    comment.appealed_at = row.at
    comment.save(update_fields=["appealed_at"])
    return row


def test_a_refusal_carries_its_reason_own_words_and_a_warning(cast: Cast, article: Article) -> None:
    comment = make_comment(article, state=State.PENDING)

    [entry] = moderation.decide(
        [comment], State.REJECTED, actor=cast.moderator, code=Reason.ABUSE, reason=" Be kind. ", warning=True
    )

    assert (entry.code, entry.reason, entry.warning) == (Reason.ABUSE, "Be kind.", True)


@pytest.mark.parametrize(
    ("state", "said"),
    [
        (State.REJECTED, {"code": "nonsense"}),
        (State.APPROVED, {"code": Reason.ABUSE}),
        (State.APPROVED, {"warning": True}),
        (State.PENDING, {"code": Reason.ABUSE}),
        (State.WITHDRAWN, {}),
        (State.REJECTED, {"reason": "\ud800"}),
    ],
)
def test_what_does_not_go_with_a_decision_is_refused_in_words(
    cast: Cast, article: Article, state: State, said: dict[str, str]
) -> None:
    comment = make_comment(article, state=State.SPAM)

    with pytest.raises(ValidationError):
        moderation.decide([comment], state, actor=cast.moderator, **said)  # type: ignore[arg-type]

    assert again(comment).state == State.SPAM


@pytest.mark.parametrize(("state", "vouched"), [(State.APPROVED, True), (State.REJECTED, False)])
def test_a_decision_judges_the_open_reports(cast: Cast, article: Article, state: State, vouched: bool) -> None:
    comment = make_comment(article)
    rows = [report(comment), report(comment)]

    [entry] = moderation.decide([comment], state, actor=cast.moderator)

    now = again(comment)
    assert (now.state, now.open_reports, now.vouched) == (state, 0, vouched)
    assert all(Report.objects.get(pk=row.pk).judged_at for row in rows)

    late = report(now)
    moderation.undo(entry, cast.moderator)

    back = again(comment)
    assert (back.state, back.open_reports, back.vouched) == (State.APPROVED, 3, False)
    assert Report.objects.filter(judged_at__isnull=True).count() == 3
    assert late.judged_at is None


def test_reports_are_judged_once_even_where_the_state_stays(cast: Cast, article: Article) -> None:
    comment = make_comment(article)
    report(comment)
    second = again(comment)
    moderation.decide([comment], State.APPROVED, actor=cast.moderator)

    assert moderation.decide([second], State.APPROVED, actor=cast.chief) == []


@pytest.mark.parametrize("state", [State.REJECTED, State.APPROVED, State.SPAM])
def test_a_decision_judges_the_appeal_and_undoing_opens_it_again(cast: Cast, article: Article, state: State) -> None:
    comment = make_comment(article, state=State.REJECTED)
    row = appeal(comment)

    [entry] = moderation.decide([comment], state, actor=cast.moderator)

    assert again(comment).appealed_at is None
    assert Appeal.objects.get(pk=row.pk).judged_at is not None

    moderation.undo(entry, cast.moderator)

    assert again(comment).appealed_at == row.at
    assert Appeal.objects.get(pk=row.pk).judged_at is None


def test_what_returns_to_the_queue_waits_anew_and_alone(cast: Cast, article: Article) -> None:
    before = timezone.now() - timedelta(days=3)
    comment = make_comment(article, waiting_since=before, rank_at=before, cluster=1, likeness="text")
    report(comment)

    moderation.decide([comment], State.PENDING, actor=cast.moderator)

    now = again(comment)
    assert now.waiting_since > before
    assert now.rank_at > before
    assert (now.cluster, now.likeness, now.open_reports) == (None, "", 1)


def test_undoing_an_approval_gives_back_the_old_place_in_the_queue(cast: Cast, article: Article) -> None:
    before = timezone.now() - timedelta(days=3)
    comment = make_comment(article, state=State.PENDING, waiting_since=before, rank_at=before, cluster=7)
    [entry] = moderation.decide([comment], State.APPROVED, actor=cast.moderator)
    moderation.undo(entry, cast.moderator)

    now = again(comment)
    assert (now.state, now.waiting_since, now.cluster) == (State.PENDING, before, 7)


def test_the_system_holds_what_readers_see_and_says_why(article: Article) -> None:
    comment = make_comment(article, created_at=timezone.now() - timedelta(days=2))
    before = version(article)

    entry = moderation.hold(comment, Code.FAST, facts={"number": 3})

    now = again(comment)
    assert entry is not None
    assert (entry.by, entry.before, entry.after) == (None, State.APPROVED, State.PENDING)
    assert (now.state, now.why) == (State.PENDING, Code.FAST)
    assert now.findings[0]["facts"] == {"number": 3}
    assert version(article) == before + 1
    assert moderation.hold(comment, Code.FAST) is None


def test_an_edit_is_marked_keeps_the_original_and_can_be_taken_back(cast: Cast, article: Article) -> None:
    comment = make_comment(article, "You fool, the tram is late.")
    before = version(article)

    entry = moderation.edit(comment, "The tram is late.", actor=cast.moderator, seen_text=comment.text)

    now = again(comment)
    assert entry is not None
    assert (now.text, now.edited_by_staff, entry.kind) == ("The tram is late.", True, Kind.EDIT)
    assert now.edited_at is not None
    assert FormerWords.objects.get().text == "You fool, the tram is late."
    assert FormerWords.objects.get().by == cast.moderator
    assert version(article) == before + 1

    moderation.undo(entry, cast.moderator)

    back = again(comment)
    assert (back.text, back.edited_by_staff, back.edited_at) == (comment.text, False, None)
    assert list(FormerWords.objects.values_list("text", flat=True)) == [comment.text, "The tram is late."]
    with pytest.raises(OvertakenError):
        moderation.undo(entry, cast.moderator)


def test_a_decision_after_an_edit_leaves_both_to_be_taken_back(cast: Cast, article: Article) -> None:
    comment = make_comment(article, "Fool.", state=State.PENDING)
    edited = moderation.edit(comment, "Friend.", actor=cast.moderator, seen_text="Fool.")
    [decided] = moderation.decide([again(comment)], State.APPROVED, actor=cast.moderator)
    assert edited is not None

    moderation.undo(edited, cast.moderator)
    moderation.undo(decided, cast.moderator)

    assert (again(comment).text, again(comment).state) == ("Fool.", State.PENDING)


def test_words_that_changed_meanwhile_are_not_overwritten(cast: Cast, article: Article) -> None:
    comment = make_comment(article, "First")
    moderation.edit(comment, "Second", actor=cast.chief, seen_text="First")

    with pytest.raises(OvertakenError):
        moderation.edit(comment, "Third", actor=cast.moderator, seen_text="First")

    assert again(comment).text == "Second"


def test_an_edit_that_changes_nothing_is_none(cast: Cast, article: Article) -> None:
    comment = make_comment(article, "Two\nlines")

    assert moderation.edit(comment, "Two\r\nlines", actor=cast.moderator, seen_text="Two\r\nlines") is None
    assert not ModerationEntry.objects.exists()


@pytest.mark.parametrize("text", ["", " \u200b", "a\x00b", "x" * 8001])
def test_an_edit_meets_the_rules_of_every_comment(cast: Cast, article: Article, text: str) -> None:
    comment = make_comment(article)

    with pytest.raises(ValidationError):
        moderation.edit(comment, text, actor=cast.moderator, seen_text=comment.text)

    assert not FormerWords.objects.exists()


def test_what_its_writer_took_back_is_neither_edited_nor_decided(cast: Cast, article: Article) -> None:
    comment = make_comment(article, state=State.WITHDRAWN)

    assert moderation.decide([comment], State.APPROVED, actor=cast.moderator) == []
    with pytest.raises(ValidationError):
        moderation.edit(comment, "New", actor=cast.moderator, seen_text=comment.text)
    with pytest.raises(ValidationError):
        moderation.feature(comment, True, actor=cast.moderator)


def test_a_staff_pick_is_made_and_unmade_and_taken_back(cast: Cast, article: Article) -> None:
    comment = make_comment(article)

    made = moderation.feature(comment, True, actor=cast.moderator)
    assert again(comment).featured
    assert moderation.feature(comment, True, actor=cast.moderator) is None
    unmade = moderation.feature(comment, False, actor=cast.moderator)
    assert made is not None
    assert unmade is not None

    with pytest.raises(OvertakenError):
        moderation.undo(made, cast.moderator)
    moderation.undo(unmade, cast.moderator)

    assert again(comment).featured
    assert [entry.kind for entry in ModerationEntry.objects.order_by("pk")] == [
        Kind.FEATURE,
        Kind.UNFEATURE,
        Kind.FEATURE,
    ]


def test_what_readers_cannot_see_is_no_staff_pick(cast: Cast, article: Article) -> None:
    with pytest.raises(ValidationError):
        moderation.feature(make_comment(article, state=State.PENDING), True, actor=cast.moderator)


@pytest.mark.parametrize("role", ["contributor", "editor"])
def test_roles_without_the_permission_edit_and_pick_nothing(cast: Cast, article: Article, role: str) -> None:
    comment, person = make_comment(article), getattr(cast, role)

    with pytest.raises(PermissionDenied):
        moderation.edit(comment, "New", actor=person, seen_text=comment.text)
    with pytest.raises(PermissionDenied):
        moderation.feature(comment, True, actor=person)

    assert (again(comment).text, again(comment).featured) == (comment.text, False)


def test_the_last_thing_done_since_signing_in_is_the_one_to_take_back(cast: Cast, article: Article) -> None:
    comments = [make_comment(article, state=State.PENDING) for _ in range(3)]
    with time_machine.travel(NOW, tick=False) as clock:
        moderation.decide(comments[:1], State.SPAM, actor=cast.moderator)
        clock.shift(60)
        cast.moderator.last_login = timezone.now()
        assert moderation.last_batch(cast.moderator) is None
        clock.shift(60)
        [first] = moderation.decide(comments[1:2], State.SPAM, actor=cast.moderator)
        clock.shift(60)
        [second] = moderation.decide(comments[2:], State.SPAM, actor=cast.moderator)
        assert moderation.last_batch(cast.moderator) == second.batch
        moderation.decide([again(comments[2])], State.APPROVED, actor=cast.chief)
        assert moderation.last_batch(cast.moderator) == first.batch
        moderation.undo_batch(first.batch, cast.moderator)
        assert moderation.last_batch(cast.moderator) is None


@pytest.mark.once
def test_many_at_once_cost_as_many_queries_as_two(cast: Cast, article: Article) -> None:
    def cost(number: int) -> tuple[int, int]:
        comments = [make_comment(article, state=State.PENDING) for _ in range(number)]
        with CaptureQueriesContext(connection) as deciding:
            [first, *_rest] = moderation.decide(comments, State.SPAM, actor=cast.moderator)
        with CaptureQueriesContext(connection) as undoing:
            moderation.undo_batch(first.batch, cast.moderator)
        return len(deciding), len(undoing)

    cost(1)  # what the moderator may do is looked up once
    assert cost(2) == cost(30)  # SQLite takes more than that in two statements


def test_nothing_decided_tells_no_follower(cast: Cast, article: Article, monkeypatch: pytest.MonkeyPatch) -> None:
    told: list[Sequence[ModerationEntry]] = []
    monkeypatch.setattr(consequences, "followers", [told.append])
    comment = make_comment(article)

    moderation.decide([comment], State.APPROVED, actor=cast.moderator)
    moderation.decide([], State.APPROVED, actor=cast.moderator)

    assert told == []


def test_an_unknown_batch_is_nothing(cast: Cast, db: None) -> None:
    assert moderation.undo_batch(uuid.uuid4(), cast.moderator) == (0, 0)


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_two_hundred_approvals_by_ten_moderators_are_one(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    told: list[int] = []
    monkeypatch.setattr(consequences, "followers", [lambda entries: told.extend(entry.pk for entry in entries)])
    comment = make_comment(make_article(), state=State.PENDING)
    people = [cast.moderator, cast.chief, cast.administrator]

    def moderator(number: int) -> None:
        for _ in range(20):
            moderation.decide([comment], State.APPROVED, actor=people[number % 3])

    assert at_once([lambda number=number: moderator(number) for number in range(10)]) == []  # type: ignore[misc]

    [entry] = ModerationEntry.objects.all()
    assert told == [entry.pk]
    assert again(comment).state == State.APPROVED


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_the_control_is_that_without_the_lock_several_are_written(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    comment = make_comment(make_article(), state=State.PENDING)
    monkeypatch.setattr(
        "comments.moderation.deciding.locked", lambda ids: list(Comment.objects.filter(pk__in=list(ids)))
    )

    def moderator() -> None:
        moderation.decide([comment], State.APPROVED, actor=cast.moderator)

    assert at_once([moderator] * 10) == []

    assert ModerationEntry.objects.count() > 1


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_two_editors_of_one_comment_at_once_lose_no_words(cast: Cast) -> None:
    comment = make_comment(make_article(), "First")

    errors = at_once(
        [
            lambda: moderation.edit(comment, "Second", actor=cast.moderator, seen_text="First"),
            lambda: moderation.edit(comment, "Third", actor=cast.chief, seen_text="First"),
        ]
    )

    assert [type(error) for error in errors] == [OvertakenError]
    assert FormerWords.objects.get().text == "First"
