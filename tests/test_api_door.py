"""What holds for every address of the API: what is kept and until when, other sites' scripts, no cookies."""

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.test import Client
from django.utils import timezone

from articles.models import Status
from pagecache.front_door import FrontDoor
from tests.conftest import Cast
from tests.factories import make_article, make_comment
from tests.test_api_read import API, full
from tests.wsgi_client import ask, make_door

pytestmark = pytest.mark.django_db


@pytest.fixture
def door() -> FrontDoor:
    return make_door()


def test_answers_are_kept_until_what_they_tell_changes(door: FrontDoor) -> None:
    article = full()
    for path in ("articles/", f"articles/{article.pk}/", "authors/", "tags/", f"articles/{article.pk}/comments/"):
        assert not ask(door, API + path).was_stored
        kept = ask(door, API + path)
        assert kept.was_stored
        assert ask(door, API + path, HTTP_IF_NONE_MATCH=kept.headers["ETag"]).status == 304
        article.expire_at = timezone.now() + timedelta(hours=1)
        article.headline += "!"
        article.save()
        make_comment(article)
        assert not ask(door, API + path).was_stored, path


def test_a_kept_list_ends_when_a_story_expires(door: FrontDoor) -> None:
    article = full(expire_at=timezone.now() + timedelta(hours=1))
    assert str(article.pk).encode() in ask(door, f"{API}articles/").body
    with time_machine.travel(timezone.now() + timedelta(hours=2), tick=False):
        for path in ("articles/", f"articles/{article.pk}/", "authors/", "tags/", f"articles/{article.pk}/comments/"):
            assert b"tram" not in ask(door, API + path).body


def test_a_kept_answer_never_answers_an_unknown_parameter(door: FrontDoor, db: None) -> None:
    assert ask(door, f"{API}sections/").status == ask(door, f"{API}sections/").status == 200
    assert ask(door, f"{API}sections/", "foo=1").status == 400
    assert ask(door, f"{API}sections/", "limit=1").status == 200


def test_a_list_that_no_key_tells_of_has_an_entity_tag_all_the_same(client: Client, db: None) -> None:
    etag = client.get(f"{API}products/")["ETag"]
    again = client.get(f"{API}products/", headers={"If-None-Match": etag})
    assert (again.status_code, again.content) == (304, b"")
    assert client.get(f"{API}products/", headers={"If-None-Match": '"other"'}).status_code == 200


def test_other_sites_scripts_read_it_where_the_operator_says_so(client: Client, settings: Any, db: None) -> None:
    origin = {"Origin": "https://app.example"}
    assert "Access-Control-Allow-Origin" not in client.get(f"{API}sections/", headers=origin)
    settings.API_CORS_ORIGINS = ["https://app.example"]
    response = client.get(f"{API}sections/", headers=origin)
    assert response["Access-Control-Allow-Origin"] == "https://app.example"
    assert response["Vary"] == "Origin"
    assert "Access-Control-Allow-Credentials" not in response
    assert "Access-Control-Allow-Origin" not in client.get(
        f"{API}sections/", headers={"Origin": "https://evil.example"}
    )
    settings.API_CORS_ORIGINS = ["*"]
    asked = client.options(f"{API}articles/1/comments/", headers=origin)
    assert (asked.status_code, asked["Access-Control-Allow-Origin"]) == (204, "*")
    assert "POST" in asked["Access-Control-Allow-Methods"]


def test_a_kept_answer_tells_every_site_that_it_may_be_read(door: FrontDoor, settings: Any, db: None) -> None:
    settings.API_CORS_ORIGINS = ["*"]
    first, kept = ask(door, f"{API}sections/"), ask(door, f"{API}sections/")
    assert kept.was_stored
    assert first.headers["Access-Control-Allow-Origin"] == kept.headers["Access-Control-Allow-Origin"] == "*"
    not_changed = ask(door, f"{API}sections/", HTTP_IF_NONE_MATCH=kept.headers["ETag"])
    assert (not_changed.status, not_changed.headers["Access-Control-Allow-Origin"]) == (304, "*")


def test_no_cookie_is_looked_at_or_set(client: Client, cast: Cast) -> None:
    client.force_login(cast.administrator)
    draft = make_article("Draft", status=Status.DRAFT, first_published_at=None)
    response = client.get(f"{API}articles/{draft.pk}/")
    assert response.status_code == 404
    assert not response.cookies
    assert "Cookie" not in response.headers.get("Vary", "")


def test_it_describes_itself_without_a_page_of_scripts(client: Client, db: None) -> None:
    found = client.get(f"{API}openapi.json").json()
    assert found["openapi"] == "3.1.0"
    assert "application/problem+json" in found["paths"]["/api/v1/articles/"]["get"]["responses"]["400"]["content"]
    assert client.get(f"{API}docs").status_code == 404
