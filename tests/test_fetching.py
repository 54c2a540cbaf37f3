"""Fetching from other people's servers: never anything but public addresses, never too much, never too long."""

import gzip
import re
import socket
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from outbox.fetching import FetchRefused, fetch, unpacked
from outbox.public_hosts import may_reach
from tests.fetch_servers import ALLOWED, SINK, Server, dripping, giving, serving

ATTACKS = Path(__file__).resolve().parents[2] / "shared" / "data" / "attacks" / "ssrf"

OK = b"HTTP/1.0 200 OK\r\n"

pytestmark = pytest.mark.once


@pytest.fixture(autouse=True)
def one_allowed(settings: Any) -> None:
    settings.FETCH_ALLOWED_PRIVATE = ALLOWED


@pytest.fixture
def sink() -> Iterator[Server]:
    with serving(giving(b"secret"), SINK) as server:
        yield server


def refused(url: str, seconds: float = 5, max_bytes: int = 10_000) -> str:
    with pytest.raises(FetchRefused) as caught:
        fetch(url, max_bytes=max_bytes, seconds=seconds)
    return str(caught.value)


def test_what_is_there_is_fetched_and_asked_for_again_only_when_it_changed() -> None:
    with serving(giving(b"words", ETag='"1"', Content_Type="text/csv")) as server:
        fetched = fetch(f"{server.url}/a b?q=ü".replace(" ", "%20"), max_bytes=5, seconds=5)
        assert (fetched.status, fetched.body, fetched.headers["etag"]) == (200, b"words", '"1"')
        path, headers = server.asked[0]
        assert path == "/a%20b?q=%C3%BC"
        assert headers["host"] == server.url.removeprefix("http://")
        assert headers["user-agent"].startswith("Newsroom")
    with serving(giving(b"", 304)) as server:
        fetched = fetch(server.url, max_bytes=5, seconds=5, headers={"If-None-Match": '"1"'})
        assert (fetched.status, fetched.body) == (304, b"")
        assert server.asked[0][1]["if-none-match"] == '"1"'


def test_a_redirect_is_followed_to_an_allowed_address_and_to_no_other(sink: Server, settings: Any) -> None:
    with serving(giving(b"there")) as end, serving(giving(b"", 302, Location=f"{end.url}/x")) as start:
        assert fetch(start.url, max_bytes=10, seconds=5).url == f"{end.url}/x"
    for status in (301, 302, 303, 307, 308):
        with serving(giving(b"", status, Location=f"{sink.url}/latest/meta-data/")) as start:
            assert SINK in refused(start.url)
    assert sink.asked == []
    settings.FETCH_ALLOWED_PRIVATE = [*ALLOWED, *map(_network, [SINK])]
    with serving(giving(b"", 302, Location=sink.url)) as start:
        assert fetch(start.url, max_bytes=10, seconds=5).body == b"secret"
    assert len(sink.asked) == 1


def _network(address: str) -> Any:
    return type(ALLOWED[0])(address)


@pytest.mark.parametrize(
    "location", ["http://169.254.169.254/latest/", "file:///etc/passwd", "gopher://127.0.0.1/", "//[::1]/", "", "/loop"]
)
def test_redirects_that_lead_nowhere_good_are_refused_in_words(location: str) -> None:
    with serving(giving(b"", 302, Location=location)) as start:
        assert refused(start.url)
        assert len(start.asked) <= 6


SPELLINGS = [
    "2130706434",
    "0x7f.2",
    "0x7f000002",
    "0177.0.0.2",
    "127.2",
    "①②⑦.⓪.⓪.②",
    "[::ffff:127.0.0.2]",
    "127.0.0.2",
]


@pytest.mark.parametrize("host", SPELLINGS)
def test_no_spelling_of_a_private_address_is_connected_to(host: str, sink: Server) -> None:
    assert refused(f"http://{host}:{sink.server_address[1]}/")
    assert sink.asked == []


@pytest.mark.parametrize(
    ("address", "public"),
    [
        ("93.184.216.34", True),
        ("2606:4700::6810:84e5", True),
        ("10.0.0.1", False),
        ("100.100.100.200", False),
        ("169.254.169.254", False),
        ("192.0.0.192", False),
        ("0.0.0.0", False),
        ("224.0.0.1", False),
        ("255.255.255.255", False),
        ("::1", False),
        ("::", False),
        ("fec0::1", False),
        ("240.0.0.1", False),
        ("fe80::1%eth0", False),
        ("fd00:ec2::254", False),
        ("::ffff:10.0.0.1", False),
        ("64:ff9b::a9fe:a9fe", False),
        ("2002:7f00:2::", False),
        ("nonsense", False),
    ],
)
def test_only_public_addresses_may_be_reached(address: str, public: bool) -> None:
    assert may_reach(address) is public


@pytest.mark.skipif(not ATTACKS.exists(), reason="the attack lists (shared/data/attacks) are not beside the project")
def test_none_of_the_known_addresses_of_machines_is_fetched(monkeypatch: Any) -> None:
    connected: list[Any] = []
    monkeypatch.setattr(socket.socket, "connect", lambda _self, place: connected.append(place))
    monkeypatch.setattr(socket, "getaddrinfo", _numbers_only)
    words = (ATTACKS / "cloud-metadata.txt").read_text() + (ATTACKS / "ssrf-urls.txt").read_text()
    internal = re.compile(r"//(\d|\[|metadata|instance-data|localhost)")
    urls = [url for url in re.findall(r"^\w+:\S+", words, re.MULTILINE) if internal.search(url)]
    assert len(urls) > 25
    for url in urls:
        assert refused(url)
    assert connected == []


