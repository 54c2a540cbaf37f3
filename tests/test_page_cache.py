"""The page cache: what is stored, what is answered from it, and that it never answers what is no longer so."""

import gzip
import threading
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.db import connection, connections
from django.http import HttpRequest, HttpResponse
from django.test import override_settings
from django.utils import timezone

from articles import publishing, revisions, search
from articles.models import Article
from articles.state import WorkingState
from newsroom.page_store import Admission
from pagecache import reading
from pagecache.entries import COMPRESSORS, Entry
from pagecache.front_door import LONGEST_QUERY, FrontDoor
from pagecache.reading import depends_on, reader_page
from pagecache.snapshot import snapshot
from pagecache.store import InRedis, PageKey, Pages
from pagecache.validity import Primary, SqliteFile, ThroughDjango, validity
from pages import story_page
from tests.factories import make_article, make_section
from tests.wsgi_client import Answer, ask, make_door

NOON = datetime(2026, 5, 4, 12, tzinfo=UTC)


@pytest.fixture
def story(db: None) -> Article:
    return make_article("The tram is late")


@pytest.fixture
def door() -> FrontDoor:
    return make_door()


def rename(article: Article, headline: str) -> None:
    article.headline = headline
    article.save()


# What is stored


def test_the_second_reader_gets_the_very_bytes_of_the_first(door: FrontDoor, story: Article) -> None:
    first, second = (ask(door, story.get_absolute_url()) for _ in range(2))
    assert first.status == second.status == 200
    assert first.body == second.body
    assert b"The tram is late" in second.body
    assert second.was_stored
    assert second.headers["Surrogate-Key"].split()[0]
    assert second.headers["Content-Security-Policy"]


def test_a_stored_page_costs_one_statement(
    door: FrontDoor, story: Article, django_assert_num_queries: Callable[[int], Any]
) -> None:
    ask(door, story.get_absolute_url())
    with django_assert_num_queries(1):
        assert ask(door, story.get_absolute_url()).status == 200


def test_what_has_changed_is_made_anew(door: FrontDoor, story: Article) -> None:
    ask(door, story.get_absolute_url())
    rename(story, "The tram is on time")
    answer = ask(door, story.get_absolute_url())
    assert b"The tram is on time" in answer.body
    assert b"The tram is late" not in answer.body


def test_a_change_elsewhere_leaves_a_page_stored(door: FrontDoor, story: Article) -> None:
    other = make_article("Elsewhere", section=make_section("Sport"))
    ask(door, story.get_absolute_url())
    rename(other, "Else")
    assert ask(door, story.get_absolute_url()).was_stored


@pytest.mark.parametrize(
    ("path", "query", "method"),
    [("/admin/", "", "GET"), ("/nothing/", "", "GET"), ("/comments/token/", "", "GET"), ("/", "", "POST")],
)
@pytest.mark.usefixtures("story")
def test_what_is_no_reader_page_is_not_stored(door: FrontDoor, path: str, query: str, method: str) -> None:
    assert ask(door, path, query, method).status == ask(door, path, query, method).status
    assert not ask(door, path, query, method).was_stored


def test_an_article_that_is_gone_is_not_stored(door: FrontDoor, story: Article) -> None:
    address = story.get_absolute_url()
    ask(door, address)
    publishing.take_down(story, actor=None)
    assert [ask(door, address).status for _ in range(2)] == [410, 410]


def test_a_head_is_answered_without_a_body_and_stores_nothing(door: FrontDoor, story: Article) -> None:
    assert not ask(door, story.get_absolute_url(), method="HEAD").was_stored
    assert not ask(door, story.get_absolute_url(), method="HEAD").was_stored
    whole = ask(door, story.get_absolute_url())
    answer = ask(door, story.get_absolute_url(), method="HEAD")
    assert (answer.body, answer.headers["Content-Length"]) == (b"", str(len(whole.body)))


