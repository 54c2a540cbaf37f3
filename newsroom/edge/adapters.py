"""Telling an edge to forget pages by their keys: one class for each kind of edge."""

import json
from typing import Any, Protocol
from urllib.error import HTTPError
from urllib.request import HTTPRedirectHandler, Request, build_opener

TIMEOUT = 5
"""Seconds for one call."""

FINE = range(200, 300)


class EdgeError(Exception):
    """The edge did not do as it was told; the call is made again later."""


class Edge(Protocol):
    """A kind of edge."""

    most_keys: int
    """Keys in one call."""

    def purge(self, keys: list[str]) -> None:
        """Forget every page with one of ``keys``. Raises ``EdgeError``."""


class Varnish:
    """Varnish with the ``xkey`` module, or any server that answers ``PURGE`` with keys in ``xkey-purge``."""

    most_keys = 100

    def __init__(self, url: str, token: str) -> None:
        self.url, self.token = url, token

    def purge(self, keys: list[str]) -> None:
        """One ``PURGE`` with all keys."""
        call("PURGE", self.url, {"xkey-purge": " ".join(keys), "X-Purge-Token": self.token})


class Fastly:
    """Fastly's purge by surrogate key, and what copies it; ``url`` ends with the service."""

    most_keys = 256

    def __init__(self, url: str, token: str) -> None:
        self.url, self.token = url.rstrip("/"), token

    def purge(self, keys: list[str]) -> None:
        """One call with all keys."""
        headers = {"Fastly-Key": self.token, "Accept": "application/json"}
        call("POST", f"{self.url}/purge", headers, {"surrogate_keys": keys})


class Cloudflare:
    """Cloudflare's purge by cache tag, and what copies it; ``url`` ends with the zone."""

    most_keys = 30

    def __init__(self, url: str, token: str) -> None:
        self.url, self.token = url.rstrip("/"), token

    def purge(self, keys: list[str]) -> None:
        """One call with all keys."""
        headers = {"Authorization": f"Bearer {self.token}"}
        answer = call("POST", f"{self.url}/purge_cache", headers, {"tags": keys})
        if not _succeeded(answer):
            raise EdgeError("the edge answered, and did not purge")


KINDS: dict[str, type[Varnish] | type[Fastly] | type[Cloudflare]] = {
    "varnish": Varnish,
    "fastly": Fastly,
    "cloudflare": Cloudflare,
}
"""By the words of ``EDGE``."""


class _NoRedirect(HTTPRedirectHandler):
    def redirect_request(self, *args: Any, **kwargs: Any) -> None:
        """An edge that sends its purges elsewhere is not the edge."""


_opener = build_opener(_NoRedirect)


def call(method: str, url: str, headers: dict[str, str], payload: Any = None) -> bytes:
    """One HTTP call; ``EdgeError`` for every answer but a 2xx, and for none."""
    body = None if payload is None else json.dumps(payload).encode()
    request = Request(url, body, headers, method=method)  # noqa: S310 - the address is the operator's
    if body is not None:
        request.add_header("Content-Type", "application/json")
    try:
        with _opener.open(request, timeout=TIMEOUT) as answer:
            return bytes(answer.read(100_000))
    except HTTPError as error:
        raise EdgeError(f"the edge answered {error.code}") from None
    except (OSError, ValueError) as error:
        raise EdgeError(f"the edge does not answer: {error}") from None


def _succeeded(answer: bytes) -> bool:
    try:
        return bool(json.loads(answer).get("success"))
    except (ValueError, AttributeError):
        return False
