"""The health page."""

import json
import logging
import sys
from datetime import UTC, datetime
from typing import Any

import pytest
from django.db import InterfaceError, OperationalError
from django.test import Client

from newsroom.logs import JsonFormatter


@pytest.mark.django_db
def test_it_answers_while_the_database_does(client: Client) -> None:
    response = client.get("/health/")
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

    monkeypatch.setattr("newsroom.health.connection.cursor", refuse)
    response = client.get("/health/")
    assert response.status_code == 503
    assert response.json() == {"status": "database unreachable"}


@pytest.mark.django_db
def test_it_changes_nothing(client: Client) -> None:
    assert client.post("/health/").status_code == 405


@pytest.mark.django_db
def test_it_answers_a_load_balancer_that_speaks_http_on_an_https_site(client: Client, settings: Any) -> None:
    settings.SECURE_SSL_REDIRECT = True
    assert client.get("/health/").status_code == 200
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
