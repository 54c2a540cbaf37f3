"""Error pages, the same bytes whoever asks and whatever was asked for."""

import sys

from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.templatetags.static import static

from syndication.api import problems


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """400: we could not make sense of the request."""
    return _problem(request, 400) or render(request, "errors/400.html", status=400)


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    """403: the visitor may not do this."""
    return _problem(request, 403) or render(request, "errors/403.html", status=403)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """404: byte for byte the same for an unknown address and for one that is not public."""
    return _problem(request, 404) or render(request, "errors/404.html", status=404)


def gone(request: HttpRequest) -> HttpResponse:
    """410: something was public here once and is no more."""
    return render(request, "errors/410.html", status=410)


RETRY_SECONDS = 10
"""When to come back after the database did not answer."""


def server_error(request: HttpRequest) -> HttpResponse:
    """500: our fault; 503 where it was the database that did not answer, or not in time.

    Neither the database nor the request is asked, for one of them may be what broke.
    """
    away = isinstance(sys.exc_info()[1], OperationalError | InterfaceError)
    status = 503 if away else 500
    words = render_to_string(f"errors/{status}.html", {"stylesheet": _stylesheet()})
    response = _problem(request, status) or HttpResponse(words, status=status)
    if away:
        response.headers["Retry-After"] = str(RETRY_SECONDS)
    return response


def _problem(request: HttpRequest, status: int) -> HttpResponse | None:
    """What the API says of it; ``None`` for a page's address."""
    return problems.told(status) if request.path_info.startswith(problems.PREFIX) else None


def _stylesheet() -> str:
    """The address of the error pages' stylesheet; empty where static files were never collected."""
    try:
        return static("site/errors.css")
    except ValueError:
        return ""


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """403 for a form whose token is missing or old."""
    return render(request, "errors/csrf.html", status=403)
