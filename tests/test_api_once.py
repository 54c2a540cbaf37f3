"""A draft is made once, however often its program has to ask: the Idempotency-Key of the API."""

import threading
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any

import pytest
import time_machine
from django.db import connections

from articles import revisions
from articles.models import Article
from articles.state import WorkingState
from people import tokens
from syndication.api import once
from syndication.api.problems import ProblemError
from syndication.models import KeptAnswer
from tests.concurrency import PATIENCE, at_once
from tests.conftest import Cast
from tests.factories import make_section
from tests.test_api_drafts import Program

pytestmark = pytest.mark.django_db

NOON = datetime(2026, 5, 4, 12, tzinfo=UTC)
BODY = {"headline": "The tram is late", "section": "city", "publish_at": "2030-01-02T03:04:05+01:00"}


@pytest.fixture
def program(cast: Cast) -> Program:
    make_section()
    return Program(cast.editor)


def ask(program: Program, key: str = "8e03978e", **changes: Any) -> Any:
    """Ask for a draft under a key; without one where it is empty."""
    named = {"Idempotency_Key": key} if key else {}
    return program.send("post", "articles/", BODY | changes, **named)


def test_the_same_again_is_the_same_answer_and_one_draft(program: Program) -> None:
    first, again = ask(program), ask(program)
    assert (first.status_code, again.status_code) == (201, 201), first.content
    assert first.content == again.content
    assert all(first[name] == again[name] for name in ("Location", "ETag", "Cache-Control"))
    assert Article.objects.count() == 1
    turned = dict(reversed(list(BODY.items())))
    assert program.send("post", "articles/", turned, Idempotency_Key='"8e03978e"').content == first.content


def test_the_answer_stays_as_it_was_whatever_became_of_the_draft(program: Program, cast: Cast) -> None:
    first = ask(program)
    article = Article.objects.get()
    revisions.save(article, WorkingState.of(article).with_(headline="Other words"), actor=cast.chief)
    assert ask(program).content == first.content
    revisions.discard(article, actor=cast.editor)
    assert ask(program).content == first.content
    assert "Other words" not in ask(program).content.decode()


def test_another_body_under_the_key_is_refused_in_words(program: Program) -> None:
    ask(program)
    refused = ask(program, headline="Another")
    assert (refused.status_code, refused.json()["errors"][0]["where"]) == (422, "header.Idempotency-Key")
    assert ask(program, "another-key", headline="Another").status_code == 201
    assert Article.objects.count() == 2


def test_without_a_key_each_request_makes_a_draft(program: Program) -> None:
    assert [ask(program, "").status_code for _time in range(2)] == [201, 201]
    assert (Article.objects.count(), KeptAnswer.objects.count()) == (2, 0)


def test_a_key_belongs_to_one_token(program: Program, cast: Cast) -> None:
    others = [Program(cast.editor), Program(cast.chief)]
    answers = [ask(one) for one in (program, *others)]
    assert len({answer.json()["id"] for answer in answers}) == 3
    tokens.revoke(program.token, actor=cast.editor)
    assert ask(program).status_code == 401


@pytest.mark.parametrize("key", ["a b", "é", "x" * 256, '""', "\x00", "a\\b", '"'])
def test_a_key_that_is_none_is_refused_in_words(program: Program, key: str) -> None:
    refused = ask(program, key)
    assert (refused.status_code, refused.json()["errors"][0]["where"]) == (400, "header.Idempotency-Key")
    assert not Article.objects.exists()
    assert ask(program, "x" * 255).status_code == 201


def test_what_was_refused_wrote_nothing_and_frees_its_key(program: Program) -> None:
    assert ask(program, section="nowhere").status_code == 422
    assert (Article.objects.count(), KeptAnswer.objects.count()) == (0, 0)
    assert ask(program).status_code == 201