def test_a_page_that_sets_a_cookie_is_nobody_elses(rf: Any, db: None) -> None:
    @reader_page()
    def greeting(request: HttpRequest) -> HttpResponse:
        response = HttpResponse("hello")
        response.set_cookie("who", "me")
        return response

    door = make_door(answering(greeting))
    assert not any(ask(door, "/").was_stored for _ in range(2))


def answering(view: Callable[[HttpRequest], HttpResponse]) -> Any:
    """A WSGI application of one view, as Django's handler answers."""

    def application(environ: dict[str, Any], start_response: Any) -> HttpResponse:
        from django.core.handlers.wsgi import WSGIRequest  # noqa: PLC0415

        response = view(WSGIRequest(environ))
        cookies = [("Set-Cookie", cookie.OutputString()) for cookie in response.cookies.values()]
        start_response(f"{response.status_code} OK", [*response.items(), *cookies])
        return response

    return application


# Nobody's words but the page's own


def test_parts_of_the_query_that_no_view_names_change_nothing(door: FrontDoor, story: Article) -> None:
    plain = ask(door, "/archive/")
    hostile = ask(door, "/archive/", "utm_source=%22%3E%3Cscript%3E&x=1")
    assert hostile.was_stored
    assert hostile.body == plain.body
    fresh = make_door()
    assert ask(fresh, "/archive/", "utm_source=evil&x=1").body == plain.body
    assert ask(fresh, "/archive/").body == plain.body


def test_the_parts_a_view_names_make_pages_of_their_own(door: FrontDoor, story: Article) -> None:
    search.index(story)
    ask(door, "/search/", "q=tram")
    assert b"is late" in ask(door, "/search/", "q=tram&utm_source=x").body
    other = ask(door, "/search/", "q=nothing")
    assert b"is late" not in other.body
    assert ask(door, "/search/", "page=1&q=tram").status == 200
    assert ask(door, "/search/", "q=tram&q=nothing").body == ask(make_door(), "/search/", "q=tram&q=nothing").body


def forget_which_parts_matter(door: FrontDoor) -> str:
    door._queries.clear()
    return "section=none"


def leave_it_to_another_process(door: FrontDoor) -> str:
    door.pages.clear()
    return forget_which_parts_matter(door)


def ask_at_length(door: FrontDoor) -> str:
    return "section=none&x=" + "x" * LONGEST_QUERY


@pytest.mark.parametrize("how", [forget_which_parts_matter, leave_it_to_another_process, ask_at_length])
@pytest.mark.usefixtures("story")
def test_a_query_nobody_has_read_is_not_answered_with_the_page_without_one(
    door: FrontDoor, how: Callable[[FrontDoor], str]
) -> None:
    door.pages.shared = InRedis(Dictionary(), "release")
    ask(door, "/archive/")
    assert ask(door, "/archive/", how(door)).status == 400
    assert ask(door, "/archive/").was_stored


@pytest.mark.parametrize(
    "header",
    [
        {"HTTP_X_FORWARDED_HOST": "evil.example"},
        {"HTTP_X_FORWARDED_PROTO": "https"},
        {"HTTP_FORWARDED": "host=evil.example"},
        {"HTTP_X_ORIGINAL_URL": "/admin/"},
        {"HTTP_X_REWRITE_URL": "/admin/"},
        {"HTTP_COOKIE": "sessionid=abc; theme=dark"},
        {"HTTP_ACCEPT_LANGUAGE": "de"},
        {"HTTP_ACCEPT": "text/css"},
        {"HTTP_X_HTTP_METHOD_OVERRIDE": "POST"},
        {"HTTP_RANGE": "bytes=0-1"},
        {"HTTP_AUTHORIZATION": "Bearer abc"},
    ],
    ids=lambda header: next(iter(header)),
)
def test_no_header_of_a_stranger_gets_into_a_stored_page(story: Article, header: dict[str, str]) -> None:
    clean = ask(make_door(), story.get_absolute_url())
    door = make_door()
    ask(door, story.get_absolute_url(), **header)
    answer = ask(door, story.get_absolute_url())
    assert answer.was_stored
    assert (answer.status, answer.body) == (200, clean.body)


