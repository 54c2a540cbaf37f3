"""Fetching what somebody else's server offers, and telling it something, without trusting it.

A name is resolved once, every address it has must be public, and the
connection goes to the very address that was looked at. Redirects are followed
by us, each looked at like the first. Time is one limit for everything together
and size is counted after unpacking. Proxies of the environment are not used.
"""

import io
import socket
import ssl
import time
import zlib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from http import HTTPStatus
from http.client import HTTPConnection, HTTPException, HTTPResponse
from typing import Any, cast
from urllib.parse import SplitResult, quote, urlencode, urljoin

from django.conf import settings
from django.utils.translation import gettext as _

from outbox.public_hosts import FetchRefused, checked, public_addresses

__all__ = ["FetchRefused", "Fetched", "fetch", "only_if_changed", "post_form", "unpacked"]

MOST_REDIRECTS = 5
REDIRECTS = frozenset({301, 302, 303, 307, 308})
FINE = range(200, 300)
CHUNK = 65_536
GZIP = 31
"""What zlib calls gzip with its header and its check sum."""


@dataclass(frozen=True)
class Fetched:
    """What came: 200 with its body, or 304 without one where the headers asked ``If-None-Match`` or the like."""

    url: str
    """Where it came from in the end, after redirects."""

    status: int
    headers: Mapping[str, str]
    """By name in small letters; of several with one name the last."""

    body: bytes

    def kept(self, name: str, most: int) -> str:
        """A header that can be kept in ``most`` characters and sent back as it came, or nothing: half a tag is none."""
        value = self.headers.get(name, "")
        return value if len(value) <= most and value.isascii() and value.isprintable() else ""


def only_if_changed(etag: str, last_modified: str) -> dict[str, str]:
    """The headers that ask for what is newer than what came with these, as ``Fetched.kept`` gave them."""
    asked = {"If-None-Match": etag, "If-Modified-Since": last_modified}
    return {name: value for name, value in asked.items() if value}


def fetch(url: str, *, max_bytes: int, seconds: float, headers: Mapping[str, str] | None = None) -> Fetched:
    """GET ``url`` from a public host: at most ``max_bytes``, unpacked, within ``seconds`` from first to last.

    Raises ``FetchRefused``, in words, for everything else: an address that is
    not public, a redirect to one, an answer that is neither 200 nor 304, too
    large, too slow or broken off.
    """
    clock = _Clock(seconds)
    for _hop in range(MOST_REDIRECTS + 1):
        parts = checked(url)
        with _in_words(seconds), _Asking(parts, clock, headers or {}) as asking:
            if asking.status not in REDIRECTS:
                return Fetched(url, asking.status, asking.headers, asking.body(max_bytes))
            url = _next(parts, asking.headers.get("location", ""))
    raise FetchRefused(_("It redirects more than %(most)d times.") % {"most": MOST_REDIRECTS})


def post_form(url: str, fields: Mapping[str, str], *, seconds: float) -> None:
    """POST a form to a public host, all within ``seconds``; what is answered beside the status is not read.

    Raises ``FetchRefused``, in words, for every answer but a 2xx: nothing is sent to where a redirect leads.
    """
    parts = checked(url)
    form = urlencode(fields).encode()
    headers = {"Content-Type": "application/x-www-form-urlencoded", "Content-Length": str(len(form))}
    with _in_words(seconds), _Asking(parts, _Clock(seconds), headers, form) as asking:
        if asking.status not in FINE:
            raise _wrong_status(asking.status)


def unpacked(packed: bytes, *, max_bytes: int) -> bytes:
    """A gzip file's content, at most ``max_bytes`` of it. Raises ``FetchRefused`` for more, or for a broken one."""
    try:
        engine = zlib.decompressobj(GZIP)
        content = engine.decompress(packed, max_bytes + 1)
    except zlib.error:
        raise FetchRefused(_("The compressed file is broken.")) from None
    if len(content) > max_bytes:
        raise _too_large(max_bytes)
    if not engine.eof:
        raise FetchRefused(_("The compressed file is broken."))
    return content


@contextmanager
def _in_words(seconds: float) -> Iterator[None]:
    """What goes wrong on the way, as ``FetchRefused``."""
    try:
        yield
    except TimeoutError:
        raise FetchRefused(_("It took longer than %(seconds)d seconds.") % {"seconds": seconds}) from None
    except (OSError, HTTPException, zlib.error, UnicodeError, ValueError) as error:
        raise FetchRefused(_("The server did not answer as it should: %(why)s") % {"why": _why(error)}) from None


class _Clock:
    """How much of the time is left."""

    def __init__(self, seconds: float) -> None:
        self.end = time.monotonic() + seconds

    def left(self) -> float:
        """Seconds, more than none. Raises ``TimeoutError``."""
        left = self.end - time.monotonic()
        if left <= 0:
            raise TimeoutError
        return left


