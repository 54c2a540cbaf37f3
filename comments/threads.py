"""The approved comments of an article as the tree readers see."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from comments.models import Comment


@dataclass(slots=True, eq=False)
class Node:
    """The place of one comment and its replies."""

    id: int
    depth: int
    answers: int | None = None
    """The id of the comment it answers, where that is not simply the one above it."""

    replies: list["Node"] = field(default_factory=list)
    comment: Comment | None = None
    """``None`` where one was answered that is not shown."""

    answered: Comment | None = None
    taken_back: bool = False
    """Whether its writer took the comment back that stood here."""

    def walk(self) -> Iterator["Node"]:
        """This node and all below it, in reading order."""
        waiting = [self]
        while waiting:
            node = waiting.pop()
            yield node
            waiting.extend(node.replies[::-1])
