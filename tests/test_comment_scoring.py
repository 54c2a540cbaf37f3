"""The learnt score behind the desk's decisions: learnt once, taken out exactly, acting only when earned."""

import random
from collections.abc import Callable, Iterator
from datetime import timedelta
from io import StringIO
from typing import Any

import numpy as np
import pytest
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from pytest_django import Settings

from articles.models import Article
from comments import lessons, merits, moderation, scoring, submission, training
from comments.learning import packing
from comments.learning.model import Model
from comments.models import Comment, Judgement, Learner, ModerationEntry, State
from comments.pipeline.findings import Code, Push, read
from outbox import effects
from people.models import User
from tests.concurrency import at_once
from tests.conftest import Cast
from tests.factories import make_article, make_comment

SPAM = "Subscribe to my channel, free money at http://rich.example.com/win"
HAM = "The council should have asked the people who live at the harbour."


@pytest.fixture(autouse=True)
def nothing_known() -> Iterator[None]:
    known = scoring._last
    scoring._last = scoring.Present(-1, known.changed_at, None, Model())
    yield
    scoring._last = known


@pytest.fixture
def moderator(cast: Cast) -> User:
    return cast.moderator


@pytest.fixture
def article(db: None) -> Article:
    return make_article()


def typed(text: str, **changes: str) -> dict[str, str]:
    return {"text": text, "name": "Ana", "email": "ana@example.org", "website": "", "parent": "", **changes}


def waiting(article: Article, text: str, **fields: Any) -> Comment:
    return make_comment(article, text, state=State.PENDING, **fields)


def work() -> None:
    while effects.run_due():
        pass


def state() -> Model:
    return packing.load(bytes(Learner.objects.get().state))


def same(one: Model, other: Model) -> bool:
    return all(np.array_equal(getattr(one, part), getattr(other, part)) for part in ("weights", "met", "lessons"))


def teach_some(article: Article, moderator: User, number: int = 10) -> list[ModerationEntry]:
    spam = [waiting(article, f"{SPAM} number {place}") for place in range(number)]
    ham = [waiting(article, f"{HAM} I was there, {place} of us.") for place in range(number)]
    entries = moderation.decide(spam, State.SPAM, actor=moderator)
    entries += moderation.decide(ham, State.APPROVED, actor=moderator)
    work()
    return entries


def score_of(article: Article, text: str) -> Any:
    comment = submission.submit(article, typed(text))
    return next((finding for finding in read(comment.findings) if finding.code == Code.SCORE), None)


def test_what_moderators_decide_shows_in_the_next_score_with_the_words_it_used(
    article: Article, moderator: User
) -> None:
    teach_some(article, moderator)

    plug, talk = (
        score_of(article, "please subscribe to my channel"),
        score_of(article, "Nobody asked us at the harbour."),
    )

    assert plug.facts["score"] > 0.5 > talk.facts["score"]
    assert plug.pushes is Push.HOLD
    assert talk.pushes is Push.NOTE
    assert "subscribe" in plug.in_words()
    assert any(word == "subscribe" and push > 0 for _, word, push in plug.facts["because"])


def test_before_anything_was_learnt_the_score_says_nothing_of_plain_talk(article: Article, db: None) -> None:
    assert score_of(article, HAM) is None


def test_the_score_stands_on_the_comment_and_beside_what_a_person_decided(article: Article, moderator: User) -> None:
    teach_some(article, moderator)
    comment = submission.submit(article, typed("please subscribe to my channel"))
    before = comment.score

    moderation.decide([comment], State.SPAM, actor=moderator)
    work()

    judgement = Judgement.objects.get(comment=comment)
    assert before is not None
    assert (judgement.score, judgement.is_spam, judgement.learnt, judgement.automatic) == (before, True, True, False)


def test_a_decision_is_learnt_once_however_often_its_effect_runs(article: Article, moderator: User) -> None:
    teach_some(article, moderator)
    once = state()

    for comment in Comment.objects.all():
        lessons.learn_what_stands({"comments": [comment.pk]}, "again")

    assert same(state(), once)
    assert Learner.objects.get().lessons == 20


