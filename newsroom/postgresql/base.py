"""What Django asks a database's package for. A request's patience is spent here, and nowhere else."""

import contextlib
import hashlib
import socket
import time
from collections.abc import Sequence
from types import SimpleNamespace
from typing import Any, NamedTuple

import psycopg
from django.db import DEFAULT_DB_ALIAS
from django.db.backends.postgresql import base
from psycopg import abc, errors, generators, pq
from psycopg.adapt import Transformer

from newsroom import patience
from newsroom.postgresql.loading import BINARY, register
from newsroom.postgresql.overdue import plug_of, watch
from pagecache.kept_plans import PlanLostError

TOO_LONG = "the database did not answer in time"


class _Kept(NamedTuple):
    """A statement that the server has prepared: its name, the form of its answers, and what reads them."""

    name: bytes
    form: pq.Format
    loading: abc.Transformer


class PatientConnection(psycopg.Connection[Any]):
    """A connection that is given up when its request has waited long enough."""

    def __init__(self, pgconn: pq.abc.PGconn) -> None:
        super().__init__(pgconn)
        self.alias = DEFAULT_DB_ALIAS
        self.remembers = True
        self._asked: dict[bytes, bytes] = {}
        self._kept: dict[bytes, _Kept | None] = {}
        self._keeps: bool | None = None
        self._plug: socket.socket | None = None

    def close(self) -> None:
        """Close it, and what shuts it."""
        if self._plug is not None:
            self._plug.close()
            self._plug = None
        super().close()

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
            result = self._answer(self._asked.get(statement) or self._make_ready(statement), values, pq.Format.BINARY)
        else:
            self.pgconn.send_query_params(statement, values, result_format=pq.Format.BINARY)
            result = self._result()
        return tuple([result.get_value(0, column) for column in range(result.nfields)]) if result.ntuples else ()

    @property
    def number(self) -> int:
        """That of the process at the other end, as whoever took the connection has told it."""
        return self.pgconn.backend_pid

    def keeps_plans(self) -> bool:
        """Whether ``rows`` can be asked now: this is the server itself, and no transaction waits for its beginning.

        Behind a pooler the next statement may be another server's. One gives numbers of its own to its connections.
        """
        if self._keeps is None and not self.remembers:
            self._keeps = False
        if self._keeps is None:
            self.pgconn.send_query_params(b"SELECT pg_backend_pid()", None, result_format=pq.Format.BINARY)
            self._keeps = int.from_bytes(self._result().get_value(0, 0) or b"") == self.number
        return self._keeps and (self.autocommit or self.pgconn.transaction_status != pq.TransactionStatus.IDLE)

    def rows(self, statement: bytes, values: Sequence[bytes | None]) -> list[tuple[Any, ...]] | None:
        """All rows of the answer, as a cursor of this connection gives them; the server keeps the statement's plan.

        ``values`` are as for ``ask``. ``None`` where a cursor has to ask: a statement that comes for the first time,
        since many a connection asks no second time; one that the server has forgotten, or may not answer any more
        since a table has changed, and all others from then on. Raises ``PlanLostError`` where that ended the
        transaction too.
        """
        if statement not in self._kept:
            self._kept[statement] = None
            return None
        if not self.keeps_plans():
            return None
        try:
            kept = self._kept[statement] or self._keep(statement)
            result = self._answer(kept.name, values, kept.form)
        except (errors.InvalidSqlStatementName, errors.FeatureNotSupported) as error:
            self._keeps = False
            if self.pgconn.transaction_status == pq.TransactionStatus.IDLE:
                return None
            raise PlanLostError(*error.args) from error
        kept.loading.set_pgresult(result)
        rows: list[tuple[Any, ...]] = kept.loading.load_rows(0, result.ntuples, tuple)
        kept.loading.set_pgresult(None)
        return rows

    def _keep(self, statement: bytes) -> "_Kept":
        name = self._asked.get(statement) or self._make_ready(statement)
        self.pgconn.send_describe_prepared(name)
        described = self._result()
        is_binary = BINARY.issuperset(described.ftype(column) for column in range(described.nfields))
        kept = _Kept(name, pq.Format.BINARY if is_binary else pq.Format.TEXT, Transformer(self))
        self._kept[statement] = kept
        return kept

    def _make_ready(self, statement: bytes) -> bytes:
        """Prepare it by a name that no other statement has: behind a pooler a server may know it from another of us."""
        name = b"newsroom_" + hashlib.blake2b(statement, digest_size=12).hexdigest().encode()
        self.pgconn.send_prepare(name, statement)
        with contextlib.suppress(errors.DuplicatePreparedStatement):
            self._result()
        self._asked[statement] = name
        return name

    def _answer(self, name: bytes, values: Sequence[bytes | None], form: pq.Format) -> pq.abc.PGresult:
        """That of a prepared statement; a request's in one call of libpq's, which ``watch`` ends when it hangs."""
        own = patience.with_database(self.alias)
        if own is None:
            self.pgconn.send_query_prepared(name, values, result_format=form)
            return self._result()
        if self._plug is None:
            self._plug = plug_of(self.pgconn.socket)
        began = time.monotonic()
        question = began + own.left, self._plug
        watch.begin(question)
        try:
            result = self.pgconn.exec_prepared(name, values, result_format=form)  # type: ignore[arg-type] # NULL is taken
        finally:
            own.waited(began)
            was_in_time = watch.end(question)
        if not was_in_time:
            self._plug = None  # who shut it closes it
            self.close()
            raise psycopg.OperationalError(TOO_LONG)
        return _sound(result)

    def _result(self) -> pq.abc.PGresult:
        return _sound(self.wait(generators.execute(self.pgconn))[0])


