"""The real Varnish, configured as in ``deploy/``: what it keeps, what it forgets, and how soon an edit is seen."""

import contextlib
import logging
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from newsroom.edge.adapters import EdgeError, Varnish
from outbox.models import Heartbeat
from tests.concurrency import database_url
from tests.factories import make_article
from tests.ports import free_port
from tests.stand_in import Page, StandIn, asking, standing_in

BINARY = shutil.which("varnishd", path=os.environ["PATH"] + ":/usr/sbin")
ROOT = Path(__file__).resolve().parent.parent
TOKEN = "a token"

pytestmark = [
    pytest.mark.once,
    pytest.mark.skipif(BINARY is None, reason="needs a varnishd, on the PATH or in /usr/sbin"),
]

KEPT = {
    "Cache-Control": "public, max-age=0, s-maxage=3600",
    "Surrogate-Key": "article:7 section:1 a.b",
    "ETag": 'W/"x"',
}


@contextmanager
def varnish(directory: Path, backend: int) -> Iterator[int]:
    """Varnish before the port ``backend``, with the configuration we give operators; yields its own port."""
    assert BINARY
    configuration = directory / "vcl"
    shutil.copytree(ROOT / "deploy/varnish", configuration)
    path = configuration / "backend.vcl"
    path.write_text(path.read_text().replace('"8000"', f'"{backend}"').replace("news.example.org", "127.0.0.1"))
    port = free_port()
    command = [BINARY, "-F", "-j", "none", "-n", str(directory / "work"), "-a", f"127.0.0.1:{port}", "-T", "none"]
    command += ["-f", str(configuration / "newsroom.vcl"), "-p", f"vcl_path={configuration}", "-s", "malloc,32m"]
    environment = {**os.environ, "EDGE_TOKEN": TOKEN}
    process = subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        wait_for(port)
        yield port
    finally:
        process.terminate()
        process.wait(20)


def wait_for(port: int) -> None:
    end = time.monotonic() + 60
    while time.monotonic() < end:
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
            return
        time.sleep(0.05)
    raise AssertionError(f"nobody listens on port {port}")


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[StandIn, int]]:
    with standing_in() as stand_in, varnish(tmp_path_factory.mktemp("v"), stand_in.server_port) as port:
        yield stand_in, port


@pytest.fixture
def stand_in(site: tuple[StandIn, int]) -> StandIn:
    site[0].pages.clear()
    site[0].asked.clear()
    Varnish(f"http://127.0.0.1:{site[1]}/", TOKEN).purge(["article:7", "article:77", "a.b"])
    return site[0]


@pytest.fixture
def ask(site: tuple[StandIn, int]) -> Callable[..., Any]:
    return asking(site[1])


@pytest.fixture
def edge(site: tuple[StandIn, int]) -> Varnish:
    return Varnish(f"http://127.0.0.1:{site[1]}/", TOKEN)


def test_a_page_is_kept_until_one_of_its_keys_is_purged(
    stand_in: StandIn, ask: Callable[..., Any], edge: Varnish
) -> None:
    stand_in.pages["/one/"] = Page(b"old", KEPT)
    stand_in.pages["/two/"] = Page(b"other", {**KEPT, "Surrogate-Key": "article:77"})
    for path in ("/one/", "/one/", "/two/"):
        ask(path)
    assert (stand_in.times("/one/"), stand_in.times("/two/")) == (1, 1)
    stand_in.pages["/one/"] = Page(b"new", KEPT)
    edge.purge(["section:2", "article:7777", "aXb", "article"])  # keys of other pages, and parts of keys
    assert ask("/one/")[2] == b"old"
    edge.purge(["tag:trams", "article:7"])
    assert ask("/one/")[2] == b"new"
    ask("/two/")
    assert stand_in.times("/two/") == 1, "what has other keys stays"
    edge.purge([f"nothing:{number}" for number in range(Varnish.most_keys - 1)] + ["a.b"])
    ask("/one/")
    assert stand_in.times("/one/") == 3


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"xkey_purge": "article:7"}, 403),
        ({"xkey_purge": "article:7", "X_Purge_Token": "guessed"}, 403),
        ({"X_Purge_Token": TOKEN}, 400),
        ({"xkey_purge": ".*", "X_Purge_Token": TOKEN}, 400),
        ({"xkey_purge": "a) || obj.status != 0 && (a", "X_Purge_Token": TOKEN}, 400),
    ],
)
def test_only_who_has_the_token_purges_and_only_keys(
    stand_in: StandIn, ask: Callable[..., Any], headers: dict[str, str], status: int
) -> None:
    stand_in.pages["/one/"] = Page(b"old", KEPT)
    ask("/one/")
    assert ask("/", "PURGE", **headers)[0] == status
    ask("/one/")
    assert stand_in.times("/one/") == 1


def test_a_refused_purge_is_an_error_that_is_tried_again(site: tuple[StandIn, int]) -> None:
    with pytest.raises(EdgeError, match="403"):
        Varnish(f"http://127.0.0.1:{site[1]}/", "wrong").purge(["a"])