def test_a_decision_taken_back_leaves_no_trace(article: Article, moderator: User) -> None:
    teach_some(article, moderator)
    before = state()
    wrong = waiting(article, "An honest word about the harbour")
    [entry] = moderation.decide([wrong], State.SPAM, actor=moderator)
    work()
    assert not same(state(), before)

    moderation.undo(entry, moderator)
    work()

    assert same(state(), before)
    assert Judgement.objects.get(comment=wrong).is_spam is None


def test_a_decision_taken_back_before_the_worker_came_is_never_learnt(article: Article, moderator: User) -> None:
    [entry] = moderation.decide([waiting(article, SPAM)], State.SPAM, actor=moderator)
    moderation.undo(entry, moderator)
    work()

    assert not Learner.objects.filter(lessons__gt=0).exists()


def test_deciding_anew_replaces_the_lesson(article: Article, moderator: User) -> None:
    comment = waiting(article, SPAM)
    moderation.decide([comment], State.SPAM, actor=moderator)
    work()
    comment.refresh_from_db()
    moderation.decide([comment], State.APPROVED, actor=moderator)
    work()

    assert list(state().lessons) == [1, 0]
    assert Judgement.objects.get().learnt is False


def test_undoing_the_second_decision_brings_the_first_back(article: Article, moderator: User) -> None:
    comment = waiting(article, SPAM)
    moderation.decide([comment], State.SPAM, actor=moderator)
    comment.refresh_from_db()
    [second] = moderation.decide([comment], State.APPROVED, actor=moderator)
    work()

    moderation.undo(second, moderator)
    work()

    assert Judgement.objects.get().learnt is True


@pytest.mark.parametrize("after", [State.REJECTED, State.SPAM])
def test_what_the_system_decides_teaches_nothing(article: Article, after: State) -> None:
    moderation.decide([waiting(article, SPAM)], after, actor=None)
    work()

    assert not Judgement.objects.exists()


def test_a_refusal_for_other_reasons_says_nothing_about_spam(article: Article, moderator: User) -> None:
    moderation.decide([waiting(article, "You are a fool.")], State.REJECTED, actor=moderator)
    work()

    assert not Judgement.objects.exists()


def test_a_moderator_who_poisons_it_is_undone_in_one_go_to_the_last_bit(article: Article, moderator: User) -> None:
    teach_some(article, moderator)
    before = state()
    honest = [waiting(article, f"{HAM} Number {place}") for place in range(60)]
    entries = moderation.decide(honest, State.SPAM, actor=moderator)
    work()
    assert scoring.present().model.score(scoring.writing_of(honest[0])).probability > 0.5  # the control: it did harm

    moderation.undo_batch(entries[0].batch, moderator)
    work()

    assert same(state(), before)


def test_lessons_in_any_order_can_be_taken_out_in_any_order(article: Article, moderator: User) -> None:
    entries = teach_some(article, moderator)
    random.Random(5).shuffle(entries)
    for entry in entries:
        moderation.undo(entry, moderator)
    work()

    assert same(state(), Model())
    assert Learner.objects.get().lessons == 0


def test_a_lesson_whose_comment_has_other_words_now_makes_all_be_learnt_anew(article: Article, moderator: User) -> None:
    entries = teach_some(article, moderator)
    changed = Comment.objects.get(pk=entries[0].comment_id)
    changed.text = "Altogether different words."
    changed.save()

    moderation.undo(entries[0], moderator)
    work()

    assert Learner.objects.get().training == 0
    assert Learner.objects.get().lessons == 19
    assert list(state().lessons) == [10, 9]


def test_a_state_nobody_can_read_scores_by_the_first_belief_and_is_learnt_anew(
    article: Article, moderator: User
) -> None:
    teach_some(article, moderator)
    Learner.objects.update(state=b"newsroom learner 0\n", version=99)

    assert score_of(article, HAM) is None

    moderation.decide([waiting(article, HAM)], State.APPROVED, actor=moderator)
    work()
    assert Learner.objects.get().lessons == 21


