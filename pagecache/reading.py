"""Reading: while a page renders, it records the keys it depends on and until when it holds."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from datetime import datetime
from functools import wraps
from typing import Concatenate, ParamSpec

from django.http import HttpRequest, HttpResponse
from django.template.response import SimpleTemplateResponse
from django.utils import timezone

from pagecache.models import Key

P = ParamSpec("P")


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


def reader_page(
    view: Callable[Concatenate[HttpRequest, P], HttpResponse],
) -> Callable[Concatenate[HttpRequest, P], HttpResponse]:
    """Declare a public page: its keys go out as ``Surrogate-Key``, and it is the same for everyone."""

    @wraps(view)
    def wrapper(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        with recording() as record:
            response = view(request, *args, **kwargs)
            if isinstance(response, SimpleTemplateResponse):
                response.render()  # what its template shows belongs to the recording
        if response.status_code == 200:  # noqa: PLR2004
            response.headers["Surrogate-Key"] = " ".join(sorted(record.keys))
            response.headers.setdefault("Cache-Control", "public, max-age=0, must-revalidate")
        return response

    return wrapper
