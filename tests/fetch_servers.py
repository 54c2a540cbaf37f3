"""Servers of this machine that behave as somebody else's might: on an address that may be asked, or on a sink."""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from ipaddress import ip_network
from typing import Any
from urllib.parse import parse_qsl

ALLOWED = [ip_network("127.0.0.1/32")]
"""The one address the tests may fetch from."""

SINK = "127.0.0.2"
"""An address of this machine that nobody allowed: whatever arrives there broke the rule."""

Answering = Callable[[BaseHTTPRequestHandler], None]


class Server(ThreadingHTTPServer):
    """Counts who comes; ``sent`` holds the forms that were posted."""

    daemon_threads = True

    def __init__(self, host: str, answering: Answering) -> None:
        self.asked: list[tuple[str, dict[str, str]]] = []
        self.sent: list[dict[str, str]] = []
        self.answering = answering
        super().__init__((host, 0), _Handler)

    @property
    def url(self) -> str:
        """Where it is."""
        return f"http://{self.server_address[0]!s}:{self.server_address[1]}"

    def handle_error(self, *_: Any) -> None:
        """Whoever hangs up had enough."""


class _Handler(BaseHTTPRequestHandler):
    server: Server

    def do_GET(self) -> None:
        self.server.asked.append((self.path, {name.lower(): value for name, value in self.headers.items()}))
        self.server.answering(self)

    def do_POST(self) -> None:
        length = int(self.headers.get("Content-Length", "0"))
        self.server.sent.append(dict(parse_qsl(self.rfile.read(length).decode())))
        self.do_GET()

    def log_message(self, *_: Any) -> None:
        """Say nothing."""


@contextmanager
def serving(answering: Answering, host: str = "127.0.0.1") -> Iterator[Server]:
    """A server that answers so, until the block ends."""
    server = Server(host, answering)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def giving(body: bytes, status: int = 200, **headers: str) -> Answering:
    """Answer with this; ``Content_Type="…"`` is a header."""

    def answer(to: BaseHTTPRequestHandler) -> None:
        to.send_response(status)
        for name, value in headers.items():
            to.send_header(name.replace("_", "-"), value)
        to.send_header("Content-Length", str(len(body)))
        to.end_headers()
        to.wfile.write(body)

    return answer


def dripping(head: bytes, drop: bytes, every: float = 0.05, most: int = 400) -> Answering:
    """Send ``head``, then ``drop`` again and again."""

    def answer(to: BaseHTTPRequestHandler) -> None:
        to.wfile.write(head)
        for _ in range(most):
            to.wfile.write(drop)
            to.wfile.flush()
            time.sleep(every)

    return answer