def test_scoring_asks_one_query_and_reads_the_state_only_when_it_changed(article: Article, moderator: User) -> None:
    teach_some(article, moderator)
    with CaptureQueriesContext(
        connection,
    ) as first:
        model = scoring.present().model
    with CaptureQueriesContext(connection) as second:
        again = scoring.present().model

    assert (len(first), len(second)) == (1, 1)
    assert again is model

    moderation.decide([waiting(article, HAM)], State.APPROVED, actor=moderator)
    work()
    assert scoring.present().model.total == model.total + 1


def test_the_score_holds_as_spam_by_itself_only_from_an_earned_threshold_on(
    article: Article, moderator: User, settings: Settings
) -> None:
    teach_some(article, moderator)
    assert score_of(article, SPAM).pushes is Push.HOLD
    Learner.objects.update(threshold=0.5, version=50)

    comment = submission.submit(article, typed(f"{SPAM} today", email="other@example.org"))

    assert (comment.state, comment.why) == (State.SPAM, "score")
    settings.COMMENTS_SPAM_BY_SCORE = False
    assert score_of(article, f"{SPAM} tomorrow").pushes is Push.HOLD


def test_people_rescuing_from_the_spam_take_the_right_to_act_away(article: Article, moderator: User) -> None:
    judged(article, 0.99, True, 300)
    assert merits.threshold() is not None

    judged(article, 0.99, False, 12)

    assert merits.threshold() is None


def test_a_flood_decided_as_one_group_earns_nothing(article: Article) -> None:
    judged(article, 0.99, True, 400, cluster=7)

    assert merits.threshold() is None
    assert len(merits.pairs()) == 1


def judged(article: Article, score: float, is_spam: bool, number: int, cluster: int | None = None) -> None:
    now = timezone.now()
    for _ in range(number):
        comment = make_comment(article, "x", cluster=cluster)
        Judgement.objects.create(comment=comment, score=score, is_spam=is_spam, judged_at=now)


@pytest.mark.once
def test_what_was_learnt_is_told_in_words_both_ways_in_as_many_queries_whatever_its_size(
    article: Article, moderator: User
) -> None:
    teach_some(article, moderator, 3)
    scoring.present()
    with CaptureQueriesContext(connection) as few:
        standing = merits.standing()
    teach_some(article, moderator, 20)
    scoring.present()
    with CaptureQueriesContext(connection) as many:
        merits.standing()

    assert len(few) == len(many) <= 4
    assert "subscribe" in {because.words for because in standing.towards}
    assert "harbour" in {because.words for because in standing.away}
    assert (standing.lessons, standing.threshold, standing.is_acting) == (6, None, False)


def test_training_learns_decisions_that_were_made_before_there_was_a_score(article: Article, moderator: User) -> None:
    teach_some(article, moderator)
    Judgement.objects.all().delete()
    Learner.objects.all().delete()

    out = StringIO()
    call_command("train_comments", stdout=out)

    assert Learner.objects.get().lessons == 20
    assert Judgement.objects.filter(learnt__isnull=False).count() == 20
    assert "20 decisions are learnt" in out.getvalue()
    assert "no threshold has earned it yet" in out.getvalue()


