"""Learning many decisions at once: each in its turn, then each again with all others known."""

from dataclasses import dataclass, field

from comments.learning.model import Model
from comments.learning.verdict import Lesson
from comments.learning.writing import Writing

STRANDS = 16
"""Lessons are looked at again in so many sweeps from the oldest to the newest, each of every sixteenth.

In their plain order the newest would have the last word, and backwards the oldest.
"""


@dataclass(slots=True)
class Trainer:
    """A model and the lessons it was given."""

    model: Model
    given: list[tuple[Writing, Lesson]] = field(default_factory=list)

    def learn(self, writing: Writing, is_spam: bool) -> Lesson:
        """Learn one more."""
        lesson = self.model.learn(writing, is_spam)
        self.given.append((writing, lesson))
        return lesson

    def look_again(self) -> None:
        """Find the push of each lesson anew, beside all others, strand by strand."""
        for strand in range(STRANDS):
            for place in range(strand, len(self.given), STRANDS):
                writing, lesson = self.given[place]
                self.given[place] = (writing, self.model.relearn(writing, lesson))
