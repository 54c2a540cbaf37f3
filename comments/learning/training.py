"""Learning many decisions at once: each in its turn, then each again with all others known."""

from dataclasses import dataclass, field

from comments.learning.model import Model
from comments.learning.verdict import Lesson
from comments.learning.writing import Writing


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
        """Find the push of each lesson anew, there and back.

        The newest first, so that many old ones outvote one that contradicts them; then the oldest first.
        """
        for there in (True, False):
            ordered = self.given[::-1] if there else self.given
            anew = [(writing, self.model.relearn(writing, lesson)) for writing, lesson in ordered]
            self.given = anew[::-1] if there else anew