_resolve = socket.getaddrinfo


def _numbers_only(host: str, port: int, **options: Any) -> Any:
    return _resolve(host, port, flags=socket.AI_NUMERICHOST, **options)


def test_a_name_that_answers_differently_the_second_time_gains_nothing(sink: Server, monkeypatch: Any) -> None:
    asked: list[str] = []

    def rebinding(host: str, port: int, **_options: Any) -> Any:
        asked.append(host)
        place = ("127.0.0.1" if len(asked) == 1 else SINK, port)
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", place)]

    with serving(giving(b"looked at")) as server:
        monkeypatch.setattr(socket, "getaddrinfo", rebinding)
        port = server.server_address[1]
        assert fetch(f"http://shop.example:{port}/", max_bytes=100, seconds=5).body == b"looked at"
        assert asked == ["shop.example"]
        assert SINK in refused(f"http://shop.example:{sink.server_address[1]}/")
    assert sink.asked == []


def test_a_name_with_one_private_address_among_public_ones_is_refused(sink: Server, monkeypatch: Any) -> None:
    def mixed(_host: str, _port: int, **_options: Any) -> Any:
        places = [("127.0.0.1", 1), (SINK, sink.server_address[1])]
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", place) for place in places]

    monkeypatch.setattr(socket, "getaddrinfo", mixed)
    assert SINK in refused("http://shop.example/")
    assert sink.asked == []


@pytest.mark.parametrize(
    "url",
    [
        "ftp://example.org/",
        "javascript:alert(1)",
        "//example.org/",
        "https://user:word@example.org/",
        "https://example.org\\@127.0.0.1/",
        "http://example.org:25/",
        "http://example.org:99999/",
        "http://exa mple.org/",
        "http://example.org/\r\nHost: x",
        "http://[::1/",
        "http:///",
        "http://" + "a" * 3000,
        "http://" + "ä" * 80 + ".example/",
    ],
)
def test_addresses_that_are_none_are_refused_before_anything_is_asked(url: str, monkeypatch: Any) -> None:
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_a, **_k: pytest.fail("it was looked up"))
    assert refused(url)


@pytest.mark.parametrize(
    ("head", "drop"),
    [
        (b"", b"H"),
        (OK, b"X-A: b\r\n"),
        (OK + b"\r\n", b"a"),
        (OK + b"Content-Length: 900\r\n\r\n", b"a"),
        (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", b"1\r\na\r\n"),
    ],
)
def test_a_slow_drip_ends_with_the_time_not_with_the_server(head: bytes, drop: bytes) -> None:
    with serving(dripping(head, drop)) as server:
        began = time.perf_counter()
        assert refused(server.url, seconds=0.5)
        assert time.perf_counter() - began < 1.5


def _never_answering(*_args: Any, **_options: Any) -> Any:
    time.sleep(1)
    return []


def test_a_resolver_that_does_not_answer_is_not_waited_for(monkeypatch: Any) -> None:
    monkeypatch.setattr(socket, "getaddrinfo", _never_answering)
    began = time.perf_counter()
    assert refused("http://shop.example/", seconds=0.3)
    assert time.perf_counter() - began < 0.9


def test_endless_and_packed_answers_stop_at_the_limit() -> None:
    with serving(dripping(OK + b"\r\n", b"a" * 50_000, every=0)) as server:
        assert "10 kB" in refused(server.url)
    bomb = gzip.compress(b"\0" * 50_000_000, mtime=0)
    assert len(bomb) < 60_000
    with serving(giving(bomb, Content_Encoding="gzip")) as server:
        assert "100 kB" in refused(server.url, max_bytes=100_000)
    with serving(giving(gzip.compress(b"small", mtime=0), Content_Encoding="gzip")) as server:
        assert fetch(server.url, max_bytes=1000, seconds=5).body == b"small"


@pytest.mark.parametrize("broken", [b"", b"\x1f\x8b", gzip.compress(b"words", mtime=0)[:-9], b"words"])
def test_a_broken_packed_file_is_refused(broken: bytes) -> None:
    with pytest.raises(FetchRefused):
        unpacked(broken, max_bytes=100)


@pytest.mark.parametrize(
    "answer",
    [
        b"",
        b"nonsense\r\n\r\n",
        b"HTTP/1.1 404 Not Found\r\n\r\n",
        b"HTTP/1.1 500 No\r\n\r\n",
        b"HTTP/1.1 206 Some\r\n\r\n",
        OK + b"Content-Length: 10\r\n\r\nabc",
        OK + b"Content-Encoding: br\r\n\r\nabc",
        OK + b"X: y\r\n" * 200 + b"\r\n",
        OK + b"X: " + b"y" * 70_000 + b"\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nab",
    ],
)
def test_answers_that_are_none_are_refused_in_words(answer: bytes) -> None:
    with serving(dripping(answer, b"", most=0)) as server:
        assert refused(server.url)


def test_nobody_there_is_said_in_words() -> None:
    with serving(giving(b"")) as server:
        url = server.url
    assert refused(url)


def test_proxies_of_the_environment_are_not_asked(sink: Server, monkeypatch: Any) -> None:
    monkeypatch.setenv("http_proxy", sink.url)
    with serving(giving(b"straight")) as server:
        assert fetch(server.url, max_bytes=100, seconds=5).body == b"straight"
    assert sink.asked == []
