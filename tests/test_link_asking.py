"""Asking other sites about links: off unless set, only public addresses, only so long and so far."""

import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import Any

import pytest

from articles import revisions
from articles.models import LinkAnswer, Trouble
from articles.readiness import asking
from articles.readiness.facts import digest_of
from articles.state import WorkingState
from outbox import effects
from outbox.models import Effect

pytestmark = pytest.mark.django_db

CONNECT = socket.create_connection

BODY = '<p><a href="https://one.example/">One</a> <a href="/city/">Own</a> <a href="mailto:a@b.example">Mail</a></p>'


def save(body: str = BODY) -> None:
    revisions.create(WorkingState(headline="Links", body=body), actor=None)


def waiting() -> list[list[str]]:
    return [effect.payload["urls"] for effect in Effect.objects.filter(kind=asking.ASK_LINKS)]


def test_nothing_is_asked_unless_the_setting_says_so(settings: Any) -> None:
    assert settings.CHECK_LINKS is False
    save()
    assert waiting() == []


def test_links_to_other_sites_are_asked_once_a_week(settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    settings.CHECK_LINKS = True
    monkeypatch.setattr(asking, "ask", lambda _url: (404, ""))
    save()
    assert waiting() == [["https://one.example/"]]
    effects.run_due()
    answer = LinkAnswer.objects.get(digest=digest_of("https://one.example/"))
    assert (answer.status, answer.url) == (404, "https://one.example/")
    save(BODY + "<p>Again.</p>")
    assert len(waiting()) == 1
    asking.remember("https://one.example/", None, Trouble.SILENT)
    assert LinkAnswer.objects.get().trouble == Trouble.SILENT


def test_many_links_are_asked_in_batches_up_to_a_limit(settings: Any) -> None:
    settings.CHECK_LINKS = True
    save("".join(f'<p><a href="https://one.example/{number}">Words</a></p>' for number in range(200)))
    assert sum(len(urls) for urls in waiting()) == asking.MOST_ASKED
    assert max(len(urls) for urls in waiting()) == asking.AT_ONCE


@pytest.mark.parametrize(
    "address",
    [
        *("127.0.0.1", "10.1.2.3", "172.16.0.1", "192.168.1.1", "169.254.169.254", "100.64.0.1", "0.0.0.0"),
        *("224.0.0.1", "255.255.255.255", "192.0.2.1", "::1", "::", "fe80::1", "fc00::1", "ff02::1"),
        *("::ffff:127.0.0.1", "::ffff:10.0.0.1", "64:ff9b::7f00:1", "2002:7f00:1::", "fe80::1%eth0"),
    ],
)
def test_addresses_inside_are_never_spoken_to(address: str, monkeypatch: pytest.MonkeyPatch) -> None:
    found = [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (public, 80)) for public in ("93.184.215.14", address)]
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_args, **_kwargs: found)
    monkeypatch.setattr(socket, "create_connection", _never)
    assert not asking.are_public([address])
    assert asking.ask("http://inside.example/") == (None, Trouble.PRIVATE)


def test_public_addresses_are_the_control() -> None:
    assert asking.are_public(["93.184.215.14", "2606:2800:21f:cb07:6820:80da:af6b:8b2c", "64:ff9b::5db8:d70e"])


