"""The health pages: whether the process lives, and whether it can serve."""

import json
import logging
import sys
import threading
from datetime import UTC, datetime
from typing import Any

import pytest
from django.db import InterfaceError, OperationalError, connection
from django.db.migrations.recorder import MigrationRecorder
from django.test import Client

from newsroom.logs import JsonFormatter
from newsroom.probe import Condition, Question, condition


@pytest.mark.django_db
@pytest.mark.parametrize("path", ["/health/ready", "/health/ready/", "/health/"])
def test_it_is_ready_while_the_database_answers(client: Client, path: str) -> None:
    response = client.get(path)
    assert response.status_code == 200
    assert response.json() == {"status": "ok"}
    assert "no-store" in response.headers["Cache-Control"]


@pytest.mark.django_db
@pytest.mark.parametrize("error", [OperationalError("secret host"), InterfaceError("connection already closed")])
def test_it_says_so_when_the_database_does_not_answer_and_nothing_more(
    client: Client, monkeypatch: pytest.MonkeyPatch, error: Exception
) -> None:
    def refuse(*args: Any) -> None:
        raise error

    monkeypatch.setattr(condition, "put", refuse)
    response = client.get("/health/ready")
    assert response.status_code == 503
    assert response.json() == {"status": "database unreachable"}


def test_a_database_that_hangs_is_told_within_the_time_out_and_asked_by_one_thread(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    woken, asked = threading.Event(), []

    def hang() -> Condition:
        asked.append(1)
        woken.wait(20)
        return Condition(0.0, ())

    monkeypatch.setattr(condition, "put", hang)
    monkeypatch.setattr(Question.ask, "__defaults__", (0.1,))
    try:
        for _time in range(3):
            response = client.get("/health/ready")
            assert response.status_code == 503
            assert response.json() == {"status": "the database does not answer in time"}
        assert client.get("/health/live").status_code == 200, "it asks nobody"
        assert asked == [1]
    finally:
        woken.set()


def test_a_process_that_lives_says_so_without_asking_the_database(client: Client) -> None:
    for path in ("/health/live", "/health/live/"):  # no mark: a query would fail here
        assert client.get(path).json() == {"status": "ok"}


@pytest.mark.django_db(transaction=True)
def test_it_is_not_ready_while_a_migration_is_pending(client: Client) -> None:
    recorder = MigrationRecorder(connection)
    recorder.record_unapplied("outbox", "0001_initial")
    try:
        response = client.get("/health/ready")
        assert (response.status_code, response.json()) == (503, {"status": "migrations are pending"})
    finally:
        recorder.record_applied("outbox", "0001_initial")
    assert client.get("/health/ready").status_code == 200


@pytest.mark.django_db
def test_it_changes_nothing(client: Client) -> None:
    for path in ("/health/", "/health/live", "/health/ready"):
        assert client.post(path).status_code == 405


@pytest.mark.django_db
def test_it_answers_a_load_balancer_that_speaks_http_on_an_https_site(client: Client, settings: Any) -> None:
    settings.SECURE_SSL_REDIRECT = True
    assert client.get("/health/").status_code == client.get("/health/live").status_code == 200
    assert client.get("/elsewhere/").status_code == 301


def test_a_log_line_is_one_json_object_with_what_was_passed_along() -> None:
    record = logging.makeLogRecord({"name": "outbox", "levelname": "WARNING", "msg": "failed %s", "args": ("now\n",)})
    record.created = datetime(2026, 5, 4, 12, tzinfo=UTC).timestamp()
    record.effect = "mail:7"
    line = JsonFormatter().format(record)
    assert "\n" not in line
    assert json.loads(line) == {
        "time": "2026-05-04T12:00:00.000+00:00",
        "level": "WARNING",
        "logger": "outbox",
        "message": "failed now\n",
        "effect": "mail:7",
    }


def test_a_log_line_holds_the_traceback_of_an_exception() -> None:
    try:
        raise ValueError("planted")
    except ValueError:
        record = logging.getLogger().makeRecord("x", logging.ERROR, __file__, 1, "broke", (), sys.exc_info())
    assert "ValueError: planted" in json.loads(JsonFormatter().format(record))["traceback"]