@pytest.mark.parametrize(
    "page",
    [
        Page(b"x", {"Cache-Control": "public, max-age=0, must-revalidate"}),
        Page(b"x", {"Cache-Control": "public, max-age=0, s-maxage=0"}),
        Page(b"x", {**KEPT, "Set-Cookie": "a=b"}),
        Page(b"gone", {"Cache-Control": "max-age=0, must-revalidate"}, 410),
        Page(b"", {"Cache-Control": "public, max-age=3600", "Location": "/two/"}, 301),
        Page(b"x", {}),
    ],
)
def test_what_newsroom_does_not_allow_is_not_kept(stand_in: StandIn, ask: Callable[..., Any], page: Page) -> None:
    stand_in.pages["/one/"] = page
    for _time in range(2):
        assert ask("/one/")[0] == page.status
    assert stand_in.times("/one/") == 2


def test_nothing_old_is_shown_after_its_time(stand_in: StandIn, ask: Callable[..., Any]) -> None:
    stand_in.pages["/one/"] = Page(b"old", {**KEPT, "Cache-Control": "public, max-age=0, s-maxage=1"})
    ask("/one/")
    stand_in.pages["/one/"] = Page(b"new", KEPT)
    time.sleep(1.1)
    assert ask("/one/")[2] == b"new"


def test_readers_have_no_cookie_and_nobody_writes_our_headers(stand_in: StandIn, ask: Callable[..., Any]) -> None:
    stand_in.pages["/one/"] = Page(b"x", KEPT)
    forged = {
        "Cookie": "sessionid=1",
        "X_Forwarded_Host": "evil.example",
        "Authorization": "Bearer x",
        "Forwarded": "host=e",
    }
    _status, headers, _body = ask("/one/", **forged)
    assert not {"cookie", "x-forwarded-host", "authorization", "forwarded"} & set(stand_in.asked[-1].headers)
    assert headers["Cache-Control"] == "public, max-age=0, must-revalidate"
    assert headers["Surrogate-Key"] is headers["x-newsroom-keys"] is None
    assert ask("/one/", If_None_Match='W/"x"')[0] == 304


@pytest.mark.parametrize(
    "path", ["/admin/", "/admin/x/?next=1", "/health/ready", "/metrics", "/preview/abc/", "/api/v1/desk/me/"]
)
def test_the_desk_and_the_watchers_pass_through(stand_in: StandIn, ask: Callable[..., Any], path: str) -> None:
    stand_in.pages[path] = Page(b"x", KEPT)
    for _time in range(2):
        assert ask(path, Cookie="sessionid=1", Authorization="Bearer t")[2] == b"x"
    if "health" not in path:
        assert stand_in.times(path) == 2
        sent = stand_in.asked[-1].headers
        assert (sent["cookie"], sent["authorization"]) == ("sessionid=1", "Bearer t")


def test_forms_pass_through(stand_in: StandIn, ask: Callable[..., Any]) -> None:
    stand_in.pages["/comments/1/"] = Page(b"x", KEPT)
    for _time in range(2):
        ask("/comments/1/", "POST")
    assert [one.method for one in stand_in.asked] == ["POST", "POST"]


# End to end: site, worker and Varnish


@pytest.mark.django_db(transaction=True)
def test_an_edit_is_seen_through_varnish_within_a_second(tmp_path: Path, settings: Any) -> None:
    settings.EDGE = "varnish"  # who saves here tells the worker there
    article = make_article("The tram is late")
    path, port = article.get_absolute_url(), free_port()
    with varnish(tmp_path, port) as front, running(tmp_path, port, front):
        ask = asking(front)
        took = []
        for number in range(5):
            assert ask(path)[1]["X-Cache"] in {"miss", "hit"}
            assert ask(path)[1]["X-Cache"] == "hit"
            article.headline = f"The tram is late by {number + 2} minutes"
            article.save()
            took.append(seconds_until(lambda: article.headline.encode() in ask(path)[2]))
    logging.getLogger(__name__).info("seconds from edit to visible: %s", [round(one, 2) for one in took])
    assert sorted(took)[2] < 1.0, took


@contextmanager
def running(directory: Path, port: int, front: int) -> Iterator[None]:
    environment = {
        **os.environ,
        "RUN_DIR": str(directory),
        "DATABASE_URL": database_url(),
        "DJANGO_SETTINGS_MODULE": "newsroom.settings",
        "SECRET_KEY": "x" * 60,
        "DEBUG": "true",  # styles are not collected here
        "PAGE_CACHE": "true",
        "ALLOWED_HOSTS": "127.0.0.1",
        "EDGE": "varnish",
        "EDGE_URL": f"http://127.0.0.1:{front}/",
        "EDGE_TOKEN": TOKEN,
    }
    server = [
        "-m",
        "granian",
        "--interface",
        "wsgi",
        "--port",
        str(port),
        "--log-level",
        "error",
        "newsroom.wsgi:application",
    ]
    processes = [
        subprocess.Popen([sys.executable, *command], cwd=ROOT, env=environment)
        for command in (server, ["manage.py", "work"])
    ]
    try:
        wait_for(port)
        assert seconds_until(lambda: asking(front)("/health/ready")[0] == 200) < 60
        assert seconds_until(worker_is_seen) < 60
        yield
    finally:
        for process in processes:
            process.send_signal(signal.SIGTERM)
        for process in processes:
            process.wait(30)


def worker_is_seen() -> bool:
    return Heartbeat.objects.exists()


def seconds_until(met: Callable[[], bool]) -> float:
    began = time.monotonic()
    while not met():
        assert time.monotonic() - began < 60, "it does not come"
        time.sleep(0.02)
    return time.monotonic() - began