def _sound(result: pq.abc.PGresult) -> pq.abc.PGresult:
    """The result, unless it is an error, which is raised."""
    if result.status == pq.ExecStatus.FATAL_ERROR:
        error = errors.error_from_result(result)
        raise error if error.sqlstate else psycopg.OperationalError(*error.args)  # libpq's own: the server has gone
    return result


class DatabaseWrapper(base.DatabaseWrapper):
    """Django's, on patient connections."""

    Database = SimpleNamespace(**{**vars(psycopg), "connect": PatientConnection.connect})  # type: ignore[assignment]

    def get_connection_params(self) -> dict[str, Any]:
        """Django's, with what reads answers faster."""
        params: dict[str, Any] = super().get_connection_params()
        register(params["context"])
        return params

    def ask(self, statement: bytes, values: Sequence[bytes | None]) -> list[tuple[Any, ...]] | None:
        """``PatientConnection.rows`` of a statement that only reads; ``None`` where a cursor has to ask.

        So it has where somebody wants to see each statement, or count them.
        """
        if self.queries_logged or self.execute_wrappers:
            return None
        self.close_if_health_check_failed()
        self.ensure_connection()
        self.validate_no_broken_transaction()
        raw: Any = self.connection
        with self.wrap_database_errors:
            found: list[tuple[Any, ...]] | None = raw.rows(statement, values)
            return found

    def get_new_connection(self, conn_params: dict[str, Any]) -> Any:
        """A connection; raises ``OperationalError`` at once while the database lets nobody in."""
        own = patience.with_database(self.alias)
        made = super().get_new_connection(conn_params) if own is None else self._in_time(conn_params, own)
        made.alias, made.remembers = self.alias, not self.settings_dict["DISABLE_SERVER_SIDE_CURSORS"]
        return made

    def _in_time(self, conn_params: dict[str, Any], own: patience.Patience) -> Any:
        if own.is_refused():
            raise psycopg.OperationalError(TOO_LONG)
        servers = str(conn_params.get("host") or "").count(",") + 1
        within = own.to_connect(int(conn_params.get("connect_timeout") or patience.FOR_A_STATEMENT), servers)
        began = time.monotonic()
        try:
            return super().get_new_connection({**conn_params, "connect_timeout": within})
        except psycopg.OperationalError:
            if time.monotonic() - began >= within:  # of several servers the last one's error is raised
                own.was_refused()
            raise
        finally:
            own.waited(began)
