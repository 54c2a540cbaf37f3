"""Learn the score of comments from all decisions, with a bar that moves; killed half-way it goes on where it was."""

import time
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from comments import merits, training

BAR = 30


class Command(BaseCommand):
    """``manage.py train_comments [--anew]``."""

    help = "Learn the score of comments from all decisions. Goes on where an earlier run was stopped."

    def add_arguments(self, parser: CommandParser) -> None:
        """Whether to forget first."""
        parser.add_argument("--anew", action="store_true", help="Forget what was learnt, and learn it all again.")

    def handle(self, *args: Any, anew: bool, **options: Any) -> None:
        """Begin, or go on, until nothing is left."""
        if anew or not training.progress().number:
            training.start(anew=anew)
        else:
            self.stdout.write("Going on where the last run was stopped; --anew begins anew.")
        began = time.monotonic()
        while training.step():
            self._show()
        standing = merits.standing()
        seconds = time.monotonic() - began
        self.stdout.write(f"\n{standing.lessons:,} decisions are learnt ({seconds:.0f} s).")
        self.stdout.write(_merit(standing))

    def _show(self) -> None:
        number, done, total = training.progress()
        filled = BAR * done // max(1, total)
        bar = "#" * filled + "." * (BAR - filled)
        self.stdout.write(f"\rPass {number} of {training.PASSES} [{bar}] {done:,} of {total:,}", ending="")
        self.stdout.flush()


def _merit(standing: merits.Standing) -> str:
    if standing.threshold is None:
        return "The score acts on nothing by itself: no threshold has earned it yet."
    return f"The score may hold comments as spam by itself from {standing.threshold:.0%} on."
