"""Windows: each time the form is opened it gets a number of its own, under which unsaved words are kept."""

from uuid import UUID

from django.http import HttpRequest

FIELD = "window"
MAX_TEXT = 36


def window_of(text: str) -> UUID | None:
    """The number that ``text`` writes, or nothing."""
    if len(text) > MAX_TEXT:
        return None
    try:
        return UUID(text)
    except ValueError:
        return None


def posted_window(request: HttpRequest) -> UUID | None:
    """The window whose form was sent."""
    return window_of(request.POST.get(FIELD, ""))
