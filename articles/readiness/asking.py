"""Asking other sites, in the background, whether a link still leads somewhere.

Off by default (``CHECK_LINKS``). An address comes from whoever writes here, so
it is treated as hostile: only public addresses of the Internet are spoken to,
and what was looked up is what is connected to; an answer's head is read for so
long and so far, its body never; a few redirects are followed, each guarded
like the first.
"""

import re
import socket
import ssl
import time
from collections.abc import Iterable, Iterator
from datetime import timedelta
from typing import Any
from urllib.parse import SplitResult, urljoin, urlsplit

from django.conf import settings
from django.utils import timezone

from articles.models import Article, LinkAnswer, Trouble
from articles.readiness.facts import digest_of
from articles.readiness.story import read
from outbox import effects
from outbox.public_hosts import may_reach

ASK_LINKS = "articles.ask_links"
AT_ONCE = 6
"""Addresses of one effect: with ``SECONDS`` and ``MOST_REDIRECTS`` well within ``effects.OUTSIDE_LEASE``."""

MOST_ASKED = 60
"""Addresses of one story; what is beyond them is not asked."""

FRESH_FOR = timedelta(days=7)
SECONDS = 6.0
"""For one request, from looking up the host to the end of the answer's head."""

MOST_REDIRECTS = 3
MOST_HEAD = 16_384
"""Bytes of an answer's head that are read."""

PORTS = {"http": 80, "https": 443}

_STATUS = re.compile(rb"HTTP/1\.[01] ([1-5][0-9]{2})\b")
_LOCATION = re.compile(rb"\r\nlocation:[ \t]*([^\r\n]{1,2000})", re.IGNORECASE)

Address = str


class _Failed(Exception):  # noqa: N818 - it carries a trouble, it is none itself
    def __init__(self, trouble: Trouble) -> None:
        super().__init__(trouble)
        self.trouble = trouble


def ask_later(article: Article, source: str) -> None:
    """Have the links of a story asked that were not asked lately; in the present transaction, if the setting allows."""
    if not settings.CHECK_LINKS:
        return
    links = dict.fromkeys(link.href for link in read(source).links if link.href.startswith("http"))
    urls = list(links)[:MOST_ASKED]
    digests = {digest_of(url): url for url in urls}
    lately = timezone.now() - FRESH_FOR
    known = set(LinkAnswer.objects.filter(digest__in=digests, asked_at__gt=lately).values_list("digest", flat=True))
    waiting = [url for digest, url in digests.items() if digest not in known]
    day = timezone.now().date().isoformat()
    for start in range(0, len(waiting), AT_ONCE):
        batch = waiting[start : start + AT_ONCE]
        key = f"{ASK_LINKS}:{article.pk}:{day}:{digest_of(' '.join(batch))[:32]}"
        effects.enqueue(ASK_LINKS, {"urls": batch}, key=key)


@effects.handler(ASK_LINKS, slow=True)
def _ask(payload: dict[str, Any], _key: str) -> None:
    for url in payload["urls"][:AT_ONCE]:
        remember(url, *ask(url))


def remember(url: str, status: int | None, trouble: str) -> None:
    """Keep the answer in place of an earlier one."""
    values = {"url": url, "status": status, "trouble": trouble, "asked_at": timezone.now()}
    LinkAnswer.objects.update_or_create(digest=digest_of(url), defaults=values)


def ask(url: str) -> tuple[int | None, str]:
    """The status at the end of the redirects, or ``None`` and a ``Trouble``."""
    for _step in range(MOST_REDIRECTS + 1):
        try:
            status, location = _request(url)
        except _Failed as failure:
            return None, failure.trouble.value
        if status not in {301, 302, 303, 307, 308} or not location:
            break
        url = urljoin(url, location)
    return status, ""


def _request(url: str) -> tuple[int, str]:
    """One HEAD, or a GET where HEAD is not known; ``(status, location)``."""
    status, location = _once("HEAD", url)
    return _once("GET", url) if status in {403, 405, 501} else (status, location)


def _once(method: str, url: str) -> tuple[int, str]:
    deadline = time.monotonic() + SECONDS
    parts = _checked(url)
    try:
        with _connected(parts, deadline) as channel:
            channel.sendall(_asked(method, parts))
            return _read(_head(channel, deadline))
    except ssl.SSLError as error:
        raise _Failed(Trouble.UNSAFE if isinstance(error, ssl.SSLCertVerificationError) else Trouble.STRANGE) from error
    except OSError as error:
        raise _Failed(Trouble.SILENT) from error


def _checked(url: str) -> SplitResult:
    """The parts of an address that may be asked at all."""
    try:
        parts = urlsplit(url)
        allowed = parts.scheme in PORTS and parts.hostname and parts.port in {None, *PORTS.values()}
    except ValueError as error:
        raise _Failed(Trouble.STRANGE) from error
    if not allowed or "@" in parts.netloc or not url.isascii() or not url.isprintable() or " " in url:
        raise _Failed(Trouble.STRANGE)
    return parts


def _connected(parts: SplitResult, deadline: float) -> socket.socket:
    """A connection to the very address that was looked up and found public."""
    host, port = parts.hostname or "", parts.port or PORTS[parts.scheme]
    address = next(iter(public_addresses(host, port)), None)
    if address is None:
        raise _Failed(Trouble.PRIVATE)
    channel = socket.create_connection((address, port), timeout=_left(deadline))
    if parts.scheme == "http":
        return channel
    try:
        channel.settimeout(_left(deadline))
        return ssl.create_default_context().wrap_socket(channel, server_hostname=host)
    except BaseException:
        channel.close()
        raise


def public_addresses(host: str, port: int) -> Iterator[Address]:
    """The addresses of ``host``, if every one of them is a public one: a mixed answer is a trap."""
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise _Failed(Trouble.UNKNOWN) from error
    addresses = [str(entry[4][0]) for entry in found]
    return iter(addresses if addresses and are_public(addresses) else ())


def are_public(addresses: Iterable[Address]) -> bool:
    """Whether all of them belong to the Internet at large, whatever they are wrapped in."""
    return all(map(may_reach, addresses))


def _asked(method: str, parts: SplitResult) -> bytes:
    target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    lines = [
        f"{method} {target} HTTP/1.1",
        f"Host: {parts.netloc}",
        f"User-Agent: Mozilla/5.0 (compatible; Newsroom link check; +{settings.BASE_URL})",
        "Accept: */*",
        "Connection: close",
    ]
    return ("\r\n".join(lines) + "\r\n\r\n").encode("ascii")


def _head(channel: socket.socket, deadline: float) -> bytes:
    """What comes before the first empty line, cut where it goes on for too long."""
    head = b""
    while b"\r\n\r\n" not in head and len(head) < MOST_HEAD:
        channel.settimeout(_left(deadline))
        piece = channel.recv(4096)
        if not piece:
            break
        head += piece
    return head.partition(b"\r\n\r\n")[0]


def _left(deadline: float) -> float:
    left = deadline - time.monotonic()
    if left <= 0:
        raise _Failed(Trouble.SILENT)
    return left


def _read(head: bytes) -> tuple[int, str]:
    status = _STATUS.match(head)
    if status is None:
        raise _Failed(Trouble.STRANGE)
    location = _LOCATION.search(head)
    return int(status[1]), location[1].decode("ascii", "replace").strip() if location else ""