@pytest.mark.parametrize("path", ["/x.css", "/city/x.css", "/the.js", "/%2e%2e/admin/", "//evil.example/"])
@pytest.mark.usefixtures("story")
def test_no_file_name_under_a_page_stores_that_page(door: FrontDoor, path: str) -> None:
    assert [ask(door, path).status for _ in range(2)] == [404, 404]
    assert not ask(door, path).was_stored


@override_settings(ALLOWED_HOSTS=["news.example.org"], SECURE_SSL_REDIRECT=False, TRUSTED_PROXIES=[])
def test_only_our_own_hosts_are_admitted() -> None:
    admits = Admission()
    environ = {
        "PATH_INFO": "/",
        "HTTP_HOST": "news.example.org",
        "wsgi.url_scheme": "http",
        "REMOTE_ADDR": "203.0.113.9",
    }
    assert admits(environ)
    assert not admits(environ | {"HTTP_HOST": "evil.example"})
    assert not admits(environ | {"HTTP_HOST": "news.example.org@evil"})
    assert not admits(environ | {"SCRIPT_NAME": "/x"})
    assert not admits(environ | {"PATH_INFO": "/admin/"})
    assert admits(environ | {"HTTP_X_FORWARDED_HOST": "evil.example"})


def test_a_plain_request_is_left_to_the_redirect_where_https_is_wanted(settings: Any) -> None:
    settings.SECURE_SSL_REDIRECT = True
    admits = Admission()
    plain = {"PATH_INFO": "/", "HTTP_HOST": "testserver", "wsgi.url_scheme": "http", "REMOTE_ADDR": "203.0.113.9"}
    assert not admits(plain)
    assert not admits(plain | {"HTTP_X_FORWARDED_PROTO": "https"})
    assert admits(plain | {"wsgi.url_scheme": "https"})


# Validators and codings


def test_a_reader_who_has_the_page_gets_304_until_it_changes(door: FrontDoor, story: Article) -> None:
    etag = ask(door, story.get_absolute_url()).headers["ETag"]
    for sent in (etag, etag.removeprefix("W/"), f'"other", {etag}', "*"):
        answer = ask(door, story.get_absolute_url(), HTTP_IF_NONE_MATCH=sent)
        assert (answer.status, answer.body) == (304, b"")
        assert answer.headers["ETag"] == etag
    rename(story, "On time")
    assert ask(door, story.get_absolute_url(), HTTP_IF_NONE_MATCH=etag).status == 200


@pytest.mark.parametrize(
    ("accepted", "wanted"),
    [("gzip", "gzip"), ("gzip;q=0", ""), ("", ""), ("identity, gzip ;q=0.5", "gzip"), ("GZIP", "gzip"), ("xyz", "")],
)
def test_a_page_comes_in_the_coding_that_was_asked_for(
    monkeypatch: pytest.MonkeyPatch, story: Article, accepted: str, wanted: str
) -> None:
    monkeypatch.setattr("pagecache.entries.COMPRESSORS", only := {"gzip": COMPRESSORS["gzip"]})
    monkeypatch.setattr("pagecache.front_door.COMPRESSORS", only)
    door = make_door()
    plain = ask(door, story.get_absolute_url())
    answer = ask(door, story.get_absolute_url(), HTTP_ACCEPT_ENCODING=accepted)
    assert answer.headers.get("Content-Encoding", "") == wanted
    assert answer.headers["Vary"] == "Accept-Encoding"
    assert int(answer.headers["Content-Length"]) == len(answer.body)
    assert (gzip.decompress(answer.body) if wanted else answer.body) == plain.body


# Time


@pytest.mark.django_db
def test_a_story_appears_and_expires_at_its_minute_without_anybody_writing() -> None:
    with time_machine.travel(NOON, tick=False) as clock:
        make_article("First", publish_at=NOON - timedelta(days=1), expire_at=NOON + timedelta(minutes=9))
        make_article("Second", publish_at=NOON + timedelta(minutes=5), status="scheduled")
        door = make_door()
        assert b"Second" not in ask(door, "/").body
        clock.move_to(NOON + timedelta(minutes=5) - timedelta(seconds=1))
        assert ask(door, "/").was_stored
        clock.move_to(NOON + timedelta(minutes=5))
        assert b"Second" in ask(door, "/").body
        clock.move_to(NOON + timedelta(minutes=9))
        assert b"First" not in ask(door, "/").body


