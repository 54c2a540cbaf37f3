"""The worker: effects and periodic jobs, any number of copies."""

import logging
import signal
import threading
import time
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.db import Error, close_old_connections

from outbox import effects, periodic, purging  # noqa: F401 - its job registers itself
from outbox.heartbeat import Beat

logger = logging.getLogger("outbox.work")

PAUSE = 0.25
"""Seconds between looks: what an edge keeps must be gone a second after the change, its purge included."""

SLOW_PAUSE = 1.0
"""Seconds between looks for effects that wait on servers of others."""

GRACE = 5.0
"""Seconds for which a worker that ends waits for such an effect; what is left undone, the next worker does again."""


class Command(BaseCommand):
    """``manage.py work [--once] [--pause SECONDS]``."""

    help = "Run what is due: outbox effects and periodic jobs. Start as many as you like."

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.last_run: dict[str, float] = {}
        self.stop = threading.Event()
        self.heart = Beat()

    def add_arguments(self, parser: CommandParser) -> None:
        """``--once`` empties the queue and stops; ``--pause`` is the time between looks, in seconds."""
        parser.add_argument("--once", action="store_true", help="Run what is due now, then stop.")
        parser.add_argument("--pause", type=float, default=PAUSE, help="Seconds between looks when nothing is due.")

    def handle(self, *args: Any, once: bool, pause: float, **options: Any) -> None:
        """Work until told to stop."""
        if once:
            self.run_jobs()
            while effects.run_due():
                pass
            return
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: self.stop.set())
        logger.info("worker started")
        slowly = {"pause": SLOW_PAUSE, "slow": True}
        lane = threading.Thread(target=self.go_on, kwargs=slowly, name="slow effects", daemon=True)
        lane.start()
        self.go_on(pause)
        lane.join(GRACE)
        self.end()
        logger.info("worker stopped")

    def go_on(self, pause: float, *, slow: bool = False) -> None:
        """Round after round of one lane, until told to stop; ``pause`` seconds lie between two where nothing is due."""
        while not self.stop.is_set():
            if not self.look(slow=slow):
                self.stop.wait(pause)

    def look(self, *, slow: bool = False) -> int:
        """One round of a lane; a database that is away is waited for, not died of.

        The slow lane, in a thread of its own, has the effects that wait on servers of others, and nothing else.
        """
        try:
            if not slow:
                self.heart.beat()
                self.run_jobs()
            return effects.run_due(stopping=self.stop.is_set, slow=slow)
        except Error:
            logger.exception("database unreachable, trying again")
            return 0
        finally:
            close_old_connections()

    def end(self) -> None:
        """Say that this worker ended in order, if anybody listens."""
        try:
            self.heart.end()
        except Error:
            logger.warning("database unreachable at the end", exc_info=True)

    def run_jobs(self) -> None:
        """Run each periodic job whose interval has passed."""
        now = time.monotonic()
        for name, (interval, job) in periodic.jobs().items():
            last = self.last_run.get(name)
            if last is None or now - last >= interval.total_seconds():
                self.last_run[name] = now
                _run(name, job)


def _run(name: str, job: periodic.Job) -> None:
    try:
        job()
    except Error:
        raise
    except Exception:
        logger.exception("periodic job failed", extra={"job": name})