def test_training_that_is_killed_goes_on_and_ends_as_one_that_was_not(
    article: Article, moderator: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(training, "BATCH", 7)
    teach_some(article, moderator)
    training.start(anew=True)
    while training.step():
        pass
    whole = state()

    training.start(anew=True)
    monkeypatch.setattr(lessons, "keep", killed)
    with pytest.raises(KeyboardInterrupt):
        training.step()
    monkeypatch.undo()
    monkeypatch.setattr(training, "BATCH", 7)
    assert training.progress().done == 0
    while training.step():
        pass

    assert same(state(), whole)
    assert training.progress() == (0, 20, 20)


def killed(*args: object) -> None:
    raise KeyboardInterrupt


def test_decisions_made_during_a_training_are_learnt_too(article: Article, moderator: User) -> None:
    teach_some(article, moderator)
    training.start(anew=True)
    training.step()

    moderation.decide([waiting(article, HAM)], State.APPROVED, actor=moderator)
    work()

    assert Learner.objects.get().lessons == 21
    assert Learner.objects.get().training == 0


def test_the_daily_look_again_waits_for_enough_lessons(article: Article, moderator: User) -> None:
    teach_some(article, moderator)
    training.look_again_daily()
    assert Learner.objects.get().training == 0

    teach_some(article, moderator, 25)
    training.look_again_daily()
    assert Learner.objects.get().training == 2
    work()
    assert Learner.objects.get().training == 0


def test_taking_out_is_exact_after_lessons_were_looked_at_again(article: Article, moderator: User) -> None:
    entries = teach_some(article, moderator)
    training.start()
    while training.step():
        pass
    for entry in entries:
        moderation.undo(entry, moderator)
    work()

    assert same(state(), Model())


@pytest.mark.parametrize(
    "text",
    [
        "x" * 8000,
        "Z̴̡̧a̷̢l̸g̵o̶ " * 400,
        "\u202eevil\u202c {score} %s <script>alert(1)</script>",
        "٣٤٥",
        "a." * 4000,
        "👩‍👩‍👧‍👦" * 500,
    ],
    ids=range(6),
)
def test_any_text_that_can_be_stored_is_scored_and_learnt(article: Article, moderator: User, text: str) -> None:
    teach_some(article, moderator, 3)
    comment = submission.submit(article, typed(text, name="{name} %s", website="https://example.com/{percent}"))

    moderation.decide([comment], State.SPAM, actor=moderator)
    work()

    assert Judgement.objects.get(comment=comment).learnt is True
    assert all("\u202e" not in row["facts"]["words"] for row in comment.findings if row["code"] == "score")


def test_an_erased_comment_takes_its_judgement_with_it_and_harms_nothing(article: Article, moderator: User) -> None:
    entries = teach_some(article, moderator)
    Comment.objects.filter(pk=entries[0].comment_id).delete()

    lessons.learn_what_stands({"comments": [entries[0].comment_id]}, "late")
    training.start()
    while training.step():
        pass

    assert Learner.objects.get().training == 0


def test_an_old_score_is_kept_when_a_comment_is_decided_much_later(article: Article, moderator: User) -> None:
    old = waiting(article, HAM, score=0.25, created_at=timezone.now() - timedelta(days=400))
    moderation.decide([old], State.APPROVED, actor=moderator)
    work()

    assert Judgement.objects.get().score == 0.25


def unlocked() -> Learner:
    Learner.objects.get_or_create(pk=1)
    return Learner.objects.get(pk=1)


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("take", [lessons.locked, unlocked])
def test_workers_who_learn_at_once_lose_no_lesson(
    cast: Cast, monkeypatch: pytest.MonkeyPatch, take: Callable[[], Learner]
) -> None:
    article = make_article()
    comments = [waiting(article, f"{SPAM} number {place}") for place in range(16)]
    moderation.decide(comments, State.SPAM, actor=cast.moderator)
    Learner.objects.get_or_create(pk=1)
    monkeypatch.setattr(lessons, "locked", take)

    errors = at_once([lambda pk=row.pk: lessons.teach([pk]) for row in comments])  # type: ignore[misc]

    assert errors == []
    assert Judgement.objects.filter(learnt=True).count() == 16
    assert (Learner.objects.get().lessons == 16) is (take is not unlocked)


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_one_effect_run_by_many_workers_teaches_once(cast: Cast) -> None:
    comment = waiting(make_article(), SPAM)
    moderation.decide([comment], State.SPAM, actor=cast.moderator)

    errors = at_once([lambda: lessons.teach([comment.pk]) for _ in range(8)])

    assert errors == []
    assert list(state().lessons) == [0, 1]
