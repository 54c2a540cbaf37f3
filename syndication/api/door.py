"""What holds for every address of the API: methods, who may ask from a browser, entity tags, and no cookies."""

import hashlib
from collections.abc import Callable
from http import HTTPStatus
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt

from pagecache.reading import EVERYTHING, WANTED, reader_page
from syndication.api.problems import told
from syndication.api.settings import cors_origins

Answer = Callable[..., HttpResponse]

EVERYBODY = "*"
TOLD_TO_SCRIPTS = "ETag, Location, Retry-After"
TAKEN_FROM_SCRIPTS = "Accept, Authorization, Content-Type, Idempotency-Key, If-Match, If-None-Match"
PREFLIGHT_SECONDS = "600"

LARGEST_BODY = 2_500_000
"""Bytes; the longest story in its longest encoding fits. More is not read at all."""


def door(view: Answer) -> Answer:
    """The view of one address, behind the API's door. It asks for no CSRF token, as no cookie opens anything here."""

    @csrf_exempt
    def wrapper(request: HttpRequest, **kwargs: Any) -> HttpResponse:
        request.COOKIES.clear()
        response = _answer(view, request, **kwargs)
        allow_origins(request, response)
        _name_version(request, response)
        return response

    return wrapper


def _answer(view: Answer, request: HttpRequest, **kwargs: Any) -> HttpResponse:
    if request.method == "HEAD":
        request.method = "GET"  # the server leaves the body out
    if _length(request) > LARGEST_BODY:
        return told(413, "More than this is not read.")
    response = view(request, **kwargs)
    if response.status_code != HTTPStatus.METHOD_NOT_ALLOWED:
        return response
    if request.method == "OPTIONS":
        return HttpResponse(status=204, headers={"Allow": f"{response['Allow']}, HEAD, OPTIONS"})
    return told(405, headers={"Allow": response["Allow"]})


def _length(request: HttpRequest) -> int:
    try:
        return int(request.META.get("CONTENT_LENGTH") or 0)
    except ValueError:
        return 0


def _name_version(request: HttpRequest, response: HttpResponse) -> None:
    """An entity tag and 304 where the page cache does not see to it."""
    if request.method != "GET" or response.status_code != HTTPStatus.OK or is_kept(request, response):
        return
    if "ETag" not in response:
        response.headers["ETag"] = f'W/"{hashlib.blake2b(response.content, digest_size=12).hexdigest()}"'
    known = request.headers.get("If-None-Match", "")
    named = {one.strip().removeprefix("W/") for one in known.split(",")}
    if known.strip() == "*" or response["ETag"].removeprefix("W/") in named:
        response.status_code = HTTPStatus.NOT_MODIFIED
        response.content = b""
        del response.headers["Content-Type"]


def is_kept(request: HttpRequest, response: HttpResponse) -> bool:
    """Whether the page cache takes the answer, which then answers whoever knows it already."""
    return WANTED in request.META and hasattr(response, "page") and "Vary" not in response


def allow_origins(request: HttpRequest, response: HttpResponse) -> None:
    """Say which other sites' scripts may read the answer; never with their visitors' cookies."""
    allowed = cors_origins()
    if EVERYBODY in allowed:
        response.headers["Access-Control-Allow-Origin"] = EVERYBODY
    elif allowed:
        response.headers["Vary"] = "Origin"
        if request.headers.get("Origin", "") not in allowed:
            return
        response.headers["Access-Control-Allow-Origin"] = request.headers["Origin"]
    else:
        return
    response.headers["Access-Control-Expose-Headers"] = TOLD_TO_SCRIPTS
    if request.method == "OPTIONS":
        response.headers["Access-Control-Allow-Methods"] = response.get("Allow", "GET")
        response.headers["Access-Control-Allow-Headers"] = TAKEN_FROM_SCRIPTS
        response.headers["Access-Control-Max-Age"] = PREFLIGHT_SECONDS


def asking(*names: str) -> Callable[[Answer], Answer]:
    """The operation looks at these parts of a query; any other part, and any part twice, is refused in words."""

    def declare(run: Answer) -> Answer:
        def wrapper(request: HttpRequest, **kwargs: Any) -> HttpResponse:
            faults = faults_of(request, names)
            if faults:
                return told(400, "Part of the query is not known, or not as it should be.", errors=faults)
            return run(request, **kwargs)

        return wrapper

    return declare


def public(*names: str) -> Callable[[Answer], Answer]:
    """``asking`` for an operation that answers everybody alike, so that the page cache keeps what it says."""

    def declare(run: Answer) -> Answer:
        return reader_page(*EVERYTHING)(asking(*names)(run))

    return declare


def faults_of(request: HttpRequest, names: tuple[str, ...]) -> list[tuple[str, str]]:
    """What is wrong with the query as such, by its part."""
    faults = []
    offered = ", ".join(names) or "none"
    for name, values in request.GET.lists():
        shown = "".join(char for char in name if char.isprintable())[:40]
        if name not in names:
            faults.append((f"query.{shown}", f"There is no parameter of this name here; there are: {offered}."))
        elif len(values) > 1:
            faults.append((f"query.{shown}", "It is given more than once."))
        elif "\0" in values[0] or "\ufffd" in values[0]:
            faults.append((f"query.{shown}", "It holds a character that cannot be stored."))
    return faults
