"""What an examination says."""

from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from enum import IntEnum
from typing import TypeAlias


class Level(IntEnum):
    """How bad it is; what is ``TROUBLE`` keeps readers or editors from something, or soon will."""

    GOOD = 0
    WARNING = 1
    TROUBLE = 2


@dataclass(frozen=True)
class Finding:
    """One sentence about one thing, and what to do where it is not good."""

    level: Level
    subject: str
    words: str
    hint: str = ""

    def as_json(self) -> dict[str, str]:
        """As a program reads it."""
        return {**asdict(self), "level": self.level.name.lower()}


Examination: TypeAlias = Callable[[], Iterator[Finding]]


def good(subject: str, words: str) -> Finding:
    """Nothing to do."""
    return Finding(Level.GOOD, subject, words)


def warning(subject: str, words: str, hint: str) -> Finding:
    """Somebody should look, not tonight."""
    return Finding(Level.WARNING, subject, words, hint)


def trouble(subject: str, words: str, hint: str) -> Finding:
    """Somebody should look now."""
    return Finding(Level.TROUBLE, subject, words, hint)


def by_limits(subject: str, words: str, hint: str, value: float, limits: tuple[float, float]) -> Finding:
    """A warning from the first of the two limits on, trouble from the second."""
    level = Level.TROUBLE if value >= limits[1] else Level.WARNING if value >= limits[0] else Level.GOOD
    return Finding(level, subject, words, hint if level else "")
