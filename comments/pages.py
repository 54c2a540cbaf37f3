"""Where a comment stands in public."""

from comments.models import Comment


def address_of(comment: Comment) -> str:
    """The public address of a comment under its article."""
    return f"{comment.article.get_absolute_url()}#comment-{comment.pk}"
