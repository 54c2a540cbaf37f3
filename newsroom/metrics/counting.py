"""What is counted while requests are answered, by name and in words."""

import time
from collections.abc import Callable
from functools import cache

from django.conf import settings
from django.core.exceptions import MiddlewareNotUsed
from django.db import Error
from django.http import HttpRequest, HttpResponse

from newsroom.metrics.shared import Desk
from newsroom.metrics.tally import Series, tally

REQUESTS = "newsroom_requests_total"
SECONDS = "newsroom_request_seconds"
PAGES = "newsroom_pages_total"
DATABASE_ERRORS = "newsroom_database_errors_total"

ABOUT = {
    REQUESTS: "Requests that Django answered, by view, method and status; kept pages: newsroom_pages_total.",
    SECONDS: "Seconds that Django took to answer, by view.",
    PAGES: "Readers' pages by where they came from: hit, unchanged (304), rendered and kept, passed (no page).",
    DATABASE_ERRORS: "Requests that ended with an error of the database, by its kind.",
}

METHODS = frozenset({"GET", "HEAD", "POST"})

desk = Desk(settings.RUN_DIR / "metrics", tally)


def is_on() -> bool:
    """Whether anybody may ask for the figures, and so whether anything is counted."""
    return bool(settings.METRICS_TOKEN or settings.METRICS_NETWORKS)


def count_page(outcome: str) -> None:
    """Count one answer of the page cache; what the cache's front door is given to call."""
    desk.open()
    tally.add(_series(outcome))


@cache
def _series(outcome: str) -> Series:
    return PAGES, (("outcome", outcome),)


class CountRequests:
    """Counts what Django answers, and how long it took. Outermost, so that it sees what the others answer."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        if not is_on():
            raise MiddlewareNotUsed
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        desk.open()
        began = time.perf_counter()
        response = self.get_response(request)
        view = request.resolver_match.view_name if request.resolver_match else ""
        method = request.method if request.method in METHODS else "other"
        tally.count(REQUESTS, view=view or "none", method=str(method), status=str(response.status_code))
        tally.took(SECONDS, time.perf_counter() - began, view=view or "none")
        return response

    def process_exception(self, request: HttpRequest, exception: Exception) -> None:
        """Count what the database refused; the answer is made by whoever makes it anyway."""
        if isinstance(exception, Error):
            tally.count(DATABASE_ERRORS, kind=type(exception).__name__)