@pytest.mark.parametrize(
    "url",
    [
        *("ftp://one.example/", "http://user:pw@one.example/", "http://one.example:22/", "http:///x", "https://[::1"),
        *(
            "http://one.example/\r\nHost: other",
            "http://one.example/ä",
            "http://one.example:99999/",
            "file:///etc/passwd",
        ),
    ],
)
def test_strange_addresses_are_not_asked(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(socket, "getaddrinfo", _never)
    assert asking.ask(url) == (None, Trouble.STRANGE)


def _never(*_args: Any, **_kwargs: Any) -> Any:
    raise AssertionError("nobody should be asked")


@contextmanager
def site(
    monkeypatch: pytest.MonkeyPatch, answer: Callable[[socket.socket, bytes], None], seconds: float = 30
) -> Iterator[list[bytes]]:
    """A server on this machine that stands for the Internet: ``answer`` is given each connection and its request."""
    server = socket.create_server(("127.0.0.1", 0))
    asked: list[bytes] = []

    def serve() -> None:
        while True:
            try:
                channel, _address = server.accept()
            except OSError:
                return
            with channel:
                asked.append(channel.recv(4096))
                with suppress(OSError):
                    answer(channel, asked[-1])

    port = server.getsockname()[1]
    monkeypatch.setattr(asking, "SECONDS", seconds)
    monkeypatch.setattr(asking, "are_public", lambda addresses: "127.0.0.1" in addresses)
    monkeypatch.setattr(socket, "create_connection", lambda place, timeout: CONNECT((place[0], port), timeout))
    monkeypatch.setattr(
        socket,
        "getaddrinfo",
        lambda _host, at, *_rest, **_how: [(socket.AF_INET, socket.SOCK_STREAM, 6, "", ("127.0.0.1", at))],
    )
    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    yield asked
    server.shutdown(socket.SHUT_RDWR)
    server.close()
    thread.join(5)


def saying(*heads: bytes) -> Callable[[socket.socket, bytes], None]:
    queue = list(heads)
    return lambda channel, _request: channel.sendall(queue.pop(0) if len(queue) > 1 else queue[0])


def test_a_site_is_asked_for_the_head_only(monkeypatch: pytest.MonkeyPatch) -> None:
    with site(monkeypatch, saying(b"HTTP/1.1 404 Not Found\r\nServer: x\r\n\r\nBody")) as asked:
        assert asking.ask("http://one.example/a?b=c") == (404, "")
    assert asked[0].startswith(b"HEAD /a?b=c HTTP/1.1\r\nHost: one.example\r\n")
    assert b"Cookie" not in asked[0]


def test_a_site_that_knows_no_head_is_asked_again(monkeypatch: pytest.MonkeyPatch) -> None:
    heads = (b"HTTP/1.1 405 No\r\n\r\n", b"HTTP/1.1 200 OK\r\n\r\n")
    with site(monkeypatch, saying(*heads)) as asked:
        assert asking.ask("http://one.example/") == (200, "")
    assert [request.split()[0] for request in asked] == [b"HEAD", b"GET"]


def test_redirects_are_followed_a_few_times_and_never_inside(monkeypatch: pytest.MonkeyPatch) -> None:
    with site(monkeypatch, saying(b"HTTP/1.1 302 Found\r\nLocation: /round\r\n\r\n")) as asked:
        assert asking.ask("http://one.example/") == (302, "")
    assert len(asked) == asking.MOST_REDIRECTS + 1
    with site(monkeypatch, saying(b"HTTP/1.1 302 Found\r\nLocation: file:///etc/passwd\r\n\r\n")) as asked:
        assert asking.ask("http://one.example/") == (None, Trouble.STRANGE)
    assert len(asked) == 1


@pytest.mark.parametrize("head", [b"", b"SSH-2.0\r\n\r\n", b"HTTP/1.1 999 Odd\r\n\r\n", b"\x00" * 40_000])
def test_answers_that_are_none_are_said_to_be_strange(monkeypatch: pytest.MonkeyPatch, head: bytes) -> None:
    with site(monkeypatch, saying(head)):
        assert asking.ask("http://one.example/") == (None, Trouble.STRANGE)


def test_a_site_that_drips_is_left_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    def drip(channel: socket.socket, _request: bytes) -> None:
        for _drop in range(40):
            channel.sendall(b"x")
            time.sleep(0.05)

    with site(monkeypatch, drip, seconds=0.4):
        started = time.monotonic()
        assert asking.ask("http://one.example/") == (None, Trouble.SILENT)
        assert time.monotonic() - started < 1.5
