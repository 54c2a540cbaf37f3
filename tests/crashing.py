"""Workers that are killed while they work: real processes on PostgreSQL, and what the effects came to."""

import os
import random
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from functools import partial
from pathlib import Path

from django.db.models import QuerySet
from django.utils import timezone

from outbox import effects
from outbox.models import AuditEntry, Effect
from tests.concurrency import database_url

ROOT = Path(__file__).resolve().parent.parent
STUCK = 900
"""Seconds after which a run that should have ended counts as stuck."""


@dataclass
class Crash:
    """How much is to be done, by how many, and how often one of them is killed and replaced.

    ``dying`` effects kill their first worker between the work and its end, and
    nobody replaces it. ``broken`` names the control's fault.
    """

    effects: int
    workers: int
    kills: int
    dying: int = 1
    kind: str = "tests.slow"
    seconds: float = 0.002
    seed: int = 8000
    broken: str = ""
    box: Path | None = None


@dataclass
class Outcome:
    """How often each effect was carried out, by its key."""

    times: Counter[str] = field(default_factory=Counter)
    wanted: int = 0
    kills: int = 0
    seconds: float = 0.0

    @property
    def lost(self) -> int:
        """Effects that never happened."""
        return self.wanted - len(self.times)

    @property
    def repeated(self) -> int:
        """Times an effect happened once more than it should."""
        return sum(self.times.values()) - len(self.times)


def run(crash: Crash) -> Outcome:
    """Write the effects, due hours ago as after an outage, and have them run by workers that die meanwhile."""
    _write(crash)
    began = time.monotonic()
    with _workers(crash) as alive:
        _kill_now_and_then(crash, alive)
        _wait(lambda: not _waiting().filter(due_at__lte=timezone.now()).exists())
        _waiting().update(due_at=timezone.now() - timedelta(hours=1))  # a dead worker's lease, without the wait
        _wait(lambda: not _waiting().exists())
    return Outcome(_times(crash), crash.effects, crash.kills + crash.dying, time.monotonic() - began)


def _write(crash: Crash) -> None:
    outage = timezone.now() - timedelta(days=2)
    payload = {"seconds": crash.seconds, "box": str(crash.box or "")}
    deadly = {crash.effects * (n + 1) // (crash.dying + 1) for n in range(crash.dying)}
    wanted = [
        effects.Wanted({**payload, "dies": n in deadly}, f"{n:05d}", outage + timedelta(seconds=n))
        for n in range(crash.effects)
    ]
    effects.enqueue_all(crash.kind, wanted)


def _kill_now_and_then(crash: Crash, alive: list[subprocess.Popen[bytes]]) -> None:
    """At chosen points of the work one of the workers is killed, and another takes its place."""
    chance = random.Random(crash.seed)
    points = sorted(chance.randrange(crash.effects // 20, crash.effects * 9 // 10) for _ in range(crash.kills))
    for point in points:
        _wait(partial(_so_many_done, point))
        victim = alive.pop(chance.randrange(len(alive)))
        victim.send_signal(signal.SIGKILL)
        victim.wait()
        alive.append(_start(crash))


def _so_many_done(point: int) -> bool:
    return Effect.objects.filter(done_at__isnull=False).count() >= point


@contextmanager
def _workers(crash: Crash) -> Iterator[list[subprocess.Popen[bytes]]]:
    alive = [_start(crash) for _ in range(crash.workers)]
    try:
        yield alive
    finally:
        for worker in alive:
            worker.kill()
            worker.wait()


def _start(crash: Crash) -> subprocess.Popen[bytes]:
    environment = {
        **os.environ,
        "DATABASE_URL": database_url(),
        "DJANGO_SETTINGS_MODULE": "tests.settings",
        "BREAK_PROMISE": crash.broken,
    }
    command = [sys.executable, "-m", "tests.worker", "--pause", "0.05"]
    return subprocess.Popen(command, cwd=ROOT, env=environment, stderr=subprocess.DEVNULL)


def _wait(met: Callable[[], bool]) -> None:
    end = time.monotonic() + STUCK
    while not met():
        assert time.monotonic() < end, "the workers are stuck"
        time.sleep(0.02)


def _waiting() -> QuerySet[Effect]:
    return Effect.objects.filter(done_at__isnull=True)


def _times(crash: Crash) -> Counter[str]:
    if crash.box is not None:
        return Counter(crash.box.read_text(encoding="ascii").split())
    return Counter(AuditEntry.objects.filter(verb="noted").values_list("object_label", flat=True))
