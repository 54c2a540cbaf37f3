"""The learner: regularised logistic regression over naive-Bayes-weighted features, one exact step for each decision.

The state is additive. Weights are ``sum of push * x`` over the lessons, the dual form of logistic regression (Yu,
Huang and Lin 2011): a lesson finds the one push that is best given all others. How much each feature counts follows
from counts of spam and ham: by how unequal they are (Wang and Manning 2012) and how rare it is. So a lesson can be
taken out again to the last bit, and learning one again with all others known brings the whole nearer to the optimum.
"""

import math
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from comments.learning import calibration, prior
from comments.learning.explaining import because
from comments.learning.features import SPACE, Features, Kind, extract
from comments.learning.verdict import Lesson, Verdict
from comments.learning.writing import Writing

HARDEST = 4.0
"""The most that one lesson may push once it is learnt again beside all others: the C of logistic regression."""

FIRST = HARDEST / 4
"""The most that it may push when it is new: one wrong decision must not outweigh many right ones."""

BAYES = 0.02
"""How much of the naive-Bayes score stands beside the learnt weights."""

GRAIN = 1 << 10
"""Pushes and weights are whole numbers of this part of one, so that what was added can be taken away."""

KNOWN_AFTER = 3
"""Times a feature has been met until it counts half known."""

EXPERIENCED_AFTER = 30
"""Lessons until the whole counts as half experienced."""

Floats = NDArray[np.float64]


class UnknownLessonError(ValueError):
    """A lesson was to be taken out that is not in the state."""


@dataclass(slots=True)
class Model:
    """What was learnt. ``weights`` in ``1 / GRAIN``; ``met``: how often each feature was met in ham and in spam."""

    weights: NDArray[np.int32] = field(default_factory=lambda: np.zeros(SPACE, np.int32))
    met: NDArray[np.int32] = field(default_factory=lambda: np.zeros((2, SPACE), np.int32))
    lessons: NDArray[np.int64] = field(default_factory=lambda: np.zeros(2, np.int64))
    outcomes: calibration.Counts = field(default_factory=calibration.empty)
    _fit: tuple[float, float] | None = None

    @property
    def total(self) -> int:
        """Lessons learnt and not taken out."""
        return int(self.lessons.sum())

    def score(self, writing: Writing) -> Verdict:
        """What people here would make of ``writing``. Changes nothing."""
        features = extract(writing)
        pushes = self.pushes(features)
        margin = float(pushes.sum()) + self.start
        return Verdict(self.probability(margin), self.certainty(features), margin, because(features, pushes))

    def learn(self, writing: Writing, is_spam: bool, weight: float = 1.0) -> Lesson:
        """Learn one decision; keep the lesson to take it out again. ``weight`` (0 to 1) limits how far it may push."""
        features = extract(writing)
        before = calibration.bin_of(self.margin(features))
        self._count(features, is_spam, 1)
        self._observe(is_spam, before, 1)
        lesson = Lesson(is_spam, self._best_push(features, is_spam, 0, FIRST * weight), before)
        self._push(features, is_spam, 0, lesson.push)
        return lesson

    def unlearn(self, writing: Writing, lesson: Lesson) -> None:
        """Take out what ``lesson`` put in; ``writing`` must be the same. Raises ``UnknownLessonError``."""
        features = extract(writing)
        known = self.met[int(lesson.is_spam)][features.places]
        if not self.lessons[int(lesson.is_spam)] or not known.all():
            raise UnknownLessonError
        self._count(features, lesson.is_spam, -1)
        self._observe(lesson.is_spam, lesson.bin, -1)
        self._push(features, lesson.is_spam, lesson.push, 0)

    def relearn(self, writing: Writing, lesson: Lesson) -> Lesson:
        """The same lesson, its push found anew now that more is known; replaces ``lesson``."""
        features = extract(writing)
        push = self._best_push(features, lesson.is_spam, lesson.push, HARDEST)
        self._push(features, lesson.is_spam, lesson.push, push)
        return Lesson(lesson.is_spam, push, lesson.bin)

    def margin(self, features: Features) -> float:
        """Above 0: rather spam."""
        return float(self.pushes(features).sum()) + self.start

    @property
    def start(self) -> float:
        """The margin of a writing of which nothing is known."""
        return prior.START * prior.share(self.total)

    def pushes(self, features: Features) -> Floats:
        """How far each feature pushes the margin."""
        ratios, scales = self._evidence(features)
        learnt = scales**2 * features.values * self.weights[features.places] / GRAIN
        believed = BAYES * ratios * scales * features.values
        total = self.total
        before = [prior.push_of(feature.key, total) if feature.kind is Kind.SHAPE else 0.0 for feature in features.all]
        return np.asarray(learnt + believed + np.array(before))

    def probability(self, margin: float) -> float:
        """How often a margin like this turned out to be spam."""
        if self._fit is None:
            self._fit = calibration.fitted(self.outcomes)
        slope, offset = self._fit
        return calibration.chance(slope * margin + offset)

    def certainty(self, features: Features) -> float:
        """How much of the writing has been met before, times how experienced the whole is; 0 to 1."""
        met = self.met[:, features.places].sum(axis=0)
        squares = features.values**2
        known = float((squares * met / (met + KNOWN_AFTER)).sum() / squares.sum())
        return known * self.total / (self.total + EXPERIENCED_AFTER)

    def _evidence(self, features: Features) -> tuple[Floats, Floats]:
        """For each feature the logarithm of spam's rate over ham's, and its scale."""
        ham, spam = self.met[:, features.places].astype(np.float64)
        all_ham, all_spam = self.lessons
        ratios = np.log((spam + 1) / (all_spam + 2)) - np.log((ham + 1) / (all_ham + 2))
        total = self.total
        rarity = 2 * (np.log((1 + total) / (1 + np.minimum(total, ham + spam))) + 1) / (math.log(1 + total) + 1)
        return ratios, (np.abs(ratios) + 0.2) ** 0.7 * np.sqrt(rarity)

    def _best_push(self, features: Features, is_spam: bool, present: int, most: float) -> int:
        """The push at which the lesson pushes as hard as the present error asks; in ``1 / GRAIN``."""
        sign = 1 if is_spam else -1
        _, scales = self._evidence(features)
        norm = float(((scales * features.values) ** 2).sum())
        others = sign * self.margin(features) - present / GRAIN * norm
        low, high = 0.0, max(0.0, most)
        for _ in range(30):
            middle = (low + high) / 2
            if middle > most * calibration.chance(-(others + middle * norm)):
                high = middle
            else:
                low = middle
        return round(low * GRAIN)

    def _push(self, features: Features, is_spam: bool, old: int, new: int) -> None:
        """Put ``new`` in the place of ``old``: each rounded by itself, so that nothing is left of either."""
        step = np.rint(new * features.values) - np.rint(old * features.values)
        np.add.at(self.weights, features.places, (step if is_spam else -step).astype(np.int32))

    def _count(self, features: Features, is_spam: bool, step: int) -> None:
        np.add.at(self.met[int(is_spam)], features.places, np.int32(step))
        self.lessons[int(is_spam)] += step

    def _observe(self, is_spam: bool, place: int, step: int) -> None:
        self.outcomes[int(is_spam), place] += step
        self._fit = None
