"""The learner by itself: what it learns, takes out again, and how sure it says it is."""

import random

import numpy as np
import pytest

from comments.learning.features import SPACE, Kind
from comments.learning.model import Model, UnknownLessonError
from comments.learning.training import Trainer
from comments.learning.verdict import Lesson
from comments.learning.writing import Writing

SPAM = [
    Writing("Subscribe to my channel, please!!!"),
    Writing("Check out my new channel and subscribe"),
    Writing("FREE MONEY http://rich.example.com/?ref=77"),
    Writing("please visit my blog www.blog.example.net"),
    Writing("Earn cash at home, click http://cash.example.org/win"),
]
HAM = [
    Writing("The council should have asked the people who live there."),
    Writing("I was at the harbour that night and it was not like that at all."),
    Writing("Thank you for this, it explains a lot."),
    Writing("My grandmother used to make this with rye flour."),
    Writing("Is there a list of the schools that will close?"),
]


def taught(times: int = 4) -> Model:
    model = Model()
    for _ in range(times):
        for spam, ham in zip(SPAM, HAM, strict=True):
            model.learn(spam, True)
            model.learn(ham, False)
    return model


def same(one: Model, other: Model) -> bool:
    return all(
        np.array_equal(getattr(one, part), getattr(other, part)) for part in ("weights", "met", "lessons", "outcomes")
    )


def test_it_tells_spam_from_ham_after_a_few_decisions() -> None:
    model = taught()

    plug = model.score(Writing("hey subscribe to my channel"))
    talk = model.score(Writing("The people at the harbour should have been asked."))

    assert plug.probability > 0.8
    assert talk.probability < 0.2


def test_before_any_lesson_it_is_sure_of_nothing_and_rather_trusts() -> None:
    verdict = Model().score(Writing("The council should have asked the people who live there."))

    assert verdict.certainty == 0
    assert verdict.probability < 0.3


def test_before_any_lesson_a_text_that_is_only_links_is_more_likely_spam_than_talk() -> None:
    model = Model()

    links = model.score(Writing("http://a.example.com http://b.example.com http://c.example.com"))
    talk = model.score(Writing("I do not agree with this."))

    assert links.probability > talk.probability + 0.2
    assert {because.words for because in links.because} >= {"links"}


def test_it_is_surer_of_words_that_it_has_met() -> None:
    model = taught()

    met = model.score(SPAM[0])
    unmet = model.score(Writing("Куплю гараж недорого"))

    assert met.certainty > unmet.certainty + 0.2


def test_what_it_says_it_used_is_in_the_writing_and_pushes_the_right_way() -> None:
    verdict = taught().score(Writing("please subscribe to my channel"))

    words = {because.words: because.push for because in verdict.because if because.kind in {Kind.WORD, Kind.PAIR}}
    assert words["subscribe"] > 0
    assert all(part in "please subscribe to my channel" for word in words for part in word.split(" … "))


def test_scoring_changes_nothing() -> None:
    model, control = taught(), taught()

    for writing in SPAM + HAM:
        model.score(writing)

    assert same(model, control)


def test_a_lesson_taken_out_leaves_no_trace() -> None:
    model, control = taught(), taught()

    wrong = [model.learn(ham, True) for ham in HAM]
    assert not same(model, control)
    for ham, lesson in zip(HAM, wrong, strict=True):
        model.unlearn(ham, lesson)

    assert same(model, control)
    assert [model.score(writing) for writing in SPAM + HAM] == [control.score(writing) for writing in SPAM + HAM]


def test_taking_out_everything_in_any_order_ends_at_the_beginning() -> None:
    model = Model()
    trainer = Trainer(model)
    for writing in SPAM + HAM + SPAM:
        trainer.learn(writing, writing in SPAM)
    trainer.look_again()
    assert not same(model, Model())

    random.Random(3).shuffle(trainer.given)
    for writing, lesson in trainer.given:
        model.unlearn(writing, lesson)

    assert same(model, Model())


def test_what_was_never_learnt_cannot_be_taken_out() -> None:
    model = taught()

    with pytest.raises(UnknownLessonError):
        model.unlearn(Writing("Entirely other words: zymurgy, quixotic"), Lesson(True, 500, 3))
    with pytest.raises(UnknownLessonError):
        Model().unlearn(SPAM[0], Lesson(True, 500, 3))

    assert same(model, taught())


def test_a_lesson_comes_back_from_its_four_bytes() -> None:
    lesson = taught().learn(SPAM[0], True)

    assert len(lesson.packed()) == 4
    assert Lesson.unpacked(lesson.packed()) == lesson
    with pytest.raises(ValueError, match="No lesson"):
        Lesson.unpacked(b"?")


def test_looking_again_settles() -> None:
    trainer = Trainer(Model())
    for writing in SPAM + HAM:
        trainer.learn(writing, writing in SPAM)

    def moved() -> float:
        before = trainer.model.weights.astype(float)
        trainer.look_again()
        return float(np.abs(trainer.model.weights - before).sum())

    first, second, third = moved(), moved(), moved()

    assert first > second > third


def test_one_wrong_decision_turns_no_other_and_looking_again_overrules_it() -> None:
    trainer = Trainer(Model())
    for writing in (SPAM + HAM) * 4:
        trainer.learn(writing, writing in SPAM)

    trainer.learn(HAM[0], True)
    others = [trainer.model.score(ham).probability for ham in HAM[1:]]
    trainer.look_again()

    assert max(others) < 0.5
    assert trainer.model.score(HAM[0]).probability < 0.5


def test_a_lesson_of_small_weight_pushes_less() -> None:
    full, small, none = taught(), taught(), taught()
    odd = Writing("Widgets, gadgets and gizmos")

    full.learn(odd, True)
    small.learn(odd, True, weight=0.02)
    none.learn(odd, True, weight=0.0)

    assert full.score(odd).margin > small.score(odd).margin > none.score(odd).margin


@pytest.mark.parametrize(
    "text",
    [
        "",
        " \n\t ",
        "\x00",
        "\ud800 lone \udfff",
        "\u202eesrever\u202c \u200b\u200d\ufeff",
        "Z̴̡̧a̷̢l̸g̵o̶" * 500,
        "a" * 8000,
        "a." * 4000,
        "a-" * 4000,
        "www." * 2000,
        "http://" * 1100,
        "' " * 4000,
        "'" * 8000,
        "watch?v=" * 1000,
        "漢字" * 4000,
        "👩‍👩‍👧‍👦" * 1000,
        "\n" * 8000,
        "x" * 100_000,
        "٣٤٥ ๙ Ⅷ ½ ²",
        "{percent} %s %(x)s {0.__class__}",
    ],
    ids=range(20),
)
def test_any_text_can_be_scored_learnt_and_taken_out(text: str) -> None:
    model = Model()
    writing = Writing(text, name=text[:80], website=text[:200], email_domain=text[:50])

    lesson = model.learn(writing, True)
    verdict = model.score(writing)
    model.unlearn(writing, lesson)

    assert 0 <= verdict.probability <= 1
    assert 0 <= verdict.certainty <= 1
    assert same(model, Model())
    assert model.weights.shape == (SPACE,)
