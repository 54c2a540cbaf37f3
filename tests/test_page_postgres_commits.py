"""On PostgreSQL a page's versions are added up when another commit can be seen than before, in any order they end."""

import contextlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import psycopg
import pytest
from django.db import connection

from newsroom.postgresql.base import PatientConnection
from pagecache.entries import Entry
from pagecache.validity import Primary
from pagecache.writing import bump
from tests.concurrency import database_url

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("either_way")]

RAISE = "UPDATE pagecache_key SET version = version + 1 WHERE name = 'front'"
ELSEWHERE = "UPDATE pagecache_key SET version = version + 1 WHERE name = 'section:9'"


@pytest.fixture
def entry() -> Entry:
    bump(["front", "article:1", "section:9"])
    return Entry([], b"page", ("front", "article:1"), 2, None)


@dataclass
class Asked:
    """What was asked of the server: which commits it shows, how often those were others than before, and sums."""

    questions: int = 0
    changes: int = 0
    sums: int = 0
    last: Any = None


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> Asked:
    """What was asked. Whatever else happens on the server, in any database, shows other commits too."""
    found = Asked()
    ask = PatientConnection.ask

    def noted(self: PatientConnection, statement: bytes, *values: bytes) -> Any:
        answer = ask(self, statement, *values)
        if statement == Primary.total:
            found.sums += 1
            found.last = tuple(answer[1:])
        else:
            found.questions += 1
            found.changes += answer != found.last
        return answer

    monkeypatch.setattr(PatientConnection, "ask", noted)
    return found


@pytest.fixture
def others() -> Iterator[list[Any]]:
    """Two connections of somebody else's."""
    with contextlib.ExitStack() as stack:
        yield [stack.enter_context(psycopg.connect(database_url())) for _ in range(2)]


def test_the_versions_are_added_up_once_while_nobody_commits(entry: Entry, asked: Asked) -> None:
    door = Primary()
    assert [door.holds(entry) for _ in range(50)] == [True] * 50
    assert asked.questions == 50
    assert asked.sums == asked.changes < 50


def test_a_commit_of_another_or_of_this_connection_is_seen_at_once(entry: Entry, others: list[Any]) -> None:
    door = Primary()
    for _ in range(3):
        assert door.holds(entry)
        others[0].execute(RAISE)
        assert door.holds(entry), "not committed yet"
        others[0].commit()
        assert not door.holds(entry)
        entry.total += 1
        assert door.holds(entry)
        bump(["front"])
        assert not door.holds(entry)
        entry.total += 1


@pytest.mark.parametrize("ends", ["commit", "rollback"])
def test_a_commit_elsewhere_or_none_costs_one_sum(entry: Entry, asked: Asked, others: list[Any], ends: str) -> None:
    door = Primary()
    assert door.holds(entry)
    others[0].execute(ELSEWHERE)
    getattr(others[0], ends)()
    assert [door.holds(entry) for _ in range(50)] == [True] * 50
    assert 2 <= asked.sums == asked.changes < 50


@pytest.mark.parametrize("first", [0, 1])
@pytest.mark.parametrize("begins", [0, 1])
def test_transactions_that_overlap_are_seen_in_whatever_order_they_end(
    entry: Entry, others: list[Any], begins: int, first: int
) -> None:
    door = Primary()
    for one, statement in sorted(enumerate((RAISE, ELSEWHERE)), key=lambda pair: pair[0] != begins):
        assert door.holds(entry)
        others[one].execute(statement)
    assert door.holds(entry)
    others[first].commit()
    assert door.holds(entry) == (first == 1)
    others[1 - first].commit()
    assert not door.holds(entry)


def test_the_newest_number_alone_would_overlook_a_transaction_that_ends_late(entry: Entry, others: list[Any]) -> None:
    def newest() -> Any:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_snapshot_xmax(pg_current_snapshot())")
            return cursor.fetchone()

    def ends_late() -> bool:
        others[0].execute(RAISE)
        others[1].execute(ELSEWHERE)
        others[1].commit()
        before = newest()
        others[0].commit()
        return bool(newest() == before)

    assert any(ends_late() for _ in range(100)), "only what else happens on the server may raise the number"
    assert not Primary().holds(entry)


def test_a_savepoint_that_is_kept_is_seen_with_its_transaction(entry: Entry, others: list[Any]) -> None:
    door, (late, other) = Primary(), others
    late.execute("SAVEPOINT one")
    late.execute(RAISE)
    late.execute("RELEASE one")
    other.execute(ELSEWHERE)
    other.commit()
    assert door.holds(entry)
    late.commit()
    assert not door.holds(entry)


def test_what_was_seen_on_another_server_counts_for_nothing(entry: Entry, asked: Asked) -> None:
    door = Primary()
    assert door.holds(entry)
    assert isinstance(entry.seen, tuple)
    commits, began = entry.seen
    entry.seen = commits, bytes(reversed(began))
    before = asked.sums
    assert door.holds(entry)
    assert asked.sums == before + 1


def test_a_server_that_follows_another_one_is_asked_for_the_sum_each_time(
    entry: Entry, asked: Asked, monkeypatch: pytest.MonkeyPatch
) -> None:
    following = Primary.commits.replace(b"NOT pg_is_in_recovery()", b"NOT true")
    monkeypatch.setattr(Primary, "commits", following)
    door = Primary()
    assert door.holds(entry)
    assert door.holds(entry)
    assert (asked.questions, asked.sums) == (2, 2)


@pytest.mark.parametrize("lost", ["DEALLOCATE ALL", "SELECT pg_terminate_backend(pg_backend_pid())"])
def test_a_connection_that_has_lost_its_statements_is_opened_anew(entry: Entry, lost: str) -> None:
    door = Primary()
    assert door.holds(entry)
    raw: Any = connection.connection
    with contextlib.suppress(psycopg.OperationalError):
        raw.execute(lost)
    assert door.holds(entry)
    assert connection.connection is not raw


def test_a_statement_that_the_server_knows_from_another_is_answered(db: None) -> None:
    connection.ensure_connection()
    raw: Any = connection.connection
    first = raw.ask(b"SELECT 1")
    raw._asked.clear()  # as a pooler's next client would begin, on the same connection to the server
    assert raw.ask(b"SELECT 1") == first


def test_a_question_that_is_refused_raises_and_the_next_is_answered(db: None) -> None:
    connection.ensure_connection()
    raw: Any = connection.connection
    with pytest.raises(psycopg.errors.UndefinedTable):
        raw.ask(b"SELECT 1 FROM no_such_table")
    with pytest.raises(psycopg.errors.DivisionByZero):
        raw.ask(b"SELECT 1 / $1::int", b"0")
    assert raw.ask(b"SELECT 7 / $1::int, NULL::text", b"1") == (b"\0\0\0\x07", None)
    assert raw.ask(b"SELECT 1 WHERE false") == ()
