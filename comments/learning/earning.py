"""Whether a score may act by itself: only what was measured on people's own decisions earns it."""

import math
from collections.abc import Iterable
from dataclasses import dataclass

THRESHOLDS = (0.5, 0.7, 0.8, 0.9, 0.95, 0.98, 0.99)
"""Where a score may be asked to act."""

REQUIRED = 0.98
"""Of a hundred comments that it would hold as spam, people must be sure to call at least so many spam."""

CONFIDENCE_Z = 1.96
"""Two-sided 95 %."""


@dataclass(frozen=True, slots=True)
class Pair:
    """A score given before the decision, and the decision."""

    score: float
    is_spam: bool


@dataclass(frozen=True, slots=True)
class Measured:
    """What a threshold would have done."""

    threshold: float
    held: int
    right: int
    spam: int
    ham: int
    precision: float
    at_least: float
    """The lower bound of the precision."""

    earned: bool

    @property
    def recall(self) -> float:
        """Share of the spam that it would have held."""
        return self.right / self.spam if self.spam else 0.0

    @property
    def ham_held(self) -> float:
        """Share of the ham that it would have held."""
        return (self.held - self.right) / self.ham if self.ham else 0.0


def lower_bound(right: int, tried: int, z: float = CONFIDENCE_Z) -> float:
    """The lower end of Wilson's score interval (E. B. Wilson, J. Am. Stat. Assoc. 22, 1927, 209-212); 0 for no try."""
    if not tried:
        return 0.0
    share = right / tried
    middle = share + z * z / (2 * tried)
    spread = z * math.sqrt((share * (1 - share) + z * z / (4 * tried)) / tried)
    return max(0.0, (middle - spread) / (1 + z * z / tried))


def still_needed(right: int, tried: int, required: float = REQUIRED) -> int:
    """How many more held comments, all of them spam, would lift the lower bound to ``required`` (below 1)."""
    enough = 1
    while lower_bound(right + enough, tried + enough) < required:
        enough *= 2
    missing, least = enough, 0
    while least < missing:
        middle = (least + missing) // 2
        if lower_bound(right + middle, tried + middle) >= required:
            missing = middle
        else:
            least = middle + 1
    return missing


def measure(pairs: Iterable[Pair], threshold: float, required: float = REQUIRED) -> Measured:
    """What ``threshold`` would have done to ``pairs``; a score that is no number holds nothing."""
    known = list(pairs)
    held = [pair.is_spam for pair in known if pair.score >= threshold]
    right, spam = sum(held), sum(pair.is_spam for pair in known)
    bound = lower_bound(right, len(held))
    precision = right / len(held) if held else 0.0
    return Measured(threshold, len(held), right, spam, len(known) - spam, precision, bound, bound >= required)


def measure_all(pairs: Iterable[Pair], required: float = REQUIRED) -> list[Measured]:
    """Each of ``THRESHOLDS``."""
    known = list(pairs)
    return [measure(known, threshold, required) for threshold in THRESHOLDS]


def earned_threshold(pairs: Iterable[Pair], required: float = REQUIRED) -> float | None:
    """The lowest threshold that is earned, together with every higher one that held anything; ``None``: none is."""
    best = None
    for measured in reversed(measure_all(pairs, required)):
        if measured.held and measured.precision < required:
            break
        best = measured.threshold if measured.earned else best
    return best
