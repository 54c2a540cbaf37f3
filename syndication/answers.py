"""What views here answer with."""

from django.http import HttpRequest, HttpResponse, HttpResponsePermanentRedirect
from django.shortcuts import render

MOVED_SECONDS = 3600
"""A moved address may be remembered this long: it can move back."""


def document(content: bytes | str, media_type: str) -> HttpResponse:
    """A document in UTF-8."""
    return HttpResponse(content, content_type=f"{media_type}; charset=utf-8")


def led(path: str) -> HttpResponse:
    """301 to another path of ours, remembered for an hour."""
    response = HttpResponsePermanentRedirect(path)
    response.headers["Cache-Control"] = f"public, max-age={MOVED_SECONDS}"
    return response


def gone(request: HttpRequest) -> HttpResponse:
    """410, the same bytes for everything that is gone."""
    return render(request, "errors/410.html", status=410)