def test_what_broke_wrote_nothing_and_frees_its_key(program: Program, monkeypatch: pytest.MonkeyPatch) -> None:
    create = revisions.create

    def breaks(*args: Any, **kwargs: Any) -> Any:
        create(*args, **kwargs)
        raise RuntimeError

    monkeypatch.setattr(revisions, "create", breaks)
    with pytest.raises(RuntimeError):
        ask(program)
    assert (Article.objects.count(), KeptAnswer.objects.count()) == (0, 0)


def test_a_key_is_kept_for_a_day(program: Program) -> None:
    with time_machine.travel(NOON, tick=False) as clock:
        program = Program(program.token.owner)
        first = ask(program)
        clock.shift(once.KEPT - timedelta(seconds=1))
        assert ask(program).content == first.content
        clock.shift(timedelta(seconds=1))
        assert ask(program, headline="Another").json()["id"] != first.json()["id"], "before a worker dropped the row"
        assert ask(program).status_code == 422
        once.forget()
        assert KeptAnswer.objects.count() == 1
        clock.shift(once.KEPT)
        once.forget()
        assert not KeptAnswer.objects.exists()


def test_a_process_that_died_leaves_its_key_after_a_minute(program: Program) -> None:
    with time_machine.travel(NOON, tick=False) as clock:
        program = Program(program.token.owner)
        ask(program, "probe")
        digest = KeptAnswer.objects.get().digest
        KeptAnswer.objects.create(token=program.token, key="left", digest=digest)
        busy = ask(program, "left")
        assert (busy.status_code, busy["Retry-After"]) == (409, "1")
        clock.shift(once.LEASE)
        assert ask(program, "left").status_code == 201
        assert Article.objects.count() == 2


def test_whoever_was_overtaken_writes_nothing(program: Program) -> None:
    made: list[int] = []
    slow = KeptAnswer.objects.create(token=program.token, key="k", digest="d")
    KeptAnswer.objects.filter(pk=slow.pk).update(attempt=2)
    with pytest.raises(ProblemError) as refused:
        once._work(slow, lambda: made.append(1) or once.Answer({}, {}))  # type: ignore[func-returns-value]
    assert (refused.value.status, made) == (409, [])
    assert KeptAnswer.objects.filter(attempt=2).exists()


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(("key", "drafts"), [("one", 1), ("", 4)])
def test_four_at_once_make_one_draft(program: Program, key: str, drafts: int) -> None:
    statuses: list[int] = []

    def run() -> None:
        statuses.append(ask(program, key).status_code)

    assert at_once([run] * 4) == []
    assert Article.objects.count() == drafts, "without a key, each makes its own: the control"
    assert statuses.count(201) >= 1
    assert set(statuses) <= {201, 409}
    assert ask(program, "one" if key else "").status_code == 201


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_whoever_asks_while_the_first_is_at_work_is_told_so(program: Program, monkeypatch: pytest.MonkeyPatch) -> None:
    began, may_end = threading.Event(), threading.Event()
    create: Callable[..., Article] = revisions.create
    answers: list[Any] = []

    def slow(*args: Any, **kwargs: Any) -> Article:
        began.set()
        assert may_end.wait(PATIENCE)
        return create(*args, **kwargs)

    def first() -> None:
        answers.append(ask(program))
        connections.close_all()

    monkeypatch.setattr(revisions, "create", slow)
    working = threading.Thread(target=first)
    working.start()
    assert began.wait(PATIENCE)
    assert (ask(program).status_code, ask(program, headline="Another").status_code) == (409, 422)
    may_end.set()
    working.join(PATIENCE)
    assert ask(program).content == answers[0].content
    assert Article.objects.count() == 1


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_two_who_take_over_what_a_dead_process_left_make_one_draft(program: Program) -> None:
    ask(program, "probe")
    row = KeptAnswer.objects.get()
    KeptAnswer.objects.filter(pk=row.pk).update(answer=None, at=row.at - once.LEASE)
    assert at_once([partial(ask, program, "probe")] * 3) == []
    assert Article.objects.count() == 2
