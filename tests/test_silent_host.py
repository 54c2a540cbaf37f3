"""Two servers in the address, the first of them silent: a request comes to the second with patience left."""

import socket
from collections.abc import Iterator
from typing import Any

import psycopg
import pytest
from django.db import connection

from newsroom import patience
from newsroom.postgresql.base import DatabaseWrapper
from tests.wsgi_client import a_request

pytestmark = [pytest.mark.postgres, pytest.mark.django_db]

SECONDS = 5


@pytest.fixture
def silent() -> Iterator[int]:
    """A port that takes connections and never says a word."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        yield listening.getsockname()[1]


def answered(silent: int) -> Any:
    """What the second of the servers answers to a request that asks the silent one first."""
    wrapper = DatabaseWrapper({**connection.settings_dict}, "default")
    params = wrapper.get_connection_params()
    params |= {"host": f"127.0.0.1,{params['host']}", "port": f"{silent},{params.get('port', 5432)}"}
    with a_request(SECONDS):
        raw = wrapper.get_new_connection(params)
        try:
            return raw.execute("SELECT 7").fetchone()[0]
        finally:
            raw.close()


def test_a_silent_server_leaves_patience_for_the_one_that_answers(silent: int) -> None:
    assert answered(silent) == 7


def test_control_with_all_patience_for_the_first_none_is_left(silent: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(patience.Patience, "to_connect", lambda _self, most, _servers: min(most, SECONDS))
    with pytest.raises(psycopg.OperationalError):
        answered(silent)
