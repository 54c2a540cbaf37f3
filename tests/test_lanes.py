"""Who waits for whom in a server process: posts for one another, pages for no post."""

import threading
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextvars import ContextVar
from io import BytesIO

import pytest
from django.db import connection, connections
from django.test import Client
from django.utils.encoding import force_str

from comments import crowding, tokens
from comments.models import Arrivals, Comment
from newsroom import lanes
from newsroom.lanes import Lane, at_most
from newsroom.lending import Lending
from pagecache.front_door import Application, Environ, StartResponse
from tests.concurrency import at_once
from tests.factories import make_article
from tests.wsgi_client import Answer, ask

SOON = 10
"""Seconds after which a test gives up."""

PAST = 0.2
"""Seconds in which something would have happened that must not."""


class Held:
    """An application whose posts stay at work until they are let go."""

    def __init__(self) -> None:
        self.gate = threading.Event()
        self.at_work = threading.Semaphore(0)
        self.threads: set[int] = set()

    def __call__(self, environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        self.threads.add(threading.get_ident())
        self.at_work.release()
        self.gate.wait(SOON)
        start_response("200 OK", [])
        return [b"taken: ", environ["wsgi.input"].read()]

    def is_asked(self, within: float = SOON) -> bool:
        return self.at_work.acquire(timeout=within)


def page(environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
    start_response("200 OK", [])
    return [b"told" if crowding.FULL in environ else b"a page"]


def send(application: Application, path: str = "/comments/7/", body: BytesIO | None = None) -> Answer:
    more: Environ = {"wsgi.input": body or BytesIO(b"words"), "CONTENT_LENGTH": "5"}
    return ask(application, path, method="POST", **more)


@pytest.fixture
def held() -> Iterator[Held]:
    found = Held()
    yield found
    found.gate.set()


@pytest.fixture
def senders(held: Held) -> Iterator[ThreadPoolExecutor]:
    with ThreadPoolExecutor(8) as pool:
        yield pool
        held.gate.set()


def test_a_page_passes_while_posts_wait(held: Held, senders: ThreadPoolExecutor) -> None:
    lane = Lane(page, held, width=1, waiting=2)
    sent = [senders.submit(send, lane) for _ in range(3)]
    assert held.is_asked()
    assert ask(lane, "/").body == b"a page"
    assert not any(one.done() for one in sent)
    held.gate.set()
    assert [one.result(SOON).body for one in sent] == [b"taken: words"] * 3


def test_no_more_posts_are_at_work_than_the_lane_is_wide(held: Held, senders: ThreadPoolExecutor) -> None:
    lane = Lane(page, held, width=2, waiting=6)
    sent = [senders.submit(send, lane) for _ in range(6)]
    assert held.is_asked()
    assert held.is_asked()
    assert not held.is_asked(PAST)
    held.gate.set()
    assert {one.result(SOON).status for one in sent} == {200}
    assert len(held.threads) <= 2


def test_a_post_without_room_to_wait_is_told_and_the_next_one_after_it_is_taken(
    held: Held, senders: ThreadPoolExecutor
) -> None:
    lane = Lane(page, held, width=1, waiting=0)
    first = senders.submit(send, lane)
    assert held.is_asked()
    assert send(lane).body == b"told"
    answer = send(lane, "/comments/7/report/")
    assert (answer.status, answer.headers["Retry-After"]) == (503, str(crowding.PAUSE))
    assert answer.body.decode() == str(crowding.WORDS)
    held.gate.set()
    assert first.result(SOON).status == 200
    assert send(lane).body == b"taken: words"


def test_a_post_that_waited_too_long_is_told_and_never_taken(
    held: Held, senders: ThreadPoolExecutor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lanes, "LONGEST_WAIT", PAST)
    lane = Lane(page, held, width=1, waiting=1)
    first = senders.submit(send, lane)
    assert held.is_asked()
    assert send(lane).body == b"told"
    held.gate.set()
    assert first.result(SOON).body == b"taken: words"
    assert not held.is_asked(PAST)


@pytest.mark.parametrize("path", ["/admin/comments/comment/", "/api/v1/articles/"])
def test_who_signed_in_does_not_queue_with_readers(held: Held, senders: ThreadPoolExecutor, path: str) -> None:
    lane = Lane(page, held, width=1, waiting=0)
    senders.submit(send, lane)
    assert held.is_asked()
    assert send(lane, path).body == b"a page"


def test_a_comment_sent_by_a_program_queues_with_the_others(held: Held, senders: ThreadPoolExecutor) -> None:
    lane = Lane(page, held, width=1, waiting=0)
    senders.submit(send, lane)
    assert held.is_asked()
    assert send(lane, "/api/v1/articles/7/comments/").status == 503


class Slow(BytesIO):
    """A body of which nothing comes until the gate opens."""

    gate = threading.Event()

    def read(self, size: int | None = -1, /) -> bytes:
        self.gate.wait(SOON)
        return super().read(size)


def test_a_slow_sender_holds_up_nobody(held: Held, senders: ThreadPoolExecutor) -> None:
    held.gate.set()
    lane = Lane(page, held, width=1, waiting=0)
    slow = senders.submit(send, lane, "/comments/7/", Slow(b"later"))
    assert send(lane).body == b"taken: words"
    Slow.gate.set()
    assert slow.result(SOON).body == b"taken: later"


@pytest.mark.parametrize("declared", ["-1", "9" * 400, "99999999", "three", "²"])
def test_a_length_that_is_odd_or_too_long_is_not_read_here(held: Held, declared: str) -> None:
    held.gate.set()
    assert ask(Lane(page, held), "/comments/7/", method="POST", CONTENT_LENGTH=declared).body == b"a page"


def test_an_error_comes_out_as_it_would_without_a_lane_and_gives_its_place_back() -> None:
    def broken(_environ: Environ, _start_response: StartResponse) -> Iterable[bytes]:
        raise TimeoutError("the application's own")

    lane = Lane(page, broken, width=1, waiting=0)
    for _ in range(3):
        with pytest.raises(TimeoutError, match="own"):
            send(lane)


def test_a_post_brings_along_what_its_request_was_given() -> None:
    given: ContextVar[str] = ContextVar("given")

    def tell(_environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        start_response("200 OK", [])
        return [given.get().encode()]

    given.set("patience")
    assert send(Lane(page, tell)).body == b"patience"


def test_so_many_requests_are_in_django_at_a_time(held: Held, senders: ThreadPoolExecutor) -> None:
    application = at_most(2, held)
    asked = [senders.submit(ask, application, "/") for _ in range(4)]
    assert held.is_asked()
    assert held.is_asked()
    assert not held.is_asked(PAST)
    held.gate.set()
    assert {one.result(SOON).status for one in asked} == {200}


@pytest.mark.django_db
@pytest.mark.parametrize("accept", ["application/json", "text/html"])
def test_a_comment_that_found_the_lane_full_is_refused_in_words_and_kept(client: Client, accept: str) -> None:
    article, token = make_article(), tokens.issue(tokens.Origin.PREVIEW)
    typed = {"text": "Words <b>worth</b> keeping", "name": "Ana", "email": "ana@example.org", "token": token}
    address, headers = f"/comments/{article.pk}/", {"accept": accept, "origin": "http://testserver"}
    full: Environ = {crowding.FULL: True}
    answer = client.post(address, typed, headers=headers, **full)
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, str(crowding.PAUSE))
    assert "please send it again" in force_str(answer.content)
    if accept == "text/html":
        assert "Words &lt;b&gt;worth&lt;/b&gt; keeping</textarea>" in force_str(answer.content)
    assert not Comment.objects.exists()
    assert not Arrivals.objects.exists()
    assert client.post(address, typed, headers=headers).status_code in {201, 303}  # nothing was spent


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_threads_that_follow_one_another_share_one_database_connection(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(connections.settings["default"], "CONN_MAX_AGE", 60)

    def number(_environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_backend_pid()")
            start_response("200 OK", [])
            return [str(cursor.fetchone()[0]).encode()]

    def elsewhere(application: Application) -> bytes:
        found: list[bytes] = []
        thread = threading.Thread(target=lambda: found.append(b"".join(application({}, lambda *_: None))))
        thread.start()
        thread.join(SOON)
        return found[0]

    lending = Lending()
    shared, refused = lending.around(number), Lending(kept=0).around(number)
    assert elsewhere(shared) == elsewhere(shared)
    assert elsewhere(refused) != elsewhere(refused)  # the control
    monkeypatch.setitem(connections.settings["default"], "CONN_MAX_AGE", 0)
    unkept = Lending().around(number)
    assert elsewhere(unkept) != elsewhere(unkept)
    close_all(lending)


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_a_question_is_asked_on_the_connection_that_a_page_brought_back(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(connections.settings["default"], "CONN_MAX_AGE", 60)
    lending, made, threads = Lending(), [], 3

    def ask() -> None:
        one = lending.lend("default")
        made.append(one)
        one.ensure_connection()
        assert not connections.all(initialized_only=True)
        together.wait(SOON)
        lending.take_back(one)

    def render() -> None:
        with lending.lent():
            assert connections["default"] in made

    together = threading.Barrier(threads)
    assert at_once([ask] * threads) == []
    assert len(set(made)) == threads
    assert at_once([render]) == []
    together = threading.Barrier(1)
    assert at_once([ask]) == []
    assert made[-1] in made[:-1]
    close_all(lending)


def close_all(lending: Lending) -> None:
    for one in lending.kept["default"]:
        one.close()
