"""Database connections that are lent to a thread for one request, or for one question.

Django gives each thread a connection of its own and keeps it. A server with
more threads than work would hold a connection for each; so a thread brings
back what it used, and the next one takes what was brought back last. A stored
page asks one question, and asks it past Django's register of connections, which
takes as long as all the rest of the answer.
"""

from collections import defaultdict, deque
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any

from django.db import connections
from django.db.backends.base.base import BaseDatabaseWrapper

from newsroom.lanes import AT_WORK
from pagecache.front_door import Application, Environ, StartResponse


class Lending:
    """Connections of this process, of which at most ``kept`` to each database stay open while nobody uses them."""

    def __init__(self, kept: int = AT_WORK) -> None:
        self.most = kept
        self.kept: defaultdict[str, deque[BaseDatabaseWrapper]] = defaultdict(deque)

    def around(self, application: Application) -> Application:
        """``application`` on lent connections."""

        def answer(environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
            with self.lent():
                return application(environ, start_response)

        return answer

    @contextmanager
    def lent(self) -> Iterator[None]:
        """Django's connections of this thread are lent; what is opened after it, the next one here takes."""
        if not connections.all(initialized_only=True):
            for alias in connections:
                if (one := self._last(alias)) is not None:
                    connections[alias] = one  # where there is none, Django opens one when it is needed
        try:
            yield
        finally:
            brought: Any = connections.all(initialized_only=True)
            for one in brought:
                del connections[one.alias]
                self.take_back(one)

    def lend(self, alias: str) -> BaseDatabaseWrapper:
        """A connection that Django does not know of, to be brought back; a new one may not be open yet."""
        return self._last(alias) or _shared(connections.create_connection(alias))

    def take_back(self, one: BaseDatabaseWrapper) -> None:
        """Keep the connection for others, or close it."""
        one.close_if_unusable_or_obsolete()  # Django's own look comes when the answer is sent, without it
        kept = self.kept[one.alias]
        if len(kept) < self.most:
            kept.append(_shared(one))
        else:
            one.close()

    def _last(self, alias: str) -> BaseDatabaseWrapper | None:
        kept = self.kept[alias]
        try:
            return kept.pop()
        except IndexError:
            return None


def _shared(one: BaseDatabaseWrapper) -> BaseDatabaseWrapper:
    if not one.allow_thread_sharing:
        one.inc_thread_sharing()
    return one
