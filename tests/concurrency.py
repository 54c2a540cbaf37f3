"""Doing things at the same instant, each in a thread with a database connection of its own."""

import os
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from urllib.parse import quote, urlsplit

from django.db import connection, connections

PATIENCE = 30
"""Seconds after which a barrier or thread that should have gone on counts as stuck."""


def at_once(functions: Sequence[Callable[[], object]]) -> list[Exception]:
    """Start all ``functions`` together, wait for all, and return what they raised."""
    start = threading.Barrier(len(functions), timeout=PATIENCE)

    def run(function: Callable[[], object]) -> Exception | None:
        try:
            start.wait()
            function()
        except Exception as error:  # noqa: BLE001 - the caller judges it
            return error
        finally:
            connections.close_all()
        return None

    with ThreadPoolExecutor(len(functions)) as pool:
        return [error for error in pool.map(run, functions) if error is not None]


def database_url() -> str:
    """The ``DATABASE_URL`` of the database that this test uses, for a process beside it."""
    name = str(connection.settings_dict["NAME"])
    if connection.vendor == "sqlite":
        return f"sqlite:///{name}"
    return urlsplit(os.environ["DATABASE_URL"])._replace(path="/" + quote(name)).geturl()
