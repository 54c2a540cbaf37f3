"""A session is found while it is alive, and only then."""

from datetime import timedelta
from typing import Any

import pytest
from django.conf import settings
from django.contrib.sessions.backends import db
from django.contrib.sessions.models import Session
from django.test import Client
from django.utils import timezone

from people.session_store import SessionStore
from tests.conftest import Cast

pytestmark = pytest.mark.django_db


@pytest.fixture
def key() -> str:
    session = SessionStore()
    session["wanted"] = "tram"
    session.save()
    return str(session.session_key)


def test_what_was_kept_is_found_by_one_query_and_as_django_finds_it(key: str, django_assert_num_queries: Any) -> None:
    found = SessionStore(key)
    with django_assert_num_queries(1):
        assert found["wanted"] == "tram"
    assert found.session_key == key
    assert db.SessionStore(key)["wanted"] == "tram", "both keep the same rows, signed alike"


@pytest.mark.parametrize("other", ["nobodyhasthisone", "x" * 5_000, "é/ü?#<script>", "with\0zero", "' OR 1=1 --"])
def test_a_key_nobody_was_given_is_no_session(key: str, other: str) -> None:
    found = SessionStore(other)
    assert found.get("wanted") is None
    assert found.session_key is None, "what is kept next gets a key of our own"


def test_a_session_that_is_over_is_none(cast: Cast, client: Client, key: str) -> None:
    client.force_login(cast.editor)
    assert client.get("/admin/").status_code == 200, "the control"
    Session.objects.update(expire_date=timezone.now() - timedelta(seconds=1))
    assert SessionStore(key).get("wanted") is None
    assert client.get("/admin/").status_code == 302


def test_a_strangers_cookie_opens_nothing(client: Client) -> None:
    client.cookies[settings.SESSION_COOKIE_NAME] = "thisisnosessionofours"
    assert client.get("/admin/").status_code == 302