# Many at once, and the store


def test_many_readers_of_one_page_have_it_rendered_once() -> None:
    begun, gate, rendered = threading.Event(), threading.Event(), []

    @reader_page()
    def slow(request: HttpRequest) -> HttpResponse:
        rendered.append(1)
        begun.set()
        gate.wait(10)
        return HttpResponse("page " * 200)

    class Always(ThroughDjango):
        def holds(self, entry: Entry) -> bool:
            return True

    door = make_door(answering_without_database(slow), Always())
    answers: list[Answer] = []
    threads = [threading.Thread(target=lambda: answers.append(ask(door, "/"))) for _ in range(8)]
    for thread in threads:
        thread.start()
    begun.wait(10)
    gate.set()
    for thread in threads:
        thread.join(10)
    assert len(rendered) == 1
    assert [answer.body for answer in answers] == [b"page " * 200] * 8


def test_readers_of_what_is_no_page_wait_for_one_another_once(monkeypatch: pytest.MonkeyPatch) -> None:
    begun, gate = threading.Event(), threading.Event()
    together = threading.Barrier(7)

    @reader_page()
    def unknown(request: HttpRequest) -> HttpResponse:
        if begun.is_set():
            together.wait(10)
        begun.set()
        gate.wait(10)
        return HttpResponse(status=404)

    def application(environ: dict[str, Any], start_response: Any) -> HttpResponse:
        environ.pop(reading.WANTED, None)
        return answering(unknown)(environ, start_response)  # type: ignore[no-any-return]

    door = make_door(application)
    joined, join = [], door._join

    def counted(key: PageKey) -> Any:
        joined.append(found := join(key))
        return found

    monkeypatch.setattr(door, "_join", counted)
    threads = [threading.Thread(target=lambda: ask(door, "/")) for _ in range(8)]
    threads[0].start()
    begun.wait(10)
    for thread in threads[1:]:
        thread.start()
    while len(joined) < 8:
        threading.Event().wait(0.01)
    gate.set()
    for thread in threads:
        thread.join(10)
    assert not together.broken


def test_readers_who_come_while_a_page_changes_all_the_time_share_renderings() -> None:
    """Whoever came before a rendering began may have what it gave, though it is older than the last change by now."""
    begun, gate, rendered = threading.Event(), threading.Event(), []

    @reader_page()
    def slow(request: HttpRequest) -> HttpResponse:
        rendered.append(1)
        begun.set()
        gate.wait(10)
        return HttpResponse(f"page {len(rendered)} " * 200)

    class Never(ThroughDjango):
        def holds(self, entry: Entry) -> bool:
            return False

    door = make_door(answering_without_database(slow), Never())
    answers: list[Answer] = []
    threads = [threading.Thread(target=lambda: answers.append(ask(door, "/"))) for _ in range(8)]
    threads[0].start()
    begun.wait(10)
    for thread in threads[1:]:
        thread.start()
    while "count(9)" not in repr(door._clock):  # eight have come, and one rendering began
        threading.Event().wait(0.01)
    gate.set()
    for thread in threads:
        thread.join(10)
    assert len(answers) == 8
    assert len(rendered) == 2
    assert sum(answer.body.startswith(b"page 2") for answer in answers) == 7


def answering_without_database(view: Callable[[HttpRequest], HttpResponse]) -> Any:
    """As ``answering``, of a view that reads nothing: its page has no keys and no snapshot is taken."""
    inner = answering(view)

    def application(environ: dict[str, Any], start_response: Any) -> HttpResponse:
        environ.pop(reading.WANTED)
        response: HttpResponse = inner(environ, start_response)
        response.page = reading.Cacheable((), 0, None, (), ())  # type: ignore[attr-defined]
        return response

    return application


