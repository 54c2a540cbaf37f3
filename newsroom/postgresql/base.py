"""What Django asks a database's package for. A request's patience is spent here, and nowhere else."""

import contextlib
import hashlib
import time
from types import SimpleNamespace
from typing import Any

import psycopg
from django.db import DEFAULT_DB_ALIAS
from django.db.backends.postgresql import base
from psycopg import errors, generators, pq

from newsroom import patience

TOO_LONG = "the database did not answer in time"


class PatientConnection(psycopg.Connection[Any]):
    """A connection that is given up when its request has waited long enough."""

    def __init__(self, pgconn: pq.abc.PGconn) -> None:
        super().__init__(pgconn)
        self.alias = DEFAULT_DB_ALIAS
        self.remembers = True
        self._asked: dict[bytes, bytes] = {}

    def wait(self, gen: Any, interval: float = 0.1, timeout: float | None = None) -> Any:
        """Wait for what the server says next; raises ``OperationalError`` when the request's patience is over."""
        own = patience.with_database(self.alias)
        if own is None:
            return super().wait(gen, interval, timeout)
        began, left = time.monotonic(), own.left
        try:
            return super().wait(gen, interval, left if timeout is None else min(left, timeout))
        except errors._WaitTimeout as error:
            self.close()  # nobody knows what it would answer next
            raise psycopg.OperationalError(TOO_LONG) from error
        finally:
            own.waited(began)

    def ask(self, statement: bytes, *values: bytes) -> tuple[bytes | None, ...]:
        """The first row of the answer, in PostgreSQL's binary forms; empty where there is none.

        ``values`` stand for ``$1`` and so on, as texts. The statement is prepared when it comes first, unless a
        pooler may hand the next to a server's process that has not heard of it. A cursor, which can do more, takes
        four times the processor time for it.
        """
        if self.remembers:
            name = self._asked.get(statement) or self._make_ready(statement)
            self.pgconn.send_query_prepared(name, values, result_format=pq.Format.BINARY)
        else:
            self.pgconn.send_query_params(statement, values, result_format=pq.Format.BINARY)
        result = self._result()
        return tuple(result.get_value(0, column) for column in range(result.nfields)) if result.ntuples else ()

    def _make_ready(self, statement: bytes) -> bytes:
        """Prepare it by a name that no other statement has: behind a pooler a server may know it from another of us."""
        name = b"newsroom_" + hashlib.blake2b(statement, digest_size=12).hexdigest().encode()
        self.pgconn.send_prepare(name, statement)
        with contextlib.suppress(errors.DuplicatePreparedStatement):
            self._result()
        self._asked[statement] = name
        return name

    def _result(self) -> pq.abc.PGresult:
        result: pq.abc.PGresult = self.wait(generators.execute(self.pgconn))[0]
        if result.status == pq.ExecStatus.FATAL_ERROR:
            raise errors.error_from_result(result)
        return result


class DatabaseWrapper(base.DatabaseWrapper):
    """Django's, on patient connections."""

    Database = SimpleNamespace(**{**vars(psycopg), "connect": PatientConnection.connect})  # type: ignore[assignment]

    def get_new_connection(self, conn_params: dict[str, Any]) -> Any:
        """A connection; raises ``OperationalError`` at once while the database lets nobody in."""
        own = patience.with_database(self.alias)
        made = super().get_new_connection(conn_params) if own is None else self._in_time(conn_params, own)
        made.alias, made.remembers = self.alias, not self.settings_dict["DISABLE_SERVER_SIDE_CURSORS"]
        return made

    def _in_time(self, conn_params: dict[str, Any], own: patience.Patience) -> Any:
        if own.is_refused():
            raise psycopg.OperationalError(TOO_LONG)
        began = time.monotonic()
        try:
            within = own.to_connect(int(conn_params.get("connect_timeout") or patience.FOR_A_STATEMENT))
            return super().get_new_connection({**conn_params, "connect_timeout": within})
        except errors.ConnectionTimeout:
            own.was_refused()
            raise
        finally:
            own.waited(began)
