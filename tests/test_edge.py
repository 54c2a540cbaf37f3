"""An edge in front of the site: what it is told it may keep, and how it hears of a change."""

import json
import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest
import time_machine
from django.core.checks import run_checks
from django.test import Client

from articles.models import Article
from newsroom.edge.adapters import EdgeError, Varnish
from newsroom.edge.purging import PURGE
from outbox import effects
from outbox.models import Effect
from pagecache.freshness import tag
from pagecache.writing import bump
from tests.factories import make_article
from tests.wsgi_client import ask, make_door

pytestmark = pytest.mark.once

NOON = datetime(2026, 5, 4, 12, tzinfo=UTC)


class Edge(ThreadingHTTPServer):
    """Takes purges, remembers them, and answers what it is told to."""

    heard: list[tuple[str, str, dict[str, str], str]]
    status = 200
    answer = b'{"success": true}'


class _Handler(BaseHTTPRequestHandler):
    server: Edge

    def __getattr__(self, name: str) -> Any:
        if name.startswith("do_"):
            return self._take
        raise AttributeError(name)

    def _take(self) -> None:
        length = int(self.headers.get("Content-Length", 0))
        body = self.rfile.read(length).decode()
        self.server.heard.append(
            (self.command, self.path, {name.lower(): value for name, value in self.headers.items()}, body)
        )
        self.send_response(self.server.status)
        if self.server.status in {301, 302}:
            self.send_header("Location", f"http://127.0.0.1:{self.server.server_port}/elsewhere")
        self.send_header("Content-Length", str(len(self.server.answer)))
        self.end_headers()
        self.wfile.write(self.server.answer)

    def log_message(self, *_args: Any) -> None:
        """Say nothing."""


@pytest.fixture
def edge(settings: Any) -> Iterator[Edge]:
    server = Edge(("127.0.0.1", 0), _Handler)
    server.heard = []
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    settings.EDGE, settings.EDGE_SECONDS, settings.EDGE_TOKEN = "varnish", 3600, "secret"
    settings.EDGE_URL = f"http://127.0.0.1:{server.server_port}/"
    yield server
    server.shutdown()
    thread.join()
    server.server_close()


def kept(article: Article) -> str:
    """What the edge is told of the article's page."""
    return Client().get(article.get_absolute_url()).headers["Cache-Control"]


# What it may keep


@pytest.mark.django_db
def test_without_an_edge_nobody_keeps_a_page_unasked() -> None:
    assert kept(make_article()) == "public, max-age=0, must-revalidate"


@pytest.mark.django_db
def test_the_time_at_the_edge_never_passes_the_next_boundary(settings: Any) -> None:
    settings.EDGE_SECONDS, settings.EDGE_STALE_IF_ERROR, settings.EDGE_STALE_WHILE_REVALIDATE = 600, 50, 0
    with time_machine.travel(NOON, tick=False) as clock:
        lasting = make_article("Lasting")
        ending = make_article("Ending", expire_at=NOON + timedelta(seconds=620))
        assert kept(lasting) == "public, max-age=0, s-maxage=600, stale-if-error=50"
        assert kept(ending) == "public, max-age=0, s-maxage=600, stale-if-error=20"
        door = make_door()
        ask(door, ending.get_absolute_url())
        clock.shift(300)
        stored = ask(door, ending.get_absolute_url())
        assert stored.was_stored
        assert stored.headers["Cache-Control"] == "public, max-age=0, s-maxage=320"


@pytest.mark.django_db
@pytest.mark.parametrize("path", ["/nothing-here/", "/city/nothing-7/"])
def test_an_address_that_leads_nowhere_is_kept_by_nobody(settings: Any, path: str) -> None:
    settings.EDGE_SECONDS = 600
    response = Client().get(path)
    assert response.status_code == 404
    assert "s-maxage" not in response.headers["Cache-Control"]
    assert "max-age=0" in response.headers["Cache-Control"]


@pytest.mark.django_db
def test_what_is_gone_is_kept_by_nobody(settings: Any) -> None:
    settings.EDGE_SECONDS = 600
    article = make_article(expire_at=datetime.now(UTC) - timedelta(seconds=1), publish_at=NOON - timedelta(days=900))
    response = Client().get(article.get_absolute_url())
    assert (response.status_code, response.headers["Cache-Control"]) == (410, "max-age=0, must-revalidate")


