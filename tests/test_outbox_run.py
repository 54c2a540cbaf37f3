"""Running effects: what is due, once, in order, and kept when it fails."""

import contextlib
import threading
from datetime import timedelta

import pytest
import time_machine
from django.db import connection, transaction
from django.utils import timezone

from outbox import effects
from outbox.models import AuditEntry, Effect
from tests.concurrency import at_once
from tests.worker import register

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _handlers(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(effects, "_handlers", dict(effects._handlers))
    register()


def noted() -> list[str]:
    return sorted(AuditEntry.objects.filter(verb="noted").values_list("object_label", flat=True))


def test_an_effect_runs_and_is_marked() -> None:
    effects.enqueue("tests.note", {}, key="a")
    assert effects.run_due() == 1
    effect = Effect.objects.get()
    assert effect.done_at is not None
    assert effect.attempts == 1
    assert noted() == ["tests.note (a)"]


def test_a_done_effect_is_not_run_again() -> None:
    effects.enqueue("tests.note", {}, key="a")
    effects.run_due()
    assert effects.run_due() == 0
    assert len(noted()) == 1


def test_two_effects_with_one_key_are_one() -> None:
    effects.enqueue("tests.note", {}, key="a")
    effects.enqueue("tests.note", {}, key="a")
    effects.run_due()
    effects.enqueue("tests.note", {}, key="a")
    assert effects.run_due() == 0
    assert len(noted()) == 1


def test_an_effect_waits_until_it_is_due() -> None:
    now = timezone.now()
    effects.enqueue("tests.note", {}, key="a", due=now + timedelta(minutes=5))
    assert effects.run_due() == 0
    with time_machine.travel(now + timedelta(minutes=5), tick=False):
        assert effects.run_due() == 1


def test_effects_run_in_the_order_in_which_they_are_due() -> None:
    now = timezone.now()
    effects.enqueue("tests.note", {}, key="later", due=now - timedelta(minutes=1))
    effects.enqueue("tests.note", {}, key="sooner", due=now - timedelta(minutes=2))
    assert effects.run_due(limit=1) == 1
    assert noted() == ["tests.note (sooner)"]


def test_nothing_more_is_started_once_the_worker_is_stopping() -> None:
    effects.enqueue("tests.note", {}, key="a")
    assert effects.run_due(stopping=lambda: True) == 0


@pytest.mark.parametrize("kind", ["tests.refuse", "tests.refuse outside", "tests.nobody knows this kind"])
def test_a_failed_effect_is_kept_and_tried_again_after_a_pause(kind: str) -> None:
    start = timezone.now()
    with time_machine.travel(start, tick=False):
        effects.enqueue(kind, {}, key="a")
        assert effects.run_due() == 1
        assert effects.run_due() == 0
    effect = Effect.objects.get()
    assert effect.done_at is None
    assert effect.last_error
    assert effect.due_at == start + timedelta(seconds=10)
    with time_machine.travel(start + timedelta(seconds=10), tick=False):
        assert effects.run_due() == 1
    assert Effect.objects.get().due_at == start + timedelta(seconds=30)


def test_the_work_of_a_failed_effect_is_rolled_back() -> None:
    effects.enqueue("tests.refuse", {}, key="a")
    effects.run_due()
    assert noted() == []


def test_an_effect_that_fails_for_a_day_waits_for_a_person() -> None:
    start = timezone.now()
    effects.enqueue("tests.refuse", {}, key="a", due=start)
    moment = start
    while not (effect := Effect.objects.get()).given_up:
        with time_machine.travel(moment, tick=False):
            effects.run_due()
        moment = Effect.objects.get().due_at
    assert effect.attempts == effects.MAX_ATTEMPTS
    assert timedelta(hours=20) < moment - start < timedelta(hours=30)
    with time_machine.travel(moment + timedelta(days=1), tick=False):
        assert effects.run_due() == 0


def test_an_effect_that_kills_its_worker_does_not_hold_up_the_others(monkeypatch: pytest.MonkeyPatch) -> None:
    start = timezone.now()
    effects.enqueue("tests.deadly", {}, key="deadly", due=start - timedelta(minutes=1))
    effects.enqueue("tests.note", {}, key="harmless", due=start)

    @effects.handler("tests.deadly")
    def die(payload: dict[str, object], key: str) -> None:
        raise SystemExit

    with pytest.raises(SystemExit):
        effects.run_due()
    assert effects.run_due() == 1, "the deadly one was put off before it ran"
    assert noted() == ["tests.note (harmless)"]
    Effect.objects.filter(key="deadly").update(attempts=effects.MAX_ATTEMPTS, due_at=start)
    effects.run_due()
    assert Effect.objects.get(key="deadly").given_up


def test_a_rolled_back_verb_leaves_no_effect() -> None:
    with contextlib.suppress(RuntimeError), transaction.atomic():
        effects.enqueue("tests.note", {}, key="a")
        raise RuntimeError
    assert not Effect.objects.exists()


def test_work_outside_holds_no_transaction() -> None:
    """On SQLite a transaction is the one write lock: a slow mail server would stop every editor."""
    depth = len(connection.savepoint_ids)
    seen: list[int] = []

    @effects.handler("tests.look", outside=True)
    def look(payload: dict[str, object], key: str) -> None:
        seen.append(len(connection.savepoint_ids) - depth)

    effects.enqueue("tests.look", {}, key="a")
    effects.run_due()
    assert seen == [0]


@pytest.mark.parametrize(("kind", "wait"), [("tests.note", 10), ("tests.outside", 600)])
def test_a_claimed_effect_is_left_to_its_worker_for_a_while(kind: str, wait: int) -> None:
    start = timezone.now()
    with time_machine.travel(start, tick=False):
        effects.enqueue(kind, {}, key="a")
        effects._claim()
    with time_machine.travel(start + timedelta(seconds=wait - 1), tick=False):
        assert effects.run_due() == 0
    with time_machine.travel(start + timedelta(seconds=wait), tick=False):
        assert effects.run_due() == 1


def test_an_attempt_overtaken_by_another_marks_nothing() -> None:
    effects.enqueue("tests.note", {}, key="a")
    overtaken = effects._claim()
    assert overtaken is not None
    Effect.objects.update(attempts=2)
    effects._try(overtaken)
    assert noted() == []
    assert Effect.objects.get().done_at is None


def naive_run_due() -> None:
    """The control: what a worker without claims does."""
    for effect in Effect.objects.filter(done_at__isnull=True).order_by("due_at", "id"):
        effects._handlers[effect.kind].function(effect.payload, effect.key)
        effect.done_at = timezone.now()
        effect.save()


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("kind", ["tests.note", "tests.outside"])
def test_four_workers_run_every_effect_once(kind: str) -> None:
    for number in range(60):
        effects.enqueue(kind, {}, key=str(number))
    while Effect.objects.filter(done_at__isnull=True).exists():
        assert at_once([effects.run_due] * 4) == []
    assert len(noted()) == 60
    assert set(Effect.objects.values_list("attempts", flat=True)) == {1}


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_control_four_workers_without_claims_run_effects_more_than_once() -> None:
    for number in range(60):
        effects.enqueue("tests.note", {}, key=str(number))
    assert at_once([naive_run_due] * 4) == []
    assert len(noted()) > 60


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_an_effect_that_takes_longer_than_its_pause_is_not_started_twice() -> None:
    running, release = threading.Event(), threading.Event()

    @effects.handler("tests.long")
    def work_long(payload: dict[str, object], key: str) -> None:
        running.set()
        assert release.wait(10)

    def second_worker() -> None:
        assert running.wait(10)
        with connection.cursor() as cursor:  # the clock is the same for both threads: make it due by hand
            cursor.execute("SET lock_timeout = 1000")
        try:
            assert effects._claim() is None
        finally:
            release.set()

    effects.enqueue("tests.long", {}, key="a")
    original = effects.FIRST_PAUSE
    effects.FIRST_PAUSE = timedelta(0)
    try:
        assert at_once([effects.run_due, second_worker]) == []
    finally:
        effects.FIRST_PAUSE = original
    assert Effect.objects.get().attempts == 1
