"""Asking the database whether it can serve, and waiting for no more than a moment.

A database that hangs would hold a thread for as long as it likes. So the
question is put by a thread of its own on a connection of its own; whoever asks
waits for it only so long, and as long as it hangs nobody puts a second one.
"""

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cache
from typing import Generic, TypeVar

from django.db import connection
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder

T = TypeVar("T")

PATIENCE = 2.0
"""Seconds within which a database that can serve has answered; a load balancer asks every few."""


class NoAnswerError(Exception):
    """The question still hangs."""


@dataclass
class _Asked(Generic[T]):
    done: threading.Event = field(default_factory=threading.Event)
    answer: T | None = None
    error: Exception | None = None


class Question(Generic[T]):
    """A question to the database that anybody may ask at any time; at most one is on its way."""

    def __init__(self, put: Callable[[], T]) -> None:
        self.put = put
        self._asked: _Asked[T] | None = None
        self._lock = threading.Lock()

    def ask(self, patience: float = PATIENCE) -> T:
        """The answer; raises what the database raised, or ``NoAnswerError`` after ``patience`` seconds."""
        with self._lock:
            asked = self._asked or self._start()
        if not asked.done.wait(patience):
            raise NoAnswerError
        if asked.error is not None:
            raise asked.error
        return asked.answer  # type: ignore[return-value]

    def _start(self) -> _Asked[T]:
        asked = self._asked = _Asked()
        threading.Thread(target=self._run, args=[asked], name="probe", daemon=True).start()
        return asked

    def _run(self, asked: _Asked[T]) -> None:
        try:
            asked.answer = self.put()
        except Exception as error:  # noqa: BLE001 - whoever asked raises it
            asked.error = error
        finally:
            with self._lock:
                self._asked = None
            asked.done.set()
            connection.close()


@dataclass(frozen=True)
class Condition:
    """What the database said: how long a trivial statement took, in seconds, and which migrations it lacks."""

    seconds: float
    pending: tuple[str, ...]


def look() -> Condition:
    """Ask on this thread's connection, however long it takes."""
    with connection.cursor() as cursor:
        began = time.monotonic()
        cursor.execute("SELECT 1")
        cursor.fetchone()
        seconds = time.monotonic() - began
    applied = MigrationRecorder(connection).applied_migrations()
    pending = [f"{app}.{name}" for (app, name), replaces in _on_disk() if not _is_in(applied, (app, name), replaces)]
    return Condition(seconds, tuple(pending))


condition = Question(look)


@cache
def _on_disk() -> tuple[tuple[tuple[str, str], tuple[tuple[str, str], ...]], ...]:
    """Every migration of the installed code by app and name, with those it stands for."""
    found = MigrationLoader(None).disk_migrations or {}
    return tuple((key, tuple(migration.replaces)) for key, migration in sorted(found.items()))


def _is_in(
    applied: dict[tuple[str, str], MigrationRecorder.Migration],
    key: tuple[str, str],
    replaces: tuple[tuple[str, str], ...],
) -> bool:
    return key in applied or (bool(replaces) and all(one in applied for one in replaces))