def test_the_desk_is_kept_by_nobody() -> None:
    assert "no-store" in Client().get("/admin/").headers["Cache-Control"]


# How it hears


@pytest.mark.django_db
def test_a_change_is_told_after_it_is_committed_and_once_more(edge: Edge) -> None:
    with time_machine.travel(NOON, tick=False) as clock:
        article = make_article()
        Effect.objects.all().delete()
        article.headline = "On time"
        article.save()
        assert edge.heard == []
        effects.run_due()
        [(method, _path, headers, _body)] = edge.heard
        assert method == "PURGE"
        assert f"article:{article.pk}" in headers["xkey-purge"].split()
        assert headers["x-purge-token"] == "secret"
        clock.shift(6)
        effects.run_due()
        assert len(edge.heard) == 2


@pytest.mark.django_db
def test_without_an_edge_nothing_is_enqueued(settings: Any) -> None:
    assert settings.EDGE == "none"
    bump(["front"])
    assert not Effect.objects.filter(kind=PURGE).exists()


@pytest.mark.django_db
@pytest.mark.parametrize("status", [500, 403, 404, 301, 302])
def test_an_edge_that_refuses_is_asked_again(edge: Edge, status: int) -> None:
    with time_machine.travel(NOON, tick=False) as clock:
        edge.status = status
        bump(["front"])
        effects.run_due()
        assert len(edge.heard) == 1  # and nobody followed a redirect
        edge.status = 200
        clock.shift(60)
        effects.run_due()
        assert not Effect.objects.filter(done_at__isnull=True).exists()
        assert len(edge.heard) == 3


@pytest.mark.django_db
def test_an_edge_that_is_away_loses_no_purge(settings: Any) -> None:
    settings.EDGE, settings.EDGE_URL, settings.EDGE_TOKEN = "varnish", "http://127.0.0.1:9/", ""
    bump(["front"])
    effects.run_due()
    waiting = Effect.objects.filter(kind=PURGE, done_at__isnull=True)
    assert waiting.count() == 2
    assert any("does not answer" in effect.last_error for effect in waiting)


@pytest.mark.django_db
def test_every_kind_of_edge_is_told_in_its_own_words(edge: Edge, settings: Any) -> None:
    settings.EDGE = "fastly"
    bump(["front"])
    effects.run_due()
    method, path, headers, body = edge.heard.pop()
    assert (method, path, headers["fastly-key"]) == ("POST", "/purge", "secret")
    assert json.loads(body) == {"surrogate_keys": ["front"]}
    settings.EDGE = "cloudflare"
    assert "," in Client().get(make_article().get_absolute_url()).headers["Cache-Tag"]
    Effect.objects.all().delete()
    edge.heard.clear()
    bump([f"article:{number}" for number in range(31)])
    effects.run_due()
    told = [json.loads(body)["tags"] for _method, path, _headers, body in edge.heard if path == "/purge_cache"]
    assert sorted(key for keys in told for key in keys) == sorted(f"article:{number}" for number in range(31))
    assert max(map(len, told)) == 30


@pytest.mark.django_db
def test_an_edge_that_answers_and_does_nothing_is_asked_again(edge: Edge, settings: Any) -> None:
    settings.EDGE = "cloudflare"
    edge.answer = b'{"success": false}'
    bump(["front"])
    effects.run_due()
    assert Effect.objects.filter(kind=PURGE, done_at__isnull=True, attempts=1).count() == 1


def test_a_key_is_told_as_one_word_whatever_is_in_it() -> None:
    assert tag("redirect:/old path, and\nmore/") == "redirect:%2Fold%20path%2C%20and%0Amore%2F"
    assert len(tag("redirect:/" + "é" * 400)) < 60
    with pytest.raises(EdgeError):
        Varnish("http://127.0.0.1:9/", "").purge(["front"])


def test_an_edge_without_an_address_is_a_mistake_that_is_named(settings: Any) -> None:
    settings.EDGE, settings.EDGE_URL = "varnish", ""
    assert "newsroom.E005" in {message.id for message in run_checks()}
    settings.EDGE_URL = "https://edge.example.org/"
    assert "newsroom.E005" not in {message.id for message in run_checks()}
