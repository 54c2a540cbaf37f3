"""Every suggestion anew, with a bar that moves; killed half-way it goes on where it was."""

import multiprocessing
import os
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager, nullcontext
from typing import Any

import django
from django.core.management.base import BaseCommand, CommandParser

from curation import rebuilding
from curation.models import Phase

BAR = 30
SHARE = 4 * rebuilding.BATCH
"""Articles handed to one process at a time."""


class Command(BaseCommand):
    """``manage.py rebuild_suggestions [--anew] [--processes N]``."""

    help = "Compute all suggestions of Articles You May Like anew. Goes on where an earlier run was stopped."

    def add_arguments(self, parser: CommandParser) -> None:
        """How much at once, and whether from the beginning."""
        parser.add_argument("--anew", action="store_true", help="Begin anew, even where an earlier run was stopped.")
        parser.add_argument("--processes", type=int, default=0, help="Processes at work; as many as there are cores.")

    def handle(self, *args: Any, anew: bool, processes: int, **options: Any) -> None:
        """Begin, or go on, until nothing is left."""
        if anew or rebuilding.progress().phase == Phase.IDLE:
            rebuilding.start()
        else:
            self.stdout.write("Going on where the last run was stopped; --anew begins anew.")
        number = processes or os.cpu_count() or 1
        began = time.monotonic()
        with _pool(number) if number > 1 else nullcontext() as pool:
            self._run(pool, number)
        total = rebuilding.progress().total
        self.stdout.write(f"{total:,} articles have their suggestions ({time.monotonic() - began:.0f} s).")

    def _run(self, pool: ProcessPoolExecutor | None, number: int) -> None:
        last: tuple[Phase, int] = (Phase.IDLE, 0)
        while True:
            phase, run, found = rebuilding.waiting(SHARE * number, after=last[1])
            if not found:
                break
            if phase != last[0]:
                self._begin(phase)
            _work(pool, phase, run, found)
            self._done += len(found)
            self._show(phase)
            last = (phase, found[-1])
        self.stdout.write("")

    def _begin(self, phase: Phase) -> None:
        standing = rebuilding.progress()
        self._total, self._done = standing.total, standing.done
        self._last_tenth = -1

    def _show(self, phase: Phase) -> None:
        """A bar on a terminal, a line for every tenth elsewhere."""
        share = min(self._done / max(self._total, 1), 1)
        words = f"{phase.label}: {min(self._done, self._total):,} of {self._total:,}"
        if self.stdout.isatty():
            filled = round(share * BAR)
            self.stdout.write(f"\r[{'#' * filled}{'.' * (BAR - filled)}] {words}   ", ending="")
            self.stdout.flush()
        elif int(share * 10) > self._last_tenth:
            self._last_tenth = int(share * 10)
            self.stdout.write(words)


@contextmanager
def _pool(number: int) -> Iterator[ProcessPoolExecutor]:
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(number, mp_context=context, initializer=django.setup) as pool:
        yield pool


def _work(pool: ProcessPoolExecutor | None, phase: Phase, run: int, found: Sequence[int]) -> None:
    if pool is None:
        rebuilding.work(phase, run, found)
        return
    parts = [found[begin : begin + SHARE] for begin in range(0, len(found), SHARE)]
    if phase == Phase.COUNT:
        seen = [one for part in pool.map(rebuilding.seen_in, parts) for one in part]
        rebuilding.count_seen(found, seen)
    else:
        list(pool.map(rebuilding.work, [phase] * len(parts), [run] * len(parts), parts))
