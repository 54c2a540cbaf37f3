"""Small charts drawn on the server: rectangles with whole numbers for places, and nothing else."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

HEIGHT = 60
WIDTH = 14
GAP = 4
LEAST = 2
"""How high a bar is that stands for something, however little."""


@dataclass(frozen=True)
class Bar:
    """One pair of bars: a value, and a part of it or a second value beside it."""

    label: Any
    value: int
    second: int
    x: int
    height: int
    second_height: int

    @property
    def y(self) -> int:
        """Where it begins, from above."""
        return HEIGHT - self.height

    @property
    def second_y(self) -> int:
        """Where the second begins, from above."""
        return HEIGHT - self.second_height

    @property
    def second_x(self) -> int:
        """Where the second stands beside the first."""
        return self.x + WIDTH // 2


@dataclass(frozen=True)
class Chart:
    """Bars in a row, with the greatest value they were drawn to."""

    bars: tuple[Bar, ...]
    most: int

    @property
    def width(self) -> int:
        """Of the whole chart."""
        return max(1, len(self.bars) * (WIDTH + GAP))

    @property
    def height(self) -> int:
        """Of the whole chart."""
        return HEIGHT


def draw(rows: Sequence[tuple[Any, int, int]]) -> Chart:
    """A chart of (label, value, second value)."""
    most = max((max(value, second) for _label, value, second in rows), default=0)
    bars = tuple(
        Bar(label, value, second, place * (WIDTH + GAP), _height(value, most), _height(second, most))
        for place, (label, value, second) in enumerate(rows)
    )
    return Chart(bars, most)


def _height(value: int, most: int) -> int:
    return max(LEAST, round(HEIGHT * value / most)) if value else 0
