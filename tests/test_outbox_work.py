"""The worker command: once, for good, and stopped politely."""

import logging
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from django.core.management import call_command
from django.db import OperationalError

from outbox import effects, periodic
from outbox.management.commands.work import Command
from outbox.models import AuditEntry, Effect
from tests.concurrency import PATIENCE, database_url

Start = Callable[..., subprocess.Popen[str]]

ROOT = Path(__file__).resolve().parent.parent


@pytest.fixture
def jobs(monkeypatch: pytest.MonkeyPatch) -> None:
    """No jobs but the test's own."""
    monkeypatch.setattr(periodic, "_jobs", {})


@pytest.fixture
def start() -> Iterator[Start]:
    """``start(*arguments)``: a worker process on the test's database; it is gone when the test ends."""
    started: list[subprocess.Popen[str]] = []

    def run(*arguments: str) -> subprocess.Popen[str]:
        environment = {**os.environ, "DATABASE_URL": database_url(), "DJANGO_SETTINGS_MODULE": "tests.settings"}
        command = [sys.executable, "-m", "tests.worker", *arguments]
        process = subprocess.Popen(command, cwd=ROOT, env=environment, stderr=subprocess.PIPE, text=True)
        started.append(process)
        return process

    yield run
    for process in started:
        with process:
            process.kill()


def wait_until(met: Callable[[], bool], what: str) -> None:
    end = time.monotonic() + PATIENCE
    while not met():
        assert time.monotonic() < end, f"{what} did not happen"
        time.sleep(0.05)


@pytest.mark.django_db
def test_once_empties_the_queue_and_returns(monkeypatch: pytest.MonkeyPatch, jobs: None) -> None:
    ran: list[str] = []
    monkeypatch.setattr(effects, "_handlers", {})
    effects.handler("tests.count")(lambda _payload, key: ran.append(key))
    periodic.every(timedelta(hours=1))(lambda: ran.append("job"))
    for number in range(130):
        effects.enqueue("tests.count", {}, key=str(number))
    call_command("work", "--once")
    assert len(ran) == 131


@pytest.mark.django_db
def test_a_failing_job_stops_neither_the_worker_nor_the_other_jobs(
    jobs: None, caplog: pytest.LogCaptureFixture
) -> None:
    ran: list[str] = []

    @periodic.every(timedelta(hours=1))
    def broken() -> None:
        raise RuntimeError("broken on purpose")

    @periodic.every(timedelta(hours=1))
    def sound() -> None:
        ran.append("sound")

    with caplog.at_level(logging.ERROR):
        call_command("work", "--once")
    assert ran == ["sound"]
    assert "periodic job failed" in caplog.text


@pytest.mark.django_db
def test_a_job_runs_again_only_after_its_interval(jobs: None, monkeypatch: pytest.MonkeyPatch) -> None:
    ran: list[str] = []
    periodic.every(timedelta(seconds=60))(lambda: ran.append("job"))
    command = Command()
    for moment, times in ((0.0, 1), (59.0, 1), (60.0, 2)):
        monkeypatch.setattr("time.monotonic", lambda moment=moment: moment)
        command.run_jobs()
        assert len(ran) == times


@pytest.mark.django_db
@pytest.mark.parametrize("slow", [False, True])
def test_a_worker_outlives_a_database_that_is_away(
    slow: bool, jobs: None, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def away(**options: object) -> int:
        raise OperationalError("away")

    monkeypatch.setattr(effects, "run_due", away)
    monkeypatch.setattr("outbox.management.commands.work.close_old_connections", lambda: None)
    command = Command()
    assert command.look(slow=slow) == 0
    assert "database unreachable" in caplog.text


@pytest.mark.django_db(transaction=True)
def test_a_worker_told_to_stop_finishes_what_it_began_and_leaves(start: Start) -> None:
    effects.enqueue("tests.slow", {"seconds": 1.5}, key="slow")
    process = start("--pause", "0.1")
    wait_until(lambda: Effect.objects.filter(attempts=1).exists(), "the effect's claim")
    effects.enqueue("tests.note", {}, key="after")
    process.send_signal(signal.SIGTERM)
    _, log = process.communicate(timeout=PATIENCE)
    assert process.returncode == 0, log
    assert "worker stopped" in log
    assert Effect.objects.get(key="slow").done_at is not None
    assert Effect.objects.get(key="after").done_at is None


@pytest.mark.django_db(transaction=True)
def test_nothing_waits_behind_a_server_that_drips(start: Start) -> None:
    effects.enqueue("tests.drips", {"seconds": 60}, key="drips")
    process = start("--pause", "0.1")
    wait_until(lambda: Effect.objects.filter(key="drips", attempts=1).exists(), "the slow effect's claim")
    effects.enqueue("tests.note", {}, key="quick")
    wait_until(lambda: Effect.objects.get(key="quick").done_at is not None, "the quick effect")
    process.send_signal(signal.SIGTERM)
    _, log = process.communicate(timeout=PATIENCE)
    assert process.returncode == 0, log
    assert "worker stopped" in log
    assert Effect.objects.get(key="drips").done_at is None


@pytest.mark.django_db(transaction=True)
def test_a_killed_worker_leaves_the_effect_for_the_next(start: Start) -> None:
    effects.enqueue("tests.slow", {"seconds": 60}, key="slow")
    process = start("--pause", "0.1")
    wait_until(lambda: Effect.objects.filter(attempts=1).exists(), "the effect's claim")
    process.kill()
    process.communicate()
    assert Effect.objects.get().done_at is None
    assert not AuditEntry.objects.filter(verb="noted").exists()
    Effect.objects.update(payload={"seconds": 0}, due_at="2020-01-01T00:00Z")
    again = start("--once")
    _, log = again.communicate(timeout=PATIENCE)
    assert again.returncode == 0, log
    assert AuditEntry.objects.filter(verb="noted").count() == 1


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_four_processes_run_every_effect_once(start: Start) -> None:
    for number in range(40):
        effects.enqueue("tests.note", {}, key=str(number))
    workers = [start("--once") for _ in range(4)]
    for worker in workers:
        _, log = worker.communicate(timeout=PATIENCE)
        assert worker.returncode == 0, log
    assert AuditEntry.objects.filter(verb="noted").count() == 40
    assert not Effect.objects.filter(done_at__isnull=True).exists()
