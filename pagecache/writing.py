"""Writing what readers see: every change names the page keys it touches.

``with writing() as keys:`` is a transaction. Keys added to it, by hand or by
the models saved inside, get a new version in its last statements, in sorted
order, each under its row lock; a nested ``writing()`` joins the outer one.
"""

import secrets
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import TypeAlias

from django.db import connection, transaction

Keys: TypeAlias = set[str]

AT_ONCE = 5_000
"""Keys in one statement: SQLite may take no more than 32,766 values."""

LONGEST_STEP = 2**30
"""A version rises by chance, up to so much. Where a standby takes over from a primary whose last changes it had not
heard of, versions are back where they were: those that follow must not come to a sum that a page was kept with."""

before_raising: list[Callable[[list[str]], None]] = []
"""Each is told, inside the transaction and before its last statements, which keys are about to get new versions."""

_current: ContextVar[Keys | None] = ContextVar("pagecache_writing", default=None)


def is_writing() -> bool:
    """Whether a ``writing()`` block is open in this thread."""
    return _current.get() is not None


@contextmanager
def writing(*, savepoint: bool = True) -> Iterator[Keys]:
    """A transaction whose changed page keys get new versions just before it commits.

    A verb's own block keeps its savepoint, so that a refusal leaves nothing
    half done; ``savepoint=False`` is for single rows, whose failure ends the
    whole block.
    """
    joined = _current.get()
    if joined is not None:
        with transaction.atomic(savepoint=savepoint):
            yield joined
        return
    keys: Keys = set()
    token = _current.set(keys)
    try:
        with transaction.atomic():
            yield keys
            _raise_versions(keys)
    finally:
        _current.reset(token)


def bump(names: Iterable[str]) -> None:
    """Give the keys ``names`` a new version when the present ``writing()`` block, or one of its own, ends."""
    joined = _current.get()
    if joined is not None:
        joined.update(names)
        return
    with writing() as keys:
        keys.update(names)


def _raise_versions(names: Iterable[str]) -> None:
    ordered = sorted(names)
    if ordered:
        for tell in before_raising:
            tell(ordered)
    for start in range(0, len(ordered), AT_ONCE):
        _raise_some(ordered[start : start + AT_ONCE])


def _raise_some(ordered: list[str]) -> None:
    """One statement that comes to the rows in the order of ``ordered``, as everybody's does: no deadlock."""
    by = step()
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO pagecache_key (name, version) VALUES {', '.join(['(%s, %s)'] * len(ordered))}"  # noqa: S608
            " ON CONFLICT (name) DO UPDATE SET version = pagecache_key.version + EXCLUDED.version",
            [value for name in ordered for value in (name, by)],
        )


def step() -> int:
    """By how much a version rises."""
    return 1 + secrets.randbelow(LONGEST_STEP)
