"""The way in: a stored page that still holds is answered before Django's middleware is asked.

Only what a view declared with ``reader_page`` is stored, by its path and the
parts of the query that the view names; nothing else of a request has a say in
what is stored, and nothing of it is kept.
"""

import itertools
import threading
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any, TypeAlias
from urllib.parse import parse_qsl

from pagecache.entries import COMPRESSORS, IDENTITY, Entry, Headers
from pagecache.freshness import cache_control
from pagecache.reading import WANTED, Cacheable, narrowed
from pagecache.store import PageKey, Pages
from pagecache.validity import Validity

Environ: TypeAlias = dict[str, Any]
StartResponse: TypeAlias = Callable[..., Any]
Application: TypeAlias = Callable[[Environ, StartResponse], Iterable[bytes]]

PATIENCE = 10.0
"""Seconds a request waits for another that renders the same page."""

MOST_KNOWN = 20_000
"""Paths, or spellings of a header, remembered at a time."""

LONGEST_QUERY = 2_000

UNREAD = ""
"""Stands before a query as it was sent; no view names a part of it like this."""

HIT = ("Cache-Status", "newsroom; hit")
STORED = ("Cache-Status", "newsroom; fwd=miss; stored")
"""What an answer says of where it comes from (RFC 9211)."""


def untold(_outcome: str) -> None:
    """Nobody counts."""


@dataclass
class Rendering:
    """One rendering of a page, which others wait for; ``began`` counts renderings and requests in their order."""

    began: int
    done: threading.Event = field(default_factory=threading.Event)


