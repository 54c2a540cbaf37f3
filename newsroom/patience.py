"""How long a web request waits for its database.

A statement that is slow is ended by PostgreSQL itself (``statement_timeout``), a
machine that is gone by the network's time-outs. A PostgreSQL that hangs does
neither: its machine goes on acknowledging, and whoever waits would wait for
ever. So a request brings its patience along, and its connection
(``newsroom.postgresql``) waits no longer than that. Commands and workers have none:
they are to wait. What a replica takes is waited for aside: a little, and none of it
counts, so that the primary finds the request as patient as ever.
"""

import math
import time
from collections.abc import Callable, Iterable
from contextvars import ContextVar
from functools import cached_property
from typing import Any

from django.conf import settings

from newsroom.security import ADMIN_PREFIX
from pagecache.replica import REPLICA

Application = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]

FOR_A_STATEMENT = 20.0
"""Seconds for each statement at the desk, where imports ask many: more than PostgreSQL lets one take by itself."""

PAUSE = 5.0
"""Seconds for which nobody waits for a database that let nobody in."""

HURRIED = 0.5
"""Seconds for which a statement is waited for meanwhile, on a connection that was open before."""

FOR_A_REPLICA = 1.0
"""Seconds for all that a request asks a replica: a page has some ten statements, of a few milliseconds each."""

LEAST_TO_CONNECT = 2
"""Seconds; PostgreSQL's library takes no fewer."""


class Patience:
    """The seconds that one request may still wait; ``each`` sets a limit for every statement instead of one for all."""

    def __init__(self, seconds: float, *, each: bool = False) -> None:
        self.seconds, self.each, self.spent = seconds, each, 0.0

    @property
    def left(self) -> float:
        """For the statement that comes next; 0 when there is none left."""
        whole = self.seconds if self.each else max(self.seconds - self.spent, 0.0)
        return min(whole, HURRIED) if is_silent() else whole

    def waited(self, since: float) -> None:
        """Count what was waited since then, by the monotonic clock."""
        self.spent += time.monotonic() - since

    def to_connect(self, most: int, servers: int = 1) -> int:
        """Seconds to wait for each of the servers, at most ``most``; of several, some are left for the answer."""
        each = self.left if servers == 1 else self.left / (servers + 1)
        return max(min(most, math.ceil(each)), LEAST_TO_CONNECT)

    def is_refused(self) -> bool:
        """Whether a connection need not be tried."""
        return is_silent()

    def was_refused(self) -> None:
        """A connection was not taken in time."""
        let_nobody_in()

    @cached_property
    def aside(self) -> "Patience":
        """What the same request may wait for a replica."""
        return Aside(FOR_A_REPLICA)


class Aside(Patience):
    """Patience with a replica: what it does says nothing about the primary, and ``pagecache.replica`` remembers it."""

    @property
    def left(self) -> float:
        """For the statement that comes next; 0 when there is none left."""
        return max(self.seconds - self.spent, 0.0)

    def is_refused(self) -> bool:
        """Once all of it is spent."""
        return self.left <= 0

    def was_refused(self) -> None:
        """The error says it all."""


_patience: ContextVar[Patience | None] = ContextVar("newsroom_patience", default=None)
_silent_until = 0.0


def current() -> Patience | None:
    """The patience of the request that is being answered; ``None`` outside of one."""
    return _patience.get()


def with_database(alias: str) -> Patience | None:
    """The patience of that request with one of the databases."""
    own = current()
    return own.aside if own is not None and alias == REPLICA else own


def is_silent() -> bool:
    """Whether the database let nobody in a moment ago."""
    return time.monotonic() < _silent_until


def let_nobody_in() -> None:
    """The database did not take a connection in time: requests leave it alone for a while."""
    global _silent_until  # noqa: PLW0603 - one state for the process, as of the database itself
    _silent_until = time.monotonic() + PAUSE


def patient(application: Application) -> Application:
    """``application``, each of whose requests has the patience of its kind."""

    for_readers = settings.DATABASE_PATIENCE

    def answer(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        at_desk = environ["PATH_INFO"].startswith(ADMIN_PREFIX)
        own = Patience(FOR_A_STATEMENT, each=True) if at_desk else Patience(for_readers)
        token = _patience.set(own)
        try:
            return application(environ, start_response)
        finally:
            _patience.reset(token)

    return answer
