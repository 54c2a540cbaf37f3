"""Readers who come with a WordPress number (``/?p=7``) are led to the story it became, and told of no hidden one."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import psycopg
import pytest
from django.core.handlers.wsgi import WSGIHandler
from django.db import OperationalError, connection
from django.test import Client, override_settings
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from articles.models import Article, Status
from newsroom import page_store
from newsroom.page_store import Admission
from pagecache.front_door import FrontDoor
from pagecache.store import Pages
from pagecache.validity import Primary, ThroughDjango
from people.models import User
from syndication.models import Imported
from tests.concurrency import database_url
from tests.conftest import Cast
from tests.factories import make_article
from tests.wordpress import move
from tests.wsgi_client import Answer, ask
from tests.wxr import export, item

pytestmark = pytest.mark.django_db

HOUR = timedelta(hours=1)


def became(number: int | str, story: Article, site: str = "old.example") -> Article:
    """The story moved in, and had this number."""
    Imported.objects.create(site=site, kind=Imported.Kind.POST, source=str(number), object_id=story.pk)
    return story


def answer(query: str) -> tuple[int, str]:
    response = Client().get(f"/?{query}")
    return response.status_code, response.headers.get("Location", "")


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def behind_the_cache() -> FrontDoor:
    """The page cache as the server has it, but that it asks through Django inside a test's transaction."""
    return FrontDoor(WSGIHandler(), Pages(10_000_000), ThroughDjango(), Admission())


@pytest.fixture
def door() -> FrontDoor:
    return behind_the_cache()


def test_a_number_leads_to_the_story_it_became(tmp_path: Path) -> None:
    move(tmp_path, export(item(7)))
    story = Article.objects.get()
    for name in ("p", "page_id"):
        response = Client().get(f"/?{name}=7")
        assert (response.status_code, response["Location"]) == (301, story.get_absolute_url())
        assert response["Cache-Control"] == "public, max-age=3600"


def test_what_else_was_asked_goes_along() -> None:
    story = became(7, make_article())
    assert answer("utm_source=mail&p=7&x=%C3%A9") == (301, f"{story.get_absolute_url()}?utm_source=mail&x=%C3%A9")
    assert answer("p=007&page_id=9") == (301, story.get_absolute_url())


ROLES = ("contributor", "editor", "chief", "moderator", "administrator")


@pytest.mark.parametrize("state", ["draft", "scheduled", "embargoed", "killed", "taken down", "expired", "deleted"])
def test_nothing_is_told_of_a_story_readers_may_not_see(cast: Cast, state: str) -> None:
    story = became(7, make_article("Qzsecret", slug="qzsecret"))
    assert "qzsecret" in answer("p=7")[1]  # the control
    now = timezone.now()
    columns: dict[str, dict[str, Any]] = {
        "draft": {"status": Status.DRAFT, "first_published_at": None},
        "scheduled": {"publish_at": now + HOUR, "first_published_at": None},
        "embargoed": {"embargo_until": now + HOUR, "first_published_at": None},
        "killed": {"status": Status.KILLED},
        "taken down": {"status": Status.ARCHIVED},
        "expired": {"expire_at": now - HOUR},
        "deleted": {},
    }
    for name, value in columns[state].items():
        setattr(story, name, value)
    story.save()
    if state == "deleted":
        story.delete()
    for client in [Client(), *(signed_in(getattr(cast, role)) for role in ROLES)]:
        hidden, unknown = client.get("/?p=7"), client.get("/?p=999")
        assert (hidden.status_code, hidden.content) == (200, unknown.content)
        assert set(hidden.headers) == set(unknown.headers)
        assert b"Qz" not in hidden.content


@pytest.mark.parametrize(
    "query",
    [
        "p=", "p", "p=0", "p=-7", "p=+7", "p= 7", "p=7.0", "p=7%00", "p=%00", "p=7\0", "p=٧", "p=%D9%A7", "p=７",
        "p=7e0", "p=0x7", "p=" + "9" * 18, "p=" + "9" * 400, "p[]=7", "P=7", "xp=7", "p=x&page_id=7x", "a=p=7",
        "p=%37", "p=7;drop", "p=7'--", "page_id=%F0%9F%9A%8B", "&&&&", "%", "p=7%26",
    ],
)  # fmt: skip
def test_what_is_no_number_gets_the_front_page(query: str, door: FrontDoor) -> None:
    became(7, make_article("Tram"))
    query = query.encode().decode("latin-1")  # as servers hand bytes on
    plain = Client().get("/")
    response = Client().get("/", QUERY_STRING=query)
    assert (response.status_code, response.content) == (200, plain.content)
    assert not ask(door, "/").was_stored
    assert ask(door, "/", query).was_stored


def test_of_several_sites_ours_comes_before_the_first(settings: Any) -> None:
    first, ours, _late = (make_article(f"Story {number}", slug=f"s{number}") for number in range(3))
    became(7, first, "old.example")
    became(7, ours, "paper.example/blog")
    assert answer("p=7") == (301, first.get_absolute_url())
    settings.BASE_URL = "https://www.paper.example"
    assert answer("p=7") == (301, ours.get_absolute_url())


