"""What the learner says of a writing, and what it keeps of having been told."""

import struct
from dataclasses import dataclass

from comments.learning.features import Kind

_PACKED = struct.Struct("<bHB")


@dataclass(frozen=True, slots=True)
class Because:
    """One thing that pushed: above 0 towards spam, in the margin's unit. ``words`` are the writer's own, folded."""

    kind: Kind
    words: str
    push: float


@dataclass(frozen=True, slots=True)
class Verdict:
    """How likely people here would call it spam, and how far that can be relied on; both 0 to 1."""

    probability: float
    certainty: float
    margin: float
    because: tuple[Because, ...]


@dataclass(frozen=True, slots=True)
class Lesson:
    """What one decision did to the state: enough to take exactly that out again.

    ``push`` counts in ``1 / GRAIN``; ``bin`` is where the margin stood before the lesson.
    """

    is_spam: bool
    push: int
    bin: int

    def packed(self) -> bytes:
        """Four bytes."""
        return _PACKED.pack(1 if self.is_spam else -1, self.push, self.bin)

    @classmethod
    def unpacked(cls, raw: bytes) -> "Lesson":
        """Raises ``ValueError`` for anything that ``packed`` did not make."""
        try:
            sign, push, place = _PACKED.unpack(raw)
        except struct.error as error:
            raise ValueError("No lesson") from error
        return cls(sign > 0, push, place)
