"""Moderators decide: one decision each, none lost, every one written down and undoable."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import PermissionDenied, ValidationError
from django.utils import timezone

from articles.models import Article
from comments import moderation
from comments.models import Comment, ModerationEntry, State
from comments.thread_pages import threads_of
from outbox.models import AuditEntry
from pagecache.models import Key
from tests.concurrency import at_once
from tests.conftest import Cast
from tests.factories import make_article, make_comment


@pytest.fixture
def article(db: None) -> Article:
    return make_article()


def version(article: Article) -> int:
    return Key.objects.filter(name=f"comments:{article.pk}").values_list("version", flat=True).first() or 0


def test_an_approved_comment_appears_and_its_page_changes(cast: Cast, article: Article) -> None:
    comment = make_comment(article, state=State.PENDING)

    [entry] = moderation.decide([comment], State.APPROVED, actor=cast.moderator)

    assert threads_of(article).count == 1
    assert (entry.by, entry.before, entry.after) == (cast.moderator, State.PENDING, State.APPROVED)
    assert version(article) == 1


def test_refusing_what_waits_changes_no_page(cast: Cast, article: Article) -> None:
    moderation.decide([make_comment(article, state=State.PENDING)], State.REJECTED, actor=cast.moderator)

    assert version(article) == 0


def test_refusing_what_readers_saw_changes_the_page(cast: Cast, article: Article) -> None:
    comment = make_comment(article)
    before = version(article)

    moderation.decide([comment], State.SPAM, actor=cast.moderator)

    assert version(article) == before + 1


def test_every_decision_leaves_an_audit_row(cast: Cast, article: Article) -> None:
    comment = make_comment(article, state=State.PENDING)

    moderation.decide([comment], State.REJECTED, actor=cast.moderator, reason="Off the subject")

    row = AuditEntry.objects.get(object_type="comments.comment", object_id=str(comment.pk))
    assert (row.actor, row.verb, row.details["reason"]) == (cast.moderator, "refused", "Off the subject")


@pytest.mark.parametrize("role", ["contributor", "editor"])
def test_roles_without_the_permission_decide_nothing(cast: Cast, article: Article, role: str) -> None:
    person = getattr(cast, role)
    comment = make_comment(article, state=State.PENDING)
    [entry] = moderation.decide([make_comment(article)], State.SPAM, actor=None)

    with pytest.raises(PermissionDenied):
        moderation.decide([comment], State.APPROVED, actor=person)
    with pytest.raises(PermissionDenied):
        moderation.undo(entry, person)
    with pytest.raises(PermissionDenied):
        moderation.undo_batch(entry.batch, person)
    with pytest.raises(PermissionDenied):
        moderation.reply_as_staff(comment, "Hello", person)

    assert Comment.objects.get(pk=comment.pk).state == State.PENDING


def test_nobody_signed_in_decides_nothing(article: Article) -> None:
    with pytest.raises(PermissionDenied):
        moderation.decide([make_comment(article)], State.SPAM, actor=AnonymousUser())


@pytest.mark.parametrize("role", ["moderator", "chief", "administrator"])
def test_roles_with_the_permission_decide(cast: Cast, article: Article, role: str) -> None:
    comment = make_comment(article, state=State.PENDING)

    assert moderation.decide([comment], State.APPROVED, actor=getattr(cast, role))


def test_a_decision_made_on_an_old_screen_is_not_made(cast: Cast, article: Article) -> None:
    comment = make_comment(article, state=State.PENDING)
    as_seen_by_the_second = Comment.objects.get(pk=comment.pk)
    moderation.decide([comment], State.REJECTED, actor=cast.moderator)

    assert moderation.decide([as_seen_by_the_second], State.APPROVED, actor=cast.chief) == []
    assert Comment.objects.get(pk=comment.pk).state == State.REJECTED


def test_a_reason_that_does_not_fit_is_refused(cast: Cast, article: Article) -> None:
    comment = make_comment(article)

    for reason in ("x" * 201, "a\x00b"):
        with pytest.raises(ValidationError):
            moderation.decide([comment], State.SPAM, actor=cast.moderator, reason=reason)

    assert not ModerationEntry.objects.exists()


def test_a_decision_can_be_taken_back_once(cast: Cast, article: Article) -> None:
    comment = make_comment(article, state=State.PENDING)
    [entry] = moderation.decide([comment], State.APPROVED, actor=cast.moderator)

    undone = moderation.undo(entry, cast.moderator)

    assert Comment.objects.get(pk=comment.pk).state == State.PENDING
    assert undone.undoes == entry
    assert version(article) == 2
    with pytest.raises(moderation.OvertakenError):
        moderation.undo(entry, cast.moderator)
    with pytest.raises(moderation.OvertakenError):
        moderation.undo(undone, cast.moderator)


def test_a_decision_that_somebody_changed_since_is_not_taken_back(cast: Cast, article: Article) -> None:
    comment = make_comment(article, state=State.PENDING)
    [entry] = moderation.decide([comment], State.APPROVED, actor=cast.moderator)
    comment.refresh_from_db()
    moderation.decide([comment], State.SPAM, actor=cast.chief)

    with pytest.raises(moderation.OvertakenError):
        moderation.undo(entry, cast.moderator)

    assert Comment.objects.get(pk=comment.pk).state == State.SPAM


def test_what_was_decided_together_is_undone_together(cast: Cast, article: Article) -> None:
    comments = [make_comment(article, state=State.PENDING) for _ in range(4)]
    entries = moderation.decide(comments, State.SPAM, actor=cast.moderator)
    changed = Comment.objects.get(pk=comments[0].pk)
    moderation.decide([changed], State.APPROVED, actor=cast.chief)

    assert moderation.undo_batch(entries[0].batch, cast.moderator) == (3, 1)
    assert Comment.objects.filter(state=State.PENDING).count() == 3


def test_a_colleague_answers_at_once_with_the_badge(cast: Cast, article: Article) -> None:
    comment = make_comment(article)

    answer = moderation.reply_as_staff(comment, "Thank you, corrected.", cast.moderator)

    assert (answer.state, answer.staff, answer.name) == (State.APPROVED, cast.moderator, "Mo Moderator")
    assert (answer.parent, answer.answers) == (comment, comment)


def test_a_colleague_does_not_answer_what_readers_cannot_see(cast: Cast, article: Article) -> None:
    with pytest.raises(ValidationError, match="Approve"):
        moderation.reply_as_staff(make_comment(article, state=State.PENDING), "Hello", cast.moderator)


@pytest.mark.parametrize("text", ["", " \u200b", "a\x00b", "x" * 8001])
def test_a_colleagues_answer_meets_the_same_rules(cast: Cast, article: Article, text: str) -> None:
    with pytest.raises(ValidationError):
        moderation.reply_as_staff(make_comment(article), text, cast.moderator)


def test_many_decisions_at_once_are_one_batch_and_one_change_of_the_page(cast: Cast, article: Article) -> None:
    comments = [make_comment(article, state=State.PENDING) for _ in range(30)]
    entries = moderation.decide(comments, State.APPROVED, actor=cast.moderator)

    assert len(entries) == 30
    assert len({entry.batch for entry in entries}) == 1
    assert version(article) == 1


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_two_moderators_at_once_make_one_decision_about_each_comment(cast: Cast) -> None:
    article = make_article()
    comments = [make_comment(article, state=State.PENDING) for _ in range(20)]
    results: list[list[ModerationEntry]] = []

    def approve() -> None:
        results.append(moderation.decide(comments, State.APPROVED, actor=cast.moderator))

    def refuse() -> None:
        results.append(moderation.decide(comments[::-1], State.REJECTED, actor=cast.chief))

    assert at_once([approve, refuse, approve, refuse]) == []

    assert sorted(len(result) for result in results) == [0, 0, 0, 20]
    assert ModerationEntry.objects.count() == 20


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_decisions_of_two_moderators_about_different_comments_are_both_kept(cast: Cast) -> None:
    article = make_article()
    comments = [make_comment(article, state=State.PENDING, created_at=timezone.now() - timedelta(days=1)) for _ in "ab"]

    errors = at_once(
        [
            lambda: moderation.decide([comments[0]], State.APPROVED, actor=cast.moderator),
            lambda: moderation.decide([comments[1]], State.APPROVED, actor=cast.chief),
        ]
    )

    assert errors == []
    assert threads_of(article).count == 2
    assert version(article) == 2


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_one_decision_is_taken_back_once_by_two_at_once(cast: Cast) -> None:
    comment = make_comment(make_article(), state=State.PENDING)
    [entry] = moderation.decide([comment], State.APPROVED, actor=cast.moderator)

    errors = at_once([lambda: moderation.undo(entry, cast.moderator)] * 3)

    assert [type(error) for error in errors] == [moderation.OvertakenError] * 2
    assert ModerationEntry.objects.count() == 2
