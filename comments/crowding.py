"""What a reader is told whose post found too many others waiting (``newsroom.lanes``)."""

import re

from django.utils.translation import gettext_lazy as _

FULL = "newsroom.full"
"""In the WSGI environment of such a post."""

PAUSE = 10
"""Seconds after which to try again."""

WORDS = _(
    "Very many people are sending something just now, and yours could not be taken. "
    "Please go back and send it again in a few seconds."
)

_COMMENT = re.compile(r"/comments/\d+/")


def tells(path: str) -> bool:
    """Whether the view at ``path`` tells it itself, with what was typed."""
    return _COMMENT.fullmatch(path) is not None
