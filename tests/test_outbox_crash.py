"""Workers killed with -9 in the middle of their work: every database effect once, at most one mail more for each kill.

``make test`` runs a small sample; ``make soak`` the full figures.
"""

import threading
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import time_machine
from django.utils import timezone

from outbox import effects, purging
from outbox.models import Effect
from tests.concurrency import at_once
from tests.crashing import Crash, run
from tests.worker import register

SMALL = (300, 3, 1)
FULL = (8_000, 6, 24)
sizes = pytest.mark.parametrize(("count", "workers", "kills"), [SMALL, pytest.param(*FULL, marks=pytest.mark.soak)])


@pytest.fixture(autouse=True)
def _handlers(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(effects, "_handlers", dict(effects._handlers))
    register()


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
@sizes
def test_every_database_effect_happens_exactly_once(count: int, workers: int, kills: int) -> None:
    outcome = run(Crash(count, workers, kills, seconds=0.01))
    assert (outcome.lost, outcome.repeated) == (0, 0)


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(("how", "fault"), [("after", "repeated"), ("before", "lost")])
def test_control_a_mark_outside_the_works_transaction_repeats_or_loses(how: str, fault: str) -> None:
    outcome = run(Crash(12, 2, 0, broken=how))
    assert getattr(outcome, fault) >= 1


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
@sizes
def test_a_kill_costs_at_most_one_mail_more_under_the_same_message_id(
    count: int, workers: int, kills: int, tmp_path: Path
) -> None:
    outcome = run(Crash(count, workers, kills, kind="tests.mail", seconds=0.01, box=tmp_path / "box"))
    assert outcome.lost == 0
    assert 1 <= outcome.repeated <= outcome.kills
    assert set(outcome.times) == {f"<{number:05d}@newsroom.example>" for number in range(count)}


@pytest.mark.django_db
def test_after_an_outage_what_was_due_runs_in_its_order() -> None:
    now, ran = timezone.now(), []
    effects.handler("tests.order")(lambda _payload, key: ran.append(key))
    wanted = [effects.Wanted({}, str(days), now - timedelta(days=days)) for days in (1, 5, 3, 4, 2)]
    effects.enqueue_all("tests.order", wanted)
    assert effects.run_due() == 5
    assert ran == ["5", "4", "3", "2", "1"]


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_one_slow_call_outside_holds_up_nobody_else() -> None:
    calling, answered = threading.Event(), threading.Event()

    @effects.handler("tests.call", outside=True)
    def call(payload: dict[str, Any], key: str) -> None:
        calling.set()
        assert answered.wait(20)

    def second_worker() -> None:
        assert calling.wait(20)
        try:
            assert effects.run_due() == 20
        finally:
            answered.set()

    effects.enqueue("tests.call", {}, key="slow", due=timezone.now() - timedelta(days=1))
    effects.enqueue_all("tests.note", [effects.Wanted({}, str(number)) for number in range(20)])
    assert at_once([lambda: effects.run_due(limit=1), second_worker]) == []
    assert not Effect.objects.filter(done_at__isnull=True).exists()


@pytest.mark.django_db
def test_what_is_done_is_dropped_after_its_days_and_nothing_else(settings: Any) -> None:
    settings.EFFECTS_KEPT_DAYS = 90
    start = timezone.now()
    with time_machine.travel(start, tick=False):
        effects.enqueue("tests.note", {}, key="done")
        effects.run_due()
        effects.enqueue("tests.refuse", {}, key="failed")
        effects.run_due()
        effects.enqueue("tests.note", {}, key="waits", due=start + timedelta(days=400))
    with time_machine.travel(start + timedelta(days=90), tick=False):
        effects.enqueue("tests.note", {}, key="done")
        assert purging.purge() == 0
        assert Effect.objects.filter(key="done").count() == 1, "its key still stops a second one"
    with time_machine.travel(start + timedelta(days=90, seconds=1), tick=False):
        assert purging.purge() == 1
    assert set(Effect.objects.values_list("key", flat=True)) == {"failed", "waits"}


@pytest.mark.django_db
def test_it_is_dropped_in_batches(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(purging, "AT_ONCE", 3)
    done = timezone.now() - timedelta(days=1_000)
    Effect.objects.bulk_create(Effect(kind="tests.note", key=str(n), done_at=done) for n in range(7))
    assert purging.purge() == 7
    Effect.objects.bulk_create(Effect(kind="tests.note", key=str(n), done_at=done) for n in range(7))
    monkeypatch.setattr(purging, "MOST_AT_A_TIME", 5)
    assert purging.purge() == 6
