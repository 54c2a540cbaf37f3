"""What follows a decision, or an arrival, once it is committed: each room of comments adds its effect here."""

from collections.abc import Callable, Sequence

from comments.models import Comment, ModerationEntry

Follower = Callable[[Sequence[ModerationEntry]], None]
Greeter = Callable[[Comment], None]

followers: list[Follower] = []
"""Each is told, inside the verb's transaction, of entries just made; it enqueues effects and does nothing longer."""

greeters: list[Greeter] = []
"""Each is told, inside the verb's transaction, of a comment just stored, whatever its state."""


def follow(entries: Sequence[ModerationEntry]) -> None:
    """Tell every follower of entries made together."""
    for follower in followers:
        follower(entries)


def arrive(comment: Comment) -> None:
    """Tell every greeter of a comment just stored."""
    for greeter in greeters:
        greeter(comment)