def test_a_failure_while_rendering_lets_the_next_reader_try() -> None:
    failing = [True]

    @reader_page()
    def view(request: HttpRequest) -> HttpResponse:
        if failing:
            raise RuntimeError("once")
        return HttpResponse("fine")

    door = make_door(answering_without_database(view))
    with pytest.raises(RuntimeError):
        ask(door, "/")
    failing.clear()
    assert ask(door, "/").body == b"fine"


def entry(body: bytes = b"x" * 1000, *, keys: tuple[str, ...] = ("front",), total: int = 0) -> Entry:
    return Entry.of([("Content-Type", "text/html"), ("Date", "now")], body, keys, total, None)


def test_the_least_used_pages_are_forgotten_when_room_is_short() -> None:
    pages = Pages(room=4 * entry().size)
    for name in "ab":
        pages.put((f"/{name}/", ()), entry())
    pages.get(("/a/", ()))
    pages.put(("/c/", ()), entry())
    assert pages.get(("/a/", ()))
    assert pages.get(("/b/", ())) is None
    assert pages.used <= pages.room


def no_application(environ: Any, start_response: Any) -> Any:
    pytest.fail("rendered although it lies in Redis")


class Dictionary(dict[str, bytes]):
    """Stands in for a Redis client."""

    def set(self, name: str, value: bytes, ex: int) -> None:
        self[name] = value


def test_another_process_finds_the_page_in_redis_and_checks_it_itself(story: Article) -> None:
    shared = Dictionary()
    address = story.get_absolute_url()
    one, two = make_door(), make_door()
    one.pages.shared = two.pages.shared = InRedis(shared, "release")
    ask(one, address)
    two.application = no_application
    assert ask(two, address).was_stored
    rename(story, "On time")
    three = make_door()
    three.pages.shared = one.pages.shared
    assert b"On time" in ask(three, address).body


@pytest.mark.parametrize("bad", [b"", b"\0", b"\0\0\0\x04null", b"\0\0\0\x02{}body", b"\xff" * 40])
def test_nonsense_in_redis_is_a_miss(story: Article, bad: bytes) -> None:
    door = make_door()
    door.pages.shared = InRedis(Dictionary(), "release")
    ask(door, story.get_absolute_url())
    client = door.pages.shared.client
    for name in client:
        client[name] = bad
    door.pages.clear()
    assert ask(door, story.get_absolute_url()).status == 200


def test_a_redis_that_fails_is_a_miss_and_left_alone_for_a_while(story: Article) -> None:
    calls: list[str] = []

    class Broken:
        def get(self, name: str) -> bytes:
            calls.append("get")
            raise ConnectionError("gone")

        def set(self, name: str, value: bytes, ex: int) -> None:
            calls.append("set")
            raise TimeoutError("slow")

    door = make_door()
    door.pages.shared = InRedis(Broken(), "release")
    for _ in range(3):
        door.pages.clear()
        assert ask(door, story.get_absolute_url()).status == 200
    assert calls == ["get"]


# Never stale: with the real databases, threads and connections


@pytest.fixture
def apart(transactional_db: None) -> Iterator[FrontDoor]:
    """A door that checks as it does in production, on rows that are really committed."""
    yield make_door(validity=validity())
    connections.close_all()


def published(headline: str) -> Article:
    state = WorkingState(headline=headline, section=make_section("City").pk, body="<p>It is late.</p>", tags=("trams",))
    return publishing.publish(revisions.create(state, actor=None), actor=None)


def in_thread(act: Callable[[], object]) -> None:
    """Do it in a thread, on a connection of its own, and wait until it is committed."""

    def run() -> None:
        try:
            act()
        finally:
            connections.close_all()

    thread = threading.Thread(target=run)
    thread.start()
    thread.join(30)
    assert not thread.is_alive()


def test_the_way_to_check_suits_the_database(apart: FrontDoor) -> None:
    wanted = Primary if connection.vendor == "postgresql" else SqliteFile
    assert isinstance(apart.validity, wanted)


