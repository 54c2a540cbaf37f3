"""What one process has counted since it began."""

import bisect
import threading
from dataclasses import dataclass, field
from typing import Any, Self, TypeAlias

Labels: TypeAlias = tuple[tuple[str, str], ...]
Series: TypeAlias = tuple[str, Labels]

BUCKETS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)
"""Seconds: from a page without a query to the longest statement that the database lets through."""

MOST_SERIES = 5_000
"""No label comes from a request's own words; this is the belt beside the braces."""


@dataclass
class Times:
    """How long something took: one number more than ``BUCKETS``, and the sum in seconds."""

    counts: list[int] = field(default_factory=lambda: [0] * (len(BUCKETS) + 1))
    total: float = 0.0

    def add(self, seconds: float) -> None:
        """Count one more that took so long."""
        self.counts[bisect.bisect_left(BUCKETS, seconds)] += 1
        self.total += seconds

    def merge(self, other: Self) -> None:
        """Add what another one counted."""
        self.counts = [mine + its for mine, its in zip(self.counts, other.counts, strict=True)]
        self.total += other.total


class Tally:
    """Counters and times by name and labels; any thread may count."""

    def __init__(self) -> None:
        self.counters: dict[Series, int] = {}
        self.times: dict[Series, Times] = {}
        self.changed = False
        self._lock = threading.Lock()

    def count(self, name: str, number: int = 1, /, **labels: str) -> None:
        """Count ``number`` more."""
        self.add((name, tuple(sorted(labels.items()))), number)

    def add(self, series: Series, number: int = 1) -> None:
        """Count ``number`` more of a series whose labels are in order."""
        with self._lock:
            if series in self.counters or len(self.counters) < MOST_SERIES:
                self.counters[series] = self.counters.get(series, 0) + number
                self.changed = True

    def took(self, name: str, seconds: float, /, **labels: str) -> None:
        """Count one that took so long."""
        series = (name, tuple(sorted(labels.items())))
        with self._lock:
            if series in self.times or len(self.times) < MOST_SERIES:
                self.times.setdefault(series, Times()).add(seconds)
                self.changed = True

    def merge(self, other: "Tally") -> None:
        """Add what another process counted."""
        for series, number in other.counters.items():
            self.counters[series] = self.counters.get(series, 0) + number
        for series, times in other.times.items():
            self.times.setdefault(series, Times()).merge(times)

    def packed(self) -> dict[str, Any]:
        """Everything as JSON can hold it."""
        with self._lock:
            self.changed = False
            return {
                "counters": [[name, labels, number] for (name, labels), number in self.counters.items()],
                "times": [[name, labels, one.counts, one.total] for (name, labels), one in self.times.items()],
            }

    @classmethod
    def unpacked(cls, packed: Any) -> Self:
        """What ``packed`` made; ``ValueError`` for anything else."""
        fresh = cls()
        try:
            for name, labels, number in packed["counters"]:
                fresh.counters[name, _labels(labels)] = int(number)
            for name, labels, counts, total in packed["times"]:
                if len(counts) == len(BUCKETS) + 1:  # another release may count in other steps
                    fresh.times[name, _labels(labels)] = Times([int(one) for one in counts], float(total))
        except (KeyError, TypeError) as error:
            raise ValueError("not a tally") from error
        return fresh


def _labels(packed: list[list[str]]) -> Labels:
    return tuple((str(name), str(value)) for name, value in packed)


tally = Tally()
"""This process's own."""
