"""Pages that moved: whoever asks for a former address is led on, if there is something to read."""

from collections.abc import Callable

from django.db.models import Model
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect

from articles.moved_pages import led_to
from pagecache.reading import depends_on

REDIRECT_SECONDS = 3600
"""A moved address may be remembered this long: a slug can change back."""


def moved(request: HttpRequest, page_at: Callable[[str], Model | None]) -> HttpResponse:
    """301 to where the page of this address went.

    ``page_at`` says what stands at the last part of the new address, ``None``
    for nothing a reader may see; then the old one is unknown too (``Http404``).
    """
    depends_on(f"redirect:{request.path}")
    target = led_to(request.path)
    if not target or page_at(target.rstrip("/").rpartition("/")[2]) is None:
        raise Http404
    response = redirect(target, permanent=True)
    response.headers["Cache-Control"] = f"public, max-age={REDIRECT_SECONDS}"
    return response
