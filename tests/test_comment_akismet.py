"""Akismet is asked after a comment is stored, by a worker; its word is a finding, and never in anybody's way."""

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from urllib.parse import parse_qs

import pytest
from pytest_django import Settings

from comments import akismet, browser_keys, moderation, submission
from comments.models import Comment, ConfirmedAddress, State
from comments.pipeline.findings import Code
from outbox import effects
from outbox.models import Effect
from tests.conftest import Cast
from tests.factories import make_article, make_comment


class Service(HTTPServer):
    """A stand-in on this machine that remembers what it was told."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Answers)
        self.answer = b"true"
        self.status = 200
        self.asked: list[dict[str, list[str]]] = []

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.server_port}/1.1/comment-check"


class _Answers(BaseHTTPRequestHandler):
    server: Service

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"])).decode()
        self.server.asked.append(parse_qs(body, keep_blank_values=True))
        self.send_response(self.server.status)
        if self.server.status == 302:
            self.send_header("Location", "http://127.0.0.1:9/elsewhere")
        self.end_headers()
        self.wfile.write(self.server.answer)

    def log_message(self, *args: object) -> None:
        """Say nothing."""


@pytest.fixture
def service(db: None, settings: Settings) -> Iterator[Service]:
    server = Service()
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    settings.AKISMET_KEY, settings.AKISMET_URL = "a-key", server.address
    yield server
    server.shutdown()
    server.server_close()
    thread.join()


def send(text: str = "Cheap pills", **changes: str) -> Comment:
    typed = {"text": text, "name": "Ana", "email": "ana@example.org", "website": "https://ana.example", **changes}
    return submission.submit(make_article(), typed, address="203.0.113.9")


def test_without_a_key_nobody_is_asked(service: Service, settings: Settings) -> None:
    settings.AKISMET_KEY = ""
    send()

    assert effects.run_due() == 0
    assert service.asked == []


def test_what_it_takes_for_spam_is_put_aside_with_the_reason(service: Service) -> None:
    comment = send()
    assert comment.state == State.PENDING
    effects.run_due()

    comment.refresh_from_db()
    assert (comment.state, comment.why) == (State.SPAM, Code.AKISMET)
    assert [row["code"] for row in comment.findings] == [Code.AKISMET]
    entry = comment.decisions.get()
    assert (entry.by, entry.reason) == (None, "Akismet takes it for spam")


def test_it_is_told_neither_the_email_address_nor_the_connection(service: Service) -> None:
    send()
    effects.run_due()

    [asked] = service.asked
    assert asked["comment_content"] == ["Cheap pills"]
    assert asked["comment_author_url"] == ["https://ana.example"]
    assert "ana@example.org" not in str(asked)
    assert "203.0.113.9" not in str(asked)


def test_what_it_finds_harmless_waits_as_before(service: Service) -> None:
    service.answer = b"false"
    comment = send()
    effects.run_due()

    comment.refresh_from_db()
    assert (comment.state, comment.findings) == (State.PENDING, [])


@pytest.mark.parametrize("decided", [State.APPROVED, State.REJECTED])
def test_a_persons_decision_stands(service: Service, cast: Cast, decided: State) -> None:
    comment = send()
    moderation.decide([comment], decided, actor=cast.moderator)
    effects.run_due()

    comment.refresh_from_db()
    assert comment.state == decided
    assert [row["code"] for row in comment.findings] == [Code.AKISMET], "the moderator may know it all the same"


def test_what_appeared_by_trust_goes_to_a_person(service: Service, cast: Cast) -> None:
    known = make_comment(make_article(), state=State.PENDING, email="ana@example.org")
    moderation.decide([known], State.APPROVED, actor=cast.moderator)
    ConfirmedAddress.objects.create(email="ana@example.org")
    comment = send(browser_key=browser_keys.issue("ana@example.org"))
    assert comment.state == State.APPROVED
    effects.run_due()

    comment.refresh_from_db()
    assert comment.state == State.PENDING


@pytest.mark.parametrize(("status", "answer"), [(500, b"true"), (200, b"invalid"), (200, b"x" * 100_000), (302, b"")])
def test_a_service_in_trouble_is_asked_again_and_holds_nobody_up(
    service: Service, status: int, answer: bytes, caplog: pytest.LogCaptureFixture
) -> None:
    service.status, service.answer = status, answer
    comment = send()
    effects.run_due()

    comment.refresh_from_db()
    effect = Effect.objects.get()
    assert (comment.state, effect.done_at, effect.attempts) == (State.PENDING, None, 1)
    assert "AkismetError" in effect.last_error
    assert "a-key" not in effect.last_error


def test_a_service_that_is_away_is_asked_again(db: None, settings: Settings, caplog: pytest.LogCaptureFixture) -> None:
    settings.AKISMET_KEY, settings.AKISMET_URL = "a-key", "http://127.0.0.1:9/"
    send()
    effects.run_due()

    assert Effect.objects.get().done_at is None


def test_a_second_answer_changes_nothing(service: Service) -> None:
    comment = send()
    for _ in range(2):
        akismet.ask({"comment": comment.pk}, "key")

    assert len(service.asked) == 1
    assert comment.decisions.count() == 1


def test_a_comment_that_has_gone_is_not_asked_about(service: Service) -> None:
    akismet.ask({"comment": 987654}, "key")

    assert service.asked == []
