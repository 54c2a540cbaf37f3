"""Reader pages from a read replica, which may lag, and are yet never old.

The rule: a page is rendered from one snapshot of the replica, which tells the
versions of its keys as that snapshot has them. Then the primary is asked for
the versions of the same keys. Only if they are equal is the page answered and
kept: what is replicated is always a whole beginning of the primary's
transactions, each change raises its keys in its own transaction, so equal
versions mean that nothing the page shows has changed since. Anything else (a
version that differs, an address that leads nowhere, a replica that is away or
cancels a statement) is rendered again, from the primary.

Whatever is not such a rendering reads from the primary: the desk, verbs,
workers, commands, and the look at versions that every kept page gets.
"""

import logging
import time
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

from django.db import DEFAULT_DB_ALIAS, Error, connections
from django.db.models import Model

from pagecache.kept_plans import PlanLostError

REPLICA = "replica"

PAUSE = 5.0
"""Seconds for which a replica that failed is left alone."""

logger = logging.getLogger("pagecache")

_reading: ContextVar[bool] = ContextVar("pagecache_replica", default=False)
_silent_until = 0.0


class ReaderPages:
    """The router: reads inside ``reading()`` go to the replica, everything else to the primary."""

    def db_for_read(self, model: type[Model], **hints: Any) -> str:
        """The replica while a page is rendered from it."""
        return REPLICA if _reading.get() else DEFAULT_DB_ALIAS

    def db_for_write(self, model: type[Model], **hints: Any) -> str:
        """Always the primary."""
        return DEFAULT_DB_ALIAS

    def allow_relation(self, one: Model, other: Model, **hints: Any) -> bool:
        """They are copies of one database."""
        return True

    def allow_migrate(self, db: str, app_label: str, **hints: Any) -> bool:
        """Tables come to the replica by themselves."""
        return db == DEFAULT_DB_ALIAS


def is_at_hand() -> bool:
    """Whether there is a replica that did not fail a moment ago. After a while one is told yes, and finds it out."""
    global _silent_until  # noqa: PLW0603 - one state for the process, as of the connection itself
    if REPLICA not in connections.settings:
        return False
    now = time.monotonic()
    if now < _silent_until:
        return False
    if _silent_until:
        _silent_until = now + PAUSE
    return True


@contextmanager
def reading() -> Iterator[None]:
    """Read from the replica inside; where it fails it is left alone for a while, and its error raised."""
    global _silent_until  # noqa: PLW0603
    token = _reading.set(True)
    try:
        yield
        _silent_until = 0.0
    except PlanLostError:
        _silent_until = 0.0  # it answered, and is to be asked anew
        raise
    except Error:
        _silent_until = time.monotonic() + PAUSE
        logger.warning("the replica does not answer; left alone for a while", exc_info=True)
        raise
    except Exception:
        _silent_until = 0.0  # such a page there is not, which it said
        raise
    finally:
        _reading.reset(token)