class FrontDoor:
    """A WSGI application before another one.

    ``admits`` tells whether a request is a reader's and would be answered with
    a page at all: right host, right scheme. Of such a request nobody hears
    what cookies it carries. ``told`` hears of each answer where it comes from:
    ``hit``, ``unchanged`` (a 304), ``rendered`` and kept, or ``passed``.
    """

    def __init__(
        self,
        application: Application,
        pages: Pages,
        validity: Validity,
        admits: Callable[[Environ], bool],
        told: Callable[[str], None] = untold,
    ) -> None:
        self.application = application
        self.pages = pages
        self.validity = validity
        self.admits = admits
        self.told = told
        self._queries: dict[str, tuple[str, ...]] = {}
        self._codings: dict[str, str] = {}
        self._rendering: dict[PageKey, Rendering] = {}
        self._clock = itertools.count()
        self._lock = threading.Lock()

    def __call__(self, environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        """Answer from what is stored, or have it rendered."""
        if environ["REQUEST_METHOD"] not in {"GET", "HEAD"} or not self.admits(environ):
            return self.application(environ, start_response)
        key = self._key(environ)
        entry = self.pages.get(key)
        if entry is not None and self._holds(entry):
            return self._answer(entry, environ, start_response)
        if environ["REQUEST_METHOD"] == "HEAD":
            return self.application(environ, start_response)
        return self._have_rendered(key, environ, start_response)

    def _key(self, environ: Environ) -> PageKey:
        """What the page is stored by; a key that no page has, where it is not known which parts of the query matter."""
        path, query = environ["PATH_INFO"], environ.get("QUERY_STRING", "")
        names = self._queries.get(path) if query else ()
        if names is None or (names and len(query) > LONGEST_QUERY):
            return path, ((UNREAD, query),)
        return path, narrowed(parse_qsl(query, keep_blank_values=True), names) if names else ()

    def _holds(self, entry: Entry) -> bool:
        return not entry.is_due() and self.validity.holds(entry)

    def _answer(
        self, entry: Entry, environ: Environ, start_response: StartResponse, said: tuple[str, str] = HIT
    ) -> list[bytes]:
        kept = ("Cache-Control", cache_control(entry.boundary))
        if _names(environ.get("HTTP_IF_NONE_MATCH", ""), entry.etag):
            self.told("unchanged")
            start_response("304 Not Modified", [*entry.not_modified, kept, said])
            return []
        self.told("hit" if said is HIT else "rendered")
        headers, body = entry.answer(self._coding(environ.get("HTTP_ACCEPT_ENCODING", "")))
        start_response("200 OK", [*headers, kept, said])
        return [] if environ["REQUEST_METHOD"] == "HEAD" else [body]

    def _coding(self, accepted: str) -> str:
        known = self._codings.get(accepted)
        if known is None:
            if len(self._codings) > MOST_KNOWN:
                self._codings.clear()
            known = self._codings[accepted] = _best_coding(accepted)
        return known

    def _have_rendered(self, key: PageKey, environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        """Render it, or wait for whoever does; a rendering that began after this request came is as good as its own."""
        came = next(self._clock)
        for _attempt in range(3):
            rendering, is_first = self._join(key)
            if is_first:
                return self._lead(rendering, key, environ, start_response)
            rendering.done.wait(PATIENCE)
            key = self._key(environ)
            entry = self.pages.get(key)
            if entry is None:
                break  # no page, so there is nothing to share
            if entry.began > came or self._holds(entry):
                return self._answer(entry, environ, start_response)
        return self.application(environ, start_response)

    def _join(self, key: PageKey) -> tuple[Rendering, bool]:
        """The rendering of this page that goes on, or a new one; and whether it is new."""
        with self._lock:
            going_on = self._rendering.get(key)
            if going_on is not None:
                return going_on, False
            fresh = self._rendering[key] = Rendering(next(self._clock))
            return fresh, True

    def _lead(
        self, rendering: Rendering, key: PageKey, environ: Environ, start_response: StartResponse
    ) -> Iterable[bytes]:
        try:
            entry = self.pages.fetch(key)
            if entry is not None and self._holds(entry):
                return self._answer(entry, environ, start_response)
            return self._render(rendering, environ, start_response)
        finally:
            with self._lock:
                self._rendering.pop(key)
            rendering.done.set()

    def _render(self, rendering: Rendering, environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        started: list[tuple[str, Headers]] = []

        def note(status: str, headers: Headers, *_rest: Any) -> None:
            started.append((status, headers))

        environ[WANTED] = True
        environ.pop("HTTP_COOKIE", None)
        response: Any = self.application(environ, note)
        status, headers = started[0]
        page: Cacheable | None = getattr(response, "page", None)
        if page is None or not _is_plain(headers):
            self.told("passed")
            start_response(status, headers)
            return response  # type: ignore[no-any-return]
        try:
            entry = Entry.of(headers, b"".join(response), page.keys, page.total, page.boundary)
        finally:
            response.close()
        entry.began = rendering.began
        self._keep(environ, page, entry)
        return self._answer(entry, environ, start_response, STORED)

    def _keep(self, environ: Environ, page: Cacheable, entry: Entry) -> None:
        if len(self._queries) > MOST_KNOWN:
            self._queries.clear()
        self._queries[environ["PATH_INFO"]] = page.names
        self.pages.put((environ["PATH_INFO"], page.query), entry)


def _is_plain(headers: Headers) -> bool:
    """Whether an answer is the same for everyone: it sets no cookie and looks at no header but the coding."""
    for name, value in headers:
        lowered = name.lower()
        if lowered == "set-cookie" or (lowered == "vary" and value.lower() != "accept-encoding"):
            return False
    return True


def _names(header: str, etag: str) -> bool:
    """Whether ``If-None-Match`` names the entity tag; compared weakly, as RFC 9110 has it for GET."""
    if not header or header == etag:
        return bool(header)
    opaque = etag.removeprefix("W/")
    return header.strip() == "*" or any(one.strip().removeprefix("W/") == opaque for one in header.split(","))


def _best_coding(accepted: str) -> str:
    """The best coding we have of those a browser accepts; whatever is odd is answered as it is."""
    wanted = {}
    for part in accepted.lower().split(","):
        coding, _semicolon, quality = part.partition(";")
        wanted[coding.strip()] = quality.replace(" ", "") not in {"q=0", "q=0.0", "q=0.00", "q=0.000"}
    return next((coding for coding in COMPRESSORS if wanted.get(coding)), IDENTITY)
