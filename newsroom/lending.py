"""Database connections that are lent to a thread for one request.

Django gives each thread a connection of its own and keeps it. A server with
more threads than work would hold a connection for each; so a thread brings
back what it used, and the next request takes what was brought back last.
"""

from collections import deque
from collections.abc import Iterable
from typing import Any

from django.db import connection, connections
from django.db.backends.base.base import BaseDatabaseWrapper

from newsroom.lanes import AT_WORK
from pagecache.front_door import Application, Environ, StartResponse

Bundle = list[BaseDatabaseWrapper]


class Lending:
    """``application`` on lent connections, of which at most ``kept`` for each database stay open between requests."""

    def __init__(self, application: Application, kept: int = AT_WORK) -> None:
        self.application, self.most = application, kept
        self.kept: deque[Bundle] = deque()

    def __call__(self, environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        """The answer. What is read only while it is sent opens a connection again, which the next request takes."""
        self.lend()
        try:
            return self.application(environ, start_response)
        finally:
            self.take_back()

    def lend(self) -> None:
        """Give this thread connections, unless it has some."""
        if connections.all(initialized_only=True):
            return
        try:
            bundle = self.kept.pop()
        except IndexError:
            return  # Django opens one where it is needed
        for one in bundle:
            connections[one.alias] = one

    def take_back(self) -> None:
        """Keep this thread's connections for others, or close them."""
        bundle: Any = connections.all(initialized_only=True)
        for one in bundle:
            one.close_if_unusable_or_obsolete()  # Django's own look comes when the answer is sent, without it
            del connections[one.alias]
            if not one.allow_thread_sharing:
                one.inc_thread_sharing()
        if len(self.kept) < self.most:
            self.kept.append(bundle)
            return
        for one in bundle:
            one.close()


def lending(application: Application) -> Application:
    """``application`` on lent connections where the database is a server; a file is opened by each thread."""
    return Lending(application) if connection.vendor == "postgresql" else application