class _Timed(io.RawIOBase):
    """What a server sends, read with what is left of the time before each piece: a drip does not renew it."""

    def __init__(self, connection: socket.socket, clock: _Clock) -> None:
        self.connection = connection
        self.clock = clock

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        self.connection.settimeout(self.clock.left())
        return self.connection.recv_into(buffer)

    def makefile(self, *_mode: Any) -> io.BufferedReader:
        """What ``HTTPResponse`` asks a socket for."""
        return io.BufferedReader(self, CHUNK)


class _Asking:
    """One request and its answer, as a context that closes the connection."""

    def __init__(
        self, parts: SplitResult, clock: _Clock, headers: Mapping[str, str], form: bytes | None = None
    ) -> None:
        self.connection = _connected(parts, clock)
        self.method = "GET" if form is None else "POST"
        try:
            self._send(parts, headers, form)
            self.answer = HTTPResponse(cast("Any", _Timed(self.connection, clock)), method=self.method)
            self.answer.begin()
        except BaseException:
            self.connection.close()
            raise
        self.status = self.answer.status
        self.headers = {name.lower(): value for name, value in self.answer.getheaders()}

    def __enter__(self) -> "_Asking":
        return self

    def __exit__(self, *_error: object) -> None:
        self.connection.close()

    def _send(self, parts: SplitResult, headers: Mapping[str, str], form: bytes | None) -> None:
        request = HTTPConnection(_host(parts))
        request.sock = self.connection
        request.putrequest(self.method, _target(parts), skip_host=True, skip_accept_encoding=True)
        usual = {"Host": _netloc(parts), "User-Agent": f"Newsroom (+{settings.BASE_URL})", "Accept-Encoding": "gzip"}
        for name, value in {**usual, "Connection": "close", **headers}.items():
            request.putheader(name, value)
        request.endheaders(form)

    def body(self, most: int) -> bytes:
        """The whole answer, unpacked. Raises ``FetchRefused``."""
        if self.status == HTTPStatus.NOT_MODIFIED:
            return b""
        if self.status != HTTPStatus.OK:
            raise _wrong_status(self.status)
        packing = self.headers.get("content-encoding", "identity").strip().lower()
        if packing not in {"identity", "", "gzip", "x-gzip"}:
            raise FetchRefused(_("The answer is packed in a way that was not asked for."))
        sent = self._sent(most)
        return unpacked(sent, max_bytes=most) if packing.endswith("gzip") else sent

    def _sent(self, most: int) -> bytes:
        parts, size = [], 0
        while piece := self.answer.read1(CHUNK):
            size += len(piece)
            if size > most:
                raise _too_large(most)
            parts.append(piece)
        if self.answer.length:
            raise FetchRefused(_("The answer broke off."))
        return b"".join(parts)


def _connected(parts: SplitResult, clock: _Clock) -> socket.socket:
    """A connection to the first of the host's addresses, all of them public, that takes one."""
    port = parts.port or (443 if parts.scheme == "https" else 80)
    last: OSError = OSError()
    for family, kind, protocol, _name, place in public_addresses(_host(parts), port, seconds=clock.left()):
        plain = socket.socket(family, kind, protocol)
        try:
            plain.settimeout(clock.left())
            plain.connect(place)
            return _secured(plain, parts, clock)
        except OSError as error:
            plain.close()
            last = error
    raise last


def _secured(plain: socket.socket, parts: SplitResult, clock: _Clock) -> socket.socket:
    if parts.scheme != "https":
        return plain
    plain.settimeout(clock.left())
    return ssl.create_default_context().wrap_socket(plain, server_hostname=_host(parts))


def _next(parts: SplitResult, location: str) -> str:
    url = urljoin(parts.geturl(), location.strip())
    if not location or (parts.scheme == "https" and checked(url).scheme != "https"):
        raise FetchRefused(_("It redirects nowhere, or from an encrypted address to one that is not."))
    return url


def _host(parts: SplitResult) -> str:
    """The host as the network knows it."""
    host = parts.hostname or ""
    try:
        return host if host.isascii() else host.encode("idna").decode("ascii")
    except UnicodeError:
        raise FetchRefused(_("No address was found for %(host)s.") % {"host": host}) from None


def _netloc(parts: SplitResult) -> str:
    host = _host(parts)
    named = f"[{host}]" if ":" in host else host
    return f"{named}:{parts.port}" if parts.port else named


def _target(parts: SplitResult) -> str:
    path = quote(parts.path or "/", safe="/%:@!$&'()*+,;=~-._")
    query = quote(parts.query, safe="/?%:@!$&'()*+,;=~-._[]")
    return f"{path}?{query}" if query else path


def _too_large(most: int) -> FetchRefused:
    return FetchRefused(_("It is larger than %(most)d kB.") % {"most": most // 1000})


def _wrong_status(status: int) -> FetchRefused:
    return FetchRefused(_("The server answered with status %(status)d.") % {"status": status})


def _why(error: Exception) -> str:
    return f"{type(error).__name__} {error}".strip()[:200]
