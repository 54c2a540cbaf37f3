"""Addresses under ``/api/v1/``."""

import json
from functools import cache
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, path, re_path
from django.views.decorators.http import require_GET
from ninja import NinjaAPI

from syndication.api import commenting, drafts, problems, reading
from syndication.api.door import door, public
from syndication.api.openapi import described
from syndication.api.problems import told

VERSION = "1.0"

api = NinjaAPI(
    title="Newsroom",
    version=VERSION,
    description="What readers of the site see, as data; and drafts for staff with a token.",
    docs_url=None,
    openapi_url=None,
    urls_namespace="api",
)
problems.register(api)
for part in (reading, commenting):
    api.add_router("", part.router)
api.add_router("desk/", drafts.router)


@public()
def openapi(request: HttpRequest) -> HttpResponse:
    """This API in OpenAPI 3.1."""
    return HttpResponse(_openapi(settings.BASE_URL), content_type="application/json; charset=utf-8")


@cache
def _openapi(site: str) -> str:
    return json.dumps(described(api, site), ensure_ascii=False)


def unknown(request: HttpRequest, rest: str) -> HttpResponse:
    """Whatever is no address of the API."""
    return told(404)


urlpatterns: list[Any] = [
    path("openapi.json", door(require_GET(openapi)), name="api_openapi"),
    *(
        URLPattern(entry.pattern, door(entry.callback), name=entry.name)
        for entry in api.urls[0]
        if isinstance(entry, URLPattern) and entry.name != "api-root"
    ),
    re_path("^(?P<rest>.*)$", door(unknown), name="api_unknown"),
]
