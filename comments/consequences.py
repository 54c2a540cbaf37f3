"""What follows a decision once it is committed: each room of comments adds its effect here."""

from collections.abc import Callable, Sequence

from comments.models import ModerationEntry

Follower = Callable[[Sequence[ModerationEntry]], None]

followers: list[Follower] = []
"""Each is told, inside the verb's transaction, of entries just made; it enqueues effects and does nothing longer."""


def follow(entries: Sequence[ModerationEntry]) -> None:
    """Tell every follower of entries made together."""
    for follower in followers:
        follower(entries)
