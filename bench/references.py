"""What the page cache is measured against: WSGI applications that answer the very bytes of one page.

``REFERENCE_PAGE`` names the file with the page. ``bare`` is the least a server can do; ``view`` adds Django with one
view; ``middleware`` is Django's own cache middleware before that view, in local memory.
"""

import os
from pathlib import Path
from typing import Any

import django
from django.conf import settings
from django.core.handlers.wsgi import WSGIHandler
from django.http import HttpRequest, HttpResponse
from django.urls import path

PAGE = Path(os.environ["REFERENCE_PAGE"]).read_bytes()


def bare(environ: dict[str, Any], start_response: Any) -> list[bytes]:
    """The bytes, and nothing else."""
    start_response("200 OK", [("Content-Type", "text/html; charset=utf-8"), ("Content-Length", str(len(PAGE)))])
    return [PAGE]


def page(request: HttpRequest, _rest: str = "") -> HttpResponse:
    """The bytes, from a view."""
    return HttpResponse(PAGE)


urlpatterns = [path("", page), path("<path:_rest>", page)]


def _django(*middleware: str) -> WSGIHandler:
    settings.configure(
        ALLOWED_HOSTS=["127.0.0.1"], ROOT_URLCONF=__name__, SECRET_KEY="bench", MIDDLEWARE=list(middleware), LOGGING={}
    )
    django.setup()
    return WSGIHandler()


def __getattr__(name: str) -> Any:
    if name == "view":
        return _django("django.middleware.common.CommonMiddleware")
    if name == "middleware":
        cache = "django.middleware.cache"
        return _django(
            f"{cache}.UpdateCacheMiddleware",
            "django.middleware.common.CommonMiddleware",
            f"{cache}.FetchFromCacheMiddleware",
        )
    raise AttributeError(name)