def test_pictures_and_comments_have_numbers_of_their_own() -> None:
    story = make_article()
    for kind in (Imported.Kind.COMMENT, Imported.Kind.PICTURE, Imported.Kind.RELATED):
        Imported.objects.create(site="old.example", kind=kind, source="7", object_id=story.pk)
    assert answer("p=7") == (200, "")


def test_only_the_front_page_knows_short_addresses() -> None:
    story = became(7, make_article())
    other = make_article("Other")
    for path in (other.get_absolute_url(), "/archive/", f"/{other.section.slug if other.section else ''}/"):
        response = Client().get(f"{path}?p=7")
        assert response.status_code == 200, path
    assert Client().post("/?p=7").status_code == 405
    assert Client().head("/?p=7")["Location"] == story.get_absolute_url()


# The page cache


def test_a_number_leads_on_from_a_front_page_that_is_stored(door: FrontDoor) -> None:
    story = became(7, make_article())
    assert ask(door, "/").status == 200
    assert ask(door, "/").was_stored
    led: Answer = ask(door, "/", "p=7")
    assert (led.status, led.headers["Location"]) == (301, story.get_absolute_url())
    assert led.headers["Content-Security-Policy"]
    assert ask(door, "/", "p=7", method="HEAD").status == 301


def test_neither_known_nor_unknown_numbers_fill_the_cache(door: FrontDoor) -> None:
    became(7, make_article())
    ask(door, "/")
    used = door.pages.used
    for number in range(1, 400):
        found = ask(door, "/", f"p={number}&page_id={number}")
        assert found.status == (301 if number == 7 else 200)
        assert found.was_stored or number == 7
    assert door.pages.used == used


def test_a_stored_front_page_costs_what_it_did_and_an_unknown_number_one_look_more(
    door: FrontDoor, django_assert_num_queries: Callable[[int], Any]
) -> None:
    became(7, make_article())
    ask(door, "/")
    for query, cost in {"": 1, "utm_source=mail": 1, "p=x": 1, "p=8": 2}.items():
        with django_assert_num_queries(cost):
            assert ask(door, "/", query).was_stored


@pytest.mark.parametrize("more", [{}, {"HTTP_X_FORWARDED_FOR": "203.0.113.4"}])
def test_a_number_is_looked_up_once_in_a_request(
    door: FrontDoor, more: dict[str, str], django_assert_num_queries: Callable[[int], Any]
) -> None:
    story = became(7, make_article())
    with CaptureQueriesContext(connection) as asked:
        assert ask(door, "/", "p=8", **more).status == 200
    assert len([one for one in asked if Imported._meta.db_table in one["sql"]]) == 1
    with django_assert_num_queries(2):
        led = ask(door, "/", "p=7", **more)
    assert (led.status, led.headers["Location"]) == (301, story.get_absolute_url())


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("opens_anew", [True, False], ids=["as it is", "the control"])
def test_a_database_that_was_restarted_leads_on_at_once(monkeypatch: pytest.MonkeyPatch, opens_anew: bool) -> None:
    became(7, make_article())
    door = FrontDoor(WSGIHandler(), Pages(10_000_000), Primary(), Admission())
    ask(door, "/")
    assert ask(door, "/").was_stored
    connection.ensure_connection()
    with psycopg.connect(database_url()) as another:
        another.execute("SELECT pg_terminate_backend(%s)", [connection.connection.info.backend_pid])
    if not opens_anew:
        monkeypatch.setattr(page_store, "close_old_connections", lambda: None)
    assert ask(door, "/", "p=7").status == (301 if opens_anew else 200)


def test_a_number_leads_on_as_soon_as_and_only_while_its_story_is_public(door: FrontDoor) -> None:
    story = became(7, make_article(publish_at=datetime(2020, 1, 1, tzinfo=UTC)))
    ask(door, "/")
    for status, code in ((Status.PUBLISHED, 301), (Status.KILLED, 200), (Status.PUBLISHED, 301)):
        story.status = status
        story.save()
        assert ask(door, "/", "p=7").status == code


def test_a_database_that_does_not_answer_keeps_nobody_from_a_stored_page(monkeypatch: pytest.MonkeyPatch) -> None:
    def gone(_environ: object) -> str:
        raise OperationalError

    monkeypatch.setattr(page_store, "led_once", gone)
    with override_settings(ALLOWED_HOSTS=["testserver"]):
        assert Admission()({"PATH_INFO": "/", "QUERY_STRING": "p=7", "HTTP_HOST": "testserver"})


def test_a_link_by_number_in_a_story_that_moves_in_stays_on_the_site(tmp_path: Path) -> None:
    body = '<p><a href="https://old.example/?p=8#end">One</a> <a href="https://old.example/?p=99">two</a></p>'
    move(tmp_path, export(item(7, body), item(8, link="https://old.example/?p=8")))
    story = Article.objects.get(slug="story-7")
    assert 'href="/?p=8#end"' in story.body_html
    assert 'href="https://old.example/?p=99"' in story.body_html
    assert answer("p=8") == (301, Article.objects.get(slug="story-8").get_absolute_url())
