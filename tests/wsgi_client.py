"""Asking a WSGI application as a server does."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from io import BytesIO
from typing import Any

from django.core.handlers.wsgi import WSGIHandler
from django.core.signals import request_finished, request_started
from django.db import close_old_connections

from newsroom import patience
from pagecache.front_door import Application, Environ, FrontDoor
from pagecache.store import Pages
from pagecache.validity import ThroughDjango, Validity


@dataclass(frozen=True)
class Answer:
    """What came back."""

    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def was_stored(self) -> bool:
        """Whether it came from the store."""
        return self.headers.get("Cache-Status") == "newsroom; hit"


def ask(application: Application, path: str, query: str = "", method: str = "GET", **more: Any) -> Answer:
    """One request; ``more`` goes into its environment."""
    environ: Environ = {
        "REQUEST_METHOD": method,
        "PATH_INFO": path,
        "QUERY_STRING": query,
        "SCRIPT_NAME": "",
        "HTTP_HOST": "testserver",
        "SERVER_NAME": "testserver",
        "SERVER_PORT": "80",
        "SERVER_PROTOCOL": "HTTP/1.1",
        "REMOTE_ADDR": "203.0.113.9",
        "wsgi.url_scheme": "http",
        "wsgi.input": BytesIO(),
        "wsgi.version": (1, 0),
        **more,
    }
    started: list[tuple[str, list[tuple[str, str]]]] = []

    def start_response(status: str, headers: list[tuple[str, str]], *_rest: Any) -> None:
        started.append((status, headers))

    with _connections_kept():
        chunks: Iterable[bytes] = application(environ, start_response)
        try:
            body = b"".join(chunks)
        finally:
            close = getattr(chunks, "close", None)
            if close is not None:
                close()
    status, headers = started[0]
    return Answer(int(status.split()[0]), dict(headers), body)


@contextmanager
def a_request(seconds: float) -> Iterator[None]:
    """Inside, the database is asked as by a request that may wait so long for it."""
    token = patience._patience.set(patience.Patience(seconds))
    try:
        yield
    finally:
        patience._patience.reset(token)


@contextmanager
def _connections_kept() -> Iterator[None]:
    """A request's end closes no connection: the test's own transaction lives in one."""
    signals = [signal for signal in (request_started, request_finished) if signal.disconnect(close_old_connections)]
    try:
        yield
    finally:
        for signal in signals:
            signal.connect(close_old_connections)


def make_door(
    application: Application | None = None, validity: Validity | None = None, room: int = 10_000_000
) -> FrontDoor:
    """The page cache before Django's own application; inside a test's transaction it must ask through Django."""
    return FrontDoor(application or WSGIHandler(), Pages(room), validity or ThroughDjango(), lambda _environ: True)
