"""A question that PostgreSQL does not answer is ended when its request has waited long enough."""

import os
import signal
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import psycopg
import pytest
from django.db import connection

from newsroom.postgresql.overdue import INTERVAL, Watch, plug_of, watch
from tests.wsgi_client import a_request

PATIENCE = 1.0
PROMISED = PATIENCE + INTERVAL + 2
"""Seconds, on a machine that is busy with other tests."""

ASKED = b"SELECT 7::int"
SEVEN = (b"\0\0\0\x07",)

postgres = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def raw(db: None) -> Any:
    """A connection that knows the question."""
    connection.ensure_connection()
    own: Any = connection.connection
    with a_request(PATIENCE):
        assert own.ask(ASKED) == SEVEN
    return own


@contextmanager
def stopped(process: int) -> Iterator[None]:
    """A process of the server stands still."""
    os.kill(process, signal.SIGSTOP)
    try:
        yield
    finally:
        os.kill(process, signal.SIGCONT)


@pytest.fixture
def nobody_looks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(watch, "look", lambda: None)


class TestRealServer:
    """Of PostgreSQL, one process of which is stopped."""

    pytestmark = postgres

    def test_a_question_to_a_stopped_server_ends_in_time_and_closes_its_connection(self, raw: Any) -> None:
        began = time.monotonic()
        with stopped(raw.number), a_request(PATIENCE), pytest.raises(psycopg.OperationalError, match="in time"):
            raw.ask(ASKED)
        assert PATIENCE <= time.monotonic() - began < PROMISED
        assert raw.closed
        connection.close()

    def test_a_kept_plan_of_a_stopped_server_ends_in_time_too(self, raw: Any) -> None:
        assert raw.rows(ASKED, ()) is None
        assert raw.rows(ASKED, ()) == [(7,)]
        began = time.monotonic()
        with stopped(raw.number), a_request(PATIENCE), pytest.raises(psycopg.OperationalError, match="in time"):
            raw.rows(ASKED, ())
        assert time.monotonic() - began < PROMISED
        connection.close()

    @pytest.mark.usefixtures("nobody_looks")
    def test_control_when_nobody_looks_it_waits_for_as_long_as_the_server_stands_still(self, raw: Any) -> None:
        answers: list[Any] = []

        def ask() -> None:
            with a_request(PATIENCE):
                answers.append(raw.ask(ASKED))

        with stopped(raw.number):
            asking = threading.Thread(target=ask)
            asking.start()
            asking.join(PROMISED)
            assert asking.is_alive()
        asking.join(PROMISED)
        assert answers == [SEVEN]

    def test_no_question_that_is_answered_in_time_is_ended(self, raw: Any) -> None:
        with a_request(60):
            for _ in range(2_000):
                watch.look()
                assert raw.ask(ASKED) == SEVEN

    def test_a_server_that_has_gone_is_an_error_at_once(self, raw: Any) -> None:
        with psycopg.connect(raw.info.dsn, password=raw.info.password) as other:
            other.execute("SELECT pg_terminate_backend(%s, 5000)", [raw.number])
        began = time.monotonic()
        with a_request(60), pytest.raises(psycopg.OperationalError):
            raw.ask(ASKED)
        assert time.monotonic() - began < PROMISED
        connection.close()


@pytest.fixture
def pair() -> Iterator[tuple[socket.socket, socket.socket]]:
    """Two ends of one connection."""
    ours, theirs = socket.socketpair()
    with ours, theirs:
        yield ours, theirs


def test_who_waits_too_long_is_cut_once_and_told_so(pair: tuple[socket.socket, socket.socket]) -> None:
    own, (ours, theirs) = Watch(), pair
    plug = plug_of(ours.fileno())
    question = (time.monotonic() - 1, plug)
    own.begin(question)
    own.look()
    assert theirs.recv(1) == b""
    assert not own.end(question)
    assert plug.fileno() == -1


def test_who_was_answered_first_keeps_the_connection(pair: tuple[socket.socket, socket.socket]) -> None:
    own, (ours, theirs) = Watch(), pair
    with plug_of(ours.fileno()) as plug:
        question = (time.monotonic() - 1, plug)
        own.begin(question)
        assert own.end(question)
        own.look()
        theirs.send(b"!")
        assert ours.recv(1) == b"!"


def test_a_descriptor_that_was_closed_and_is_another_one_now_is_left_alone(
    pair: tuple[socket.socket, socket.socket],
) -> None:
    own, (ours, theirs) = Watch(), pair
    plug = plug_of(ours.fileno())
    number = ours.fileno()
    ours.close()
    other, its_end = socket.socketpair()
    with other, its_end:
        assert number in {other.fileno(), its_end.fileno()}
        question = (time.monotonic() - 1, plug)
        own.begin(question)
        own.look()
        assert theirs.recv(1) == b""
        its_end.send(b"!")
        assert other.recv(1) == b"!"


def test_a_child_that_was_forked_looks_by_itself() -> None:
    own = Watch()
    with socket.socket() as forgotten, socket.socket() as plug:
        own.begin((time.monotonic() + 60, forgotten))
        own.forget()
        question = (time.monotonic(), plug)
        own.begin(question)
        end = time.monotonic() + PROMISED
        while plug.fileno() != -1:
            assert time.monotonic() < end, "nobody looks"
            time.sleep(0.01)
    assert not own.end(question)


def test_where_no_thread_could_be_started_the_next_question_tries_again(monkeypatch: pytest.MonkeyPatch) -> None:
    own, start = Watch(), threading.Thread.start

    def refuse(self: threading.Thread) -> None:
        raise RuntimeError("can't start new thread")

    monkeypatch.setattr(threading.Thread, "start", refuse)
    with socket.socket() as unasked, pytest.raises(RuntimeError):
        own.begin((time.monotonic() + 60, unasked))
    monkeypatch.setattr(threading.Thread, "start", start)
    with socket.socket() as plug:
        own.begin((time.monotonic(), plug))
        end = time.monotonic() + PROMISED
        while plug.fileno() != -1:
            assert time.monotonic() < end, "nobody looks"
            time.sleep(0.01)
