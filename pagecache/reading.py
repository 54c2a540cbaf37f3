"""Reading: while a page renders, it records the keys it depends on and until when it holds."""

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, nullcontext
from contextvars import ContextVar
from dataclasses import dataclass, field
from datetime import datetime
from functools import wraps
from typing import Concatenate, ParamSpec

from django.db import Error
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.template.response import SimpleTemplateResponse
from django.utils import timezone
from django.utils.http import urlencode

from pagecache import replica
from pagecache.freshness import cache_control, tag_headers
from pagecache.kept_plans import PlanLostError
from pagecache.models import Key
from pagecache.snapshot import snapshot
from pagecache.validity import total_of

P = ParamSpec("P")

OK = 200


@dataclass
class Recording:
    """The keys one rendered page depends on, and the first instant at which it may change by itself."""

    keys: set[str] = field(default_factory=set)
    boundary: datetime | None = None
    started: datetime = field(default_factory=timezone.now)

    def add(self, *names: str) -> None:
        """Depend on the keys ``names``."""
        self.keys.update(names)

    def until(self, *moments: datetime | None) -> None:
        """The page changes by itself at the earliest of ``moments`` that lay ahead when its rendering began.

        A moment that passes while the page renders still counts: nobody knows
        on which side of it the page was read.
        """
        ahead = [moment for moment in (*moments, self.boundary) if moment is not None and moment > self.started]
        self.boundary = min(ahead, default=None)


_current: ContextVar[Recording | None] = ContextVar("pagecache_recording", default=None)


@contextmanager
def recording() -> Iterator[Recording]:
    """Record what is rendered inside."""
    fresh = Recording()
    token = _current.set(fresh)
    try:
        yield fresh
    finally:
        _current.reset(token)


def depends_on(*names: str, until: datetime | None = None) -> None:
    """Note that the page being rendered shows ``names``, and may change by itself at ``until``.

    Outside a recording (mail, previews, tests of a part) it does nothing.
    """
    current = _current.get()
    if current is not None:
        current.add(*names)
        current.until(until)


def versions(names: set[str]) -> dict[str, int]:
    """The present versions of ``names``; a key nobody has bumped yet has version 0."""
    known = dict(Key.objects.filter(name__in=names).values_list("name", "version"))
    return {name: known.get(name, 0) for name in names}


WANTED = "newsroom.page_wanted"
"""Set in a request's environment by whoever would store the page."""

ASKED = "newsroom.query"
"""The query as it was sent; a page itself sees no more of it than the view names."""


EVERYTHING = ("*",)
"""In place of names, for a view that looks at every part of a query, if only to refuse what it does not know."""


@dataclass(frozen=True)
class Cacheable:
    """What the store needs to know of a page: see ``pagecache.entries.Entry``.

    ``names`` are the parts of a query that the view looks at, ``query`` those of this request, in order.
    """

    keys: tuple[str, ...]
    total: int
    boundary: float | None
    names: tuple[str, ...]
    query: tuple[tuple[str, str], ...]


def reader_page(
    *names: str,
) -> Callable[
    [Callable[Concatenate[HttpRequest, P], HttpResponse]], Callable[Concatenate[HttpRequest, P], HttpResponse]
]:
    """Declare a public page that is the same for everyone; ``names`` are the parts of the query it looks at.

    The view sees those parts only, in one order, and its keys go out as
    ``Surrogate-Key``. Where the page is to be stored it is rendered from one
    snapshot of the database, which tells the versions of its keys too.
    """

    def declare(
        view: Callable[Concatenate[HttpRequest, P], HttpResponse],
    ) -> Callable[Concatenate[HttpRequest, P], HttpResponse]:
        @wraps(view)
        def wrapper(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
            query = _narrow(request, names)
            wanted = WANTED in request.META

            def answer() -> HttpResponse:
                with recording() as record, snapshot() if wanted else nullcontext():
                    response = view(request, *args, **kwargs)
                    if isinstance(response, SimpleTemplateResponse):
                        response.render()  # what its template shows belongs to the recording
                    if response.status_code == OK:
                        _declare(response, record)
                        if wanted:
                            response.page = _cacheable(record, names, query)  # type: ignore[attr-defined]
                return response

            return (_from_replica(answer) if wanted and replica.is_at_hand() else None) or _anew_if_lost(answer)

        return wrapper

    return declare


def narrowed(query: Iterable[tuple[str, str]], names: tuple[str, ...]) -> tuple[tuple[str, str], ...]:
    """The named parts of a query by name, those of one name as they were sent."""
    kept = query if names == EVERYTHING else (pair for pair in query if pair[0] in names)
    return tuple(sorted(kept, key=lambda pair: pair[0]))


def _narrow(request: HttpRequest, names: tuple[str, ...]) -> tuple[tuple[str, str], ...]:
    asked = request.META.get("QUERY_STRING", "")
    request.META[ASKED] = asked
    if not asked:
        return ()
    query = narrowed(((name, value) for name, values in request.GET.lists() for value in values), names)
    request.META["QUERY_STRING"] = urlencode(query)
    request.GET = QueryDict(urlencode(query))
    return query


def _anew_if_lost(answer: Callable[[], HttpResponse]) -> HttpResponse:
    """The page; once more where its transaction failed since the server had lost a plan, and asks otherwise now."""
    try:
        return answer()
    except PlanLostError:
        return answer()


def _from_replica(answer: Callable[[], HttpResponse]) -> HttpResponse | None:
    """The page rendered from the replica, if it is the one that the primary would give: see ``pagecache.replica``."""
    try:
        with replica.reading():
            response = answer()
    except (Error, Http404):
        return None
    page: Cacheable | None = getattr(response, "page", None)
    return response if page is not None and total_of(page.keys) == page.total else None


def _declare(response: HttpResponse, record: Recording) -> None:
    for name, value in tag_headers(record.keys).items():
        response.headers[name] = value
    boundary = record.boundary.timestamp() if record.boundary else None
    response.headers.setdefault("Cache-Control", cache_control(boundary))


def _cacheable(record: Recording, names: tuple[str, ...], query: tuple[tuple[str, str], ...]) -> Cacheable:
    keys = tuple(sorted(record.keys))
    boundary = record.boundary.timestamp() if record.boundary else None
    return Cacheable(keys, total_of(keys), boundary, names, query)