def test_a_commit_on_any_connection_is_seen_at_once(apart: FrontDoor) -> None:
    story = published("The tram is late")
    address = story.get_absolute_url()
    for number in range(5):
        ask(apart, address)
        assert ask(apart, address).was_stored
        act = rename if number % 2 else (lambda row, words: in_thread(lambda: rename(row, words)))
        act(story, f"Late by {number}")
        assert f"Late by {number}".encode() in ask(apart, address).body


def write_meanwhile(monkeypatch: pytest.MonkeyPatch, act: Callable[[], object]) -> None:
    """Have ``act`` committed by somebody else after a page has read its story and before it has read the rest."""
    plan_for = story_page.plan_for
    waiting = [act]

    def slow(story: Article) -> Any:
        if waiting:
            in_thread(waiting.pop())
        return plan_for(story)

    monkeypatch.setattr(story_page, "plan_for", slow)


def test_a_page_that_was_rendered_across_a_commit_is_made_anew(
    apart: FrontDoor, monkeypatch: pytest.MonkeyPatch
) -> None:
    story = published("The tram is late")
    write_meanwhile(monkeypatch, lambda: rename(story, "On time"))
    first = ask(apart, story.get_absolute_url())
    assert b"The tram is late" in first.body
    assert b"On time" in ask(apart, story.get_absolute_url()).body


def test_without_a_snapshot_such_a_page_would_be_stale(apart: FrontDoor, monkeypatch: pytest.MonkeyPatch) -> None:
    """The control of the test before."""
    from contextlib import nullcontext  # noqa: PLC0415

    story = published("The tram is late")
    monkeypatch.setattr(reading, "snapshot", nullcontext)
    write_meanwhile(monkeypatch, lambda: rename(story, "On time"))
    ask(apart, story.get_absolute_url())
    assert b"The tram is late" in ask(apart, story.get_absolute_url()).body


def test_a_boundary_that_passes_while_a_page_renders_ends_it(apart: FrontDoor, monkeypatch: pytest.MonkeyPatch) -> None:
    with time_machine.travel(NOON, tick=False) as clock:
        story = published("The tram is late")
        Article.objects.get(pk=story.pk)
        story.expire_at = NOON + timedelta(seconds=5)
        story.save()
        plan_for = story_page.plan_for

        def slow(story: Article) -> Any:
            clock.move_to(NOON + timedelta(seconds=6))
            return plan_for(story)

        monkeypatch.setattr(story_page, "plan_for", slow)
        assert ask(apart, story.get_absolute_url()).status == 200
        assert ask(apart, story.get_absolute_url()).status == 410


def test_a_view_that_writes_while_it_is_being_stored_fails_and_writes_nothing(apart: FrontDoor) -> None:
    story = published("The tram is late")

    @reader_page()
    def writing_view(request: HttpRequest) -> HttpResponse:
        depends_on(f"article:{story.pk}")
        Article.objects.filter(pk=story.pk).first()
        with connection.cursor() as cursor:
            cursor.execute("UPDATE articles_article SET headline = 'Written' WHERE id = %s", [story.pk])
        return HttpResponse("written")

    door = make_door(answering(writing_view), validity())
    with pytest.raises(Exception, match=r"readonly|read-only"):
        ask(door, "/")
    story.refresh_from_db()
    assert story.headline == "The tram is late"
    rename(story, "And afterwards writing works again")


def test_a_reader_of_a_snapshot_holds_up_no_writer(apart: FrontDoor) -> None:
    story = published("The tram is late")
    with snapshot():
        assert Article.objects.get(pk=story.pk).headline == "The tram is late"
        in_thread(lambda: rename(story, "On time"))
        assert Article.objects.get(pk=story.pk).headline == "The tram is late"
    assert Article.objects.get(pk=story.pk).headline == "On time"


def test_a_database_that_does_not_answer_makes_every_stored_page_doubtful(settings: Any) -> None:
    assert not SqliteFile("/nowhere/at/all.sqlite3").holds(entry())


def test_a_page_without_keys_of_its_own_holds_while_time_does(db: None) -> None:
    assert ThroughDjango().holds(entry(keys=()))
    assert timezone.now()
