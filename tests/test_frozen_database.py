"""A PostgreSQL that hangs: it refuses nobody, and answers nobody. Real servers, stopped with SIGSTOP."""

import os
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.concurrency import database_url
from tests.ports import free_port
from tests.standby import BINARIES

ROOT = Path(__file__).resolve().parent.parent
PATIENCE = 2
PROMISED = PATIENCE + 2 + 3
"""Seconds: its patience, a connection that is tried, and a machine that is busy with other tests."""

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]


@dataclass
class Site:
    """A web process on a PostgreSQL of its own."""

    port: int
    postmaster: int

    def ask(self, path: str, timeout: float = 60) -> tuple[int, str, float]:
        """Status, words, and the seconds it took."""
        began = time.monotonic()
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self.port}{path}", timeout=timeout) as answer:
                status, body = answer.status, answer.read()
        except urllib.error.HTTPError as error:
            with error:
                status, body = error.code, error.read()
        return status, body.decode(), time.monotonic() - began

    @contextmanager
    def frozen(self) -> Iterator[None]:
        """The whole of the database server stands still."""
        processes = [self.postmaster, *_children(self.postmaster)]
        for process in processes:
            os.kill(process, signal.SIGSTOP)
        try:
            yield
        finally:
            for process in processes:
                os.kill(process, signal.SIGCONT)


@pytest.fixture(scope="module")
def database(django_db_setup: None, tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, str]]:
    """The environment of a newsroom on a server of its own, with the tables of the tests' database."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # the package speaks of directories that are no concern of ours
        from tests.postgres import server  # noqa: PLC0415
    with server() as url:
        environment = {
            "PATH": os.environ["PATH"],
            "RUN_DIR": str(tmp_path_factory.mktemp("site")),
            "SECRET_KEY": "only-for-this-test-and-long-enough-for-every-check-of-django-itself",
            "DATABASE_URL": url,
            "DATABASE_PATIENCE": str(PATIENCE),
            "ALLOWED_HOSTS": "127.0.0.1",
        }
        collect = [sys.executable, "manage.py", "collectstatic", "--no-input", "-v0"]
        subprocess.run(collect, cwd=ROOT, env=environment, check=True)
        dump = subprocess.run([BINARIES / "pg_dump", database_url()], check=True, capture_output=True).stdout
        subprocess.run([BINARIES / "psql", "-q", url], input=dump, check=True, stdout=subprocess.DEVNULL)
        yield environment


@contextmanager
def serving(environment: dict[str, str], application: str = "newsroom.wsgi:application") -> Iterator[Site]:
    port = free_port()
    command = [sys.executable, "-m", "granian", "--interface", "wsgi", "--port", str(port), "--log-level", "critical"]
    command += ["--blocking-threads", "4", application]
    process = subprocess.Popen(command, cwd=ROOT, env=environment, start_new_session=True)
    site = Site(port, _postmaster(environment["DATABASE_URL"]))
    try:
        _until_up(site)
        yield site
    finally:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def _until_up(site: Site) -> None:
    end = time.monotonic() + 60
    while True:
        try:
            assert site.ask("/")[0] == 200
        except urllib.error.URLError:
            assert time.monotonic() < end, "the site did not come up"
            time.sleep(0.2)
        else:
            return


def _postmaster(url: str) -> int:
    data = url.split("host=")[1]
    return int((Path(data) / "postmaster.pid").read_text().split()[0])


def _children(parent: int) -> list[int]:
    found = []
    for status in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = status.read_text().rsplit(")", 1)[1].split()
        except OSError:
            continue  # it has ended
        if int(fields[1]) == parent:
            found.append(int(status.parent.name))
    return found


def test_readers_get_the_page_that_says_so_in_the_time_that_is_promised_and_pages_again_after_it(
    database: dict[str, str],
) -> None:
    with serving(database) as site:
        assert site.ask("/search/?q=tide")[0] == 200
        with site.frozen():
            for path in ("/", "/search/?q=tide", "/no/such/page/", "/feeds/", "/api/v1/articles/", "/comments/1/"):
                status, words, seconds = site.ask(path)
                assert (path, status) == (path, 503)
                assert "cannot be reached" in words
                assert seconds < PROMISED, path
            assert site.ask("/health/live")[0] == 200
            assert site.ask("/health/ready")[0] == 503
        time.sleep(5.5)  # for so long the database is left alone
        assert site.ask("/")[0] == 200
        assert site.ask("/search/?q=tide")[0] == 200


def test_control_without_patience_a_reader_waits_for_as_long_as_the_database_hangs(database: dict[str, str]) -> None:
    application = "newsroom.wsgi:django_application"
    with serving(database, application) as site, site.frozen(), pytest.raises(TimeoutError):
        site.ask("/", timeout=PROMISED + 3)
