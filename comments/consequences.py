"""What follows an arrival or a decision once it is committed: each part of comments adds its effect here."""

from collections.abc import Callable, Sequence

from comments.models import Comment, ModerationEntry

Greeter = Callable[[Comment], None]
Follower = Callable[[Sequence[ModerationEntry]], None]

followers: list[Follower] = []
"""Each is told, inside the verb's transaction, of entries just made; it enqueues effects and does nothing longer."""

greeters: list[Greeter] = []
"""Each is told of a new comment, inside the transaction that stored it; it enqueues effects, nothing longer."""


def arrive(comment: Comment) -> None:
    """Tell every greeter of a comment just stored, in whichever state."""
    for greeter in greeters:
        greeter(comment)


def follow(entries: Sequence[ModerationEntry]) -> None:
    """Tell every follower of entries made together."""
    for follower in followers:
        follower(entries)
