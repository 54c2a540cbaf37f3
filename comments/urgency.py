"""How urgent a waiting comment is."""

from datetime import datetime

from comments.models import Comment


def rank(comment: Comment) -> datetime:
    """The moment since when it counts as waiting."""
    return comment.waiting_since
