"""Reading: a page records what it shows and until when it holds."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.http import HttpRequest, HttpResponse
from django.template import engines
from django.template.response import TemplateResponse
from django.test import RequestFactory

from pagecache.reading import Recording, depends_on, reader_page, recording

NOON = datetime(2026, 5, 4, 12, tzinfo=UTC)
SECOND = timedelta(seconds=1)


def test_a_recording_holds_what_was_depended_on() -> None:
    with recording() as record:
        depends_on("article:1", "section:2")
        depends_on("article:1")
    assert record.keys == {"article:1", "section:2"}


def test_depending_outside_a_recording_does_nothing() -> None:
    depends_on("article:1")
    with recording() as record:
        pass
    assert record.keys == set()


def test_the_boundary_is_the_earliest_moment_ahead() -> None:
    with time_machine.travel(NOON, tick=False), recording() as record:
        depends_on("a", until=NOON + 9 * SECOND)
        depends_on("b", until=NOON + 3 * SECOND)
        depends_on("c", until=NOON - SECOND)
        depends_on("d")
    assert record.boundary == NOON + 3 * SECOND


def test_a_moment_that_passes_while_the_page_renders_still_counts() -> None:
    record = Recording(started=NOON)
    record.until(NOON + SECOND)
    with time_machine.travel(NOON + 5 * SECOND, tick=False):
        record.until(NOON + 9 * SECOND)
    assert record.boundary == NOON + SECOND


def test_a_public_page_sends_its_keys_in_order(rf: RequestFactory) -> None:
    @reader_page()
    def view(request: HttpRequest) -> HttpResponse:
        depends_on("section:2", "article:1")
        return HttpResponse("story")

    assert view(rf.get("/")).headers["Surrogate-Key"] == "article:1 section:2"


def test_what_a_lazy_template_shows_is_recorded_too(rf: RequestFactory) -> None:
    def showing() -> str:
        depends_on("article:7")
        return "story"

    @reader_page()
    def view(request: HttpRequest) -> HttpResponse:
        return TemplateResponse(request, engines["django"].from_string("{{ show }}"), {"show": showing})

    response = view(rf.get("/"))
    assert response.content == b"story"
    assert response.headers["Surrogate-Key"] == "article:7"


@pytest.mark.parametrize("status", [301, 404, 410])
def test_a_page_that_is_none_sends_no_keys(rf: RequestFactory, status: int) -> None:
    @reader_page()
    def view(request: HttpRequest) -> HttpResponse:
        depends_on("article:1")
        return HttpResponse(status=status)

    assert "Surrogate-Key" not in view(rf.get("/")).headers
