"""Where a comment stands in public."""

from django.urls import reverse

from comments.models import Comment


def address_of(comment: Comment) -> str:
    """The lasting public address of a comment: it leads to whichever page of the thread it stands on."""
    return reverse("comments:permalink", args=[comment.pk])
