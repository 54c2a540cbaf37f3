"""A site that answers what a test tells it to, behind a real proxy or cache; and asking through that."""

import threading
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email.message import Message
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


@dataclass
class Asked:
    """A request as it arrived."""

    method: str
    path: str
    headers: dict[str, str]


@dataclass
class Page:
    """What is answered at one path."""

    body: bytes
    headers: dict[str, str] = field(default_factory=dict)
    status: int = 200


class StandIn(ThreadingHTTPServer):
    """Answers ``pages`` by path, 200 to a health check, 404 else; remembers what it was asked."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.pages: dict[str, Page] = {}
        self.asked: list[Asked] = []

    def times(self, path: str) -> int:
        """How often somebody asked for the path."""
        return sum(one.path == path for one in self.asked)


class _Handler(BaseHTTPRequestHandler):
    server: StandIn
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        headers = {name.lower(): value for name, value in self.headers.items()}
        self.rfile.read(int(headers.get("content-length", 0)))
        if not self.path.startswith("/health/"):
            self.server.asked.append(Asked(self.command, self.path, headers))
        page = self.server.pages.get(self.path) or Page(b"", status=200 if "/health/" in self.path else 404)
        self.send_response(page.status)
        for name, value in {"Content-Length": str(len(page.body)), **page.headers}.items():
            self.send_header(name, value)
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(page.body)

    def do_HEAD(self) -> None:
        self.do_GET()

    def do_POST(self) -> None:
        self.do_GET()

    def log_message(self, *_args: object) -> None:
        """Say nothing."""


@contextmanager
def standing_in() -> Iterator[StandIn]:
    """The site, for as long as the block lasts."""
    server = StandIn()
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def asking(port: int) -> Callable[..., tuple[int, Message, bytes]]:
    """A function that asks ``(path, method="GET", **headers)`` and follows nothing."""

    class _Still(urllib.request.HTTPRedirectHandler):
        def redirect_request(self, *_args: object) -> None:
            """Stay."""

    opener = urllib.request.build_opener(_Still)

    def ask(path: str, method: str = "GET", **headers: str) -> tuple[int, Message, bytes]:
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        request = urllib.request.Request(f"http://127.0.0.1:{port}{path}", headers=named, method=method)
        try:
            with opener.open(request, timeout=20) as answer:
                return answer.status, answer.headers, answer.read()
        except urllib.error.HTTPError as error:
            with error:
                return error.code, error.headers, error.read()

    return ask
