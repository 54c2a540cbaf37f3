"""``kill -9`` of web, worker, writer and database under load: nothing acknowledged is lost, nothing half published.

``make test`` kills five times, ``make soak`` a hundred.
"""

import contextlib
import itertools
import logging
import os
import random
import re
import signal
import subprocess
import sys
import threading
import time
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import psutil  # type: ignore[import-untyped]
import psycopg
import pytest

from articles import publishing, revisions
from articles.state import WorkingState
from people.models import User
from tests.concurrency import database_url
from tests.conftest import PASSWORD
from tests.factories import make_section
from tests.ports import free_port
from tests.soak_sizes import KILLS
from tests.stand_in import asking
from tests.standby import BINARIES, USER

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]

ROOT = Path(__file__).resolve().parent.parent
RECOVERY = 10.0
"""Seconds from the new start of what was killed until a reader gets the page and an edit is acknowledged; on a machine
that is busy with other things, three times what the very first start took."""

READERS = 2
SHOWN = re.compile(rb"Edit (\d+) of the tram.*?Text (\d+) of the tram\.", re.DOTALL)


@dataclass
class Site:
    """The site's processes, and what was seen of them."""

    url: str
    data: Path
    directory: Path
    article: int
    port: int = field(default_factory=free_port)
    processes: dict[str, subprocess.Popen[str]] = field(default_factory=dict)
    acknowledged: list[int] = field(default_factory=list)
    seen: int = 0
    wrong: list[tuple[int, int]] = field(default_factory=list)
    stopping: threading.Event = field(default_factory=threading.Event)

    def start(self, name: str) -> None:
        """Start one of its processes, as a service manager does."""
        if name == "database":
            _control(self.data, "start", "-o", f'-h "" -k {self.data}')
            return
        commands = {
            "web": ["-m", "granian", "--interface", "wsgi", "--port", str(self.port), "newsroom.wsgi:application"],
            "worker": ["manage.py", "work"],
            "writer": ["-m", "tests.crash_writer", str(max(self.acknowledged, default=0) + 1_000)],
        }
        out = subprocess.PIPE if name == "writer" else subprocess.DEVNULL
        command = [sys.executable, *commands[name]]
        process = subprocess.Popen(
            command, cwd=ROOT, env=self._environment(), stdout=out, stderr=subprocess.DEVNULL, text=True
        )
        self.processes[name] = process
        if name == "writer":
            threading.Thread(target=self._listen, args=[process], daemon=True).start()

    def kill(self, name: str) -> None:
        """With -9, its children too."""
        pid = self._postmaster() if name == "database" else self.processes[name].pid
        parent = psutil.Process(pid)
        doomed = [parent, *parent.children(recursive=True)]
        for one in doomed:
            with contextlib.suppress(psutil.NoSuchProcess):
                one.send_signal(signal.SIGKILL)
        if name != "database":
            self.processes[name].wait()
        psutil.wait_procs(doomed, timeout=20)

    def _postmaster(self) -> int:
        return int((self.data / "postmaster.pid").read_text().split()[0])

    def read(self) -> None:
        """Be a reader until told to stop."""
        ask = asking(self.port)
        path = f"/city/the-tram-{self.article}/"
        while not self.stopping.is_set():
            with contextlib.suppress(OSError):
                status, headers, body = ask(path)
                if status == 301:
                    path = str(headers["Location"])
                elif status == 200:
                    self._look(body)
            time.sleep(0.02)

    def _look(self, body: bytes) -> None:
        found = SHOWN.search(body)
        headline, text = (int(found[1]), int(found[2])) if found else (-1, -2)
        self.seen += 1
        if headline != text:
            self.wrong.append((headline, text))

    def _listen(self, process: subprocess.Popen[str]) -> None:
        assert process.stdout
        with process.stdout:
            self.acknowledged.extend(int(line) for line in process.stdout if line.endswith("\n"))

    def _environment(self) -> dict[str, str]:
        return {
            **os.environ,
            "RUN_DIR": str(self.directory),
            "DATABASE_URL": self.url,
            "DJANGO_SETTINGS_MODULE": "newsroom.settings",
            "SECRET_KEY": "x" * 60,
            "DEBUG": "true",  # styles are not collected here
            "PAGE_CACHE": "true",
            "ALLOWED_HOSTS": "127.0.0.1",
        }


def _control(data: Path, act: str, *options: str) -> None:
    command = [str(BINARIES / "pg_ctl"), "-w", "-D", str(data), "-l", str(data / "log"), *options, act]
    subprocess.run(command, user=USER, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


@contextmanager
def site(directory: Path) -> Iterator[Site]:
    """A site on a PostgreSQL of its own, which is a copy of the tests' with one story in it."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # the package speaks of directories that are no concern of ours
        from tests.postgres import server  # noqa: PLC0415

    boss = User.objects.create_superuser("boss@example.org", "Bo Boss", PASSWORD)
    state = WorkingState(headline="Edit 0 of the tram", section=make_section().pk, body="<p>Text 0 of the tram.</p>")
    article = revisions.create(state, actor=boss)
    publishing.publish(article, actor=boss)
    with server("synchronous_commit = on\n") as url:
        dump = subprocess.run([BINARIES / "pg_dump", database_url()], check=True, capture_output=True).stdout
        subprocess.run([BINARIES / "psql", "-q", url], input=dump, check=True, stdout=subprocess.DEVNULL)
        running = Site(url, Path(parse_qs(urlsplit(url).query)["host"][0]), directory, article.pk)
        try:
            for name in ("web", "worker", "writer"):
                running.start(name)
            yield running
        finally:
            running.stopping.set()
            for process in running.processes.values():
                process.kill()
                process.wait()


@pytest.mark.parametrize("kills", [5, pytest.param(KILLS, marks=pytest.mark.soak)])
def test_nothing_acknowledged_is_lost_and_nothing_half_published(kills: int, tmp_path: Path) -> None:
    chance = random.Random(7)
    took: list[float] = []
    with site(tmp_path) as running:
        first = _recovered(running)
        readers = [threading.Thread(target=running.read) for _ in range(READERS)]
        for reader in readers:
            reader.start()
        for name in itertools.islice(itertools.cycle(["web", "database", "worker", "writer", "database"]), kills):
            time.sleep(chance.uniform(0.2, 1.5))
            running.kill(name)
            running.start(name)
            took.append(_recovered(running))
        running.stopping.set()
        for reader in readers:
            reader.join()
        running.kill("writer")
        with psycopg.connect(running.url) as connection:
            rows = connection.execute("SELECT headline, body_html FROM articles_article").fetchall()
            revisions_made = connection.execute("SELECT headline FROM articles_revision").fetchall()
    revised = {_number(headline) for (headline,) in revisions_made}
    [(headline, body)] = rows
    told = (len(running.acknowledged), running.seen, took)
    logging.getLogger(__name__).info("edits acknowledged %d, pages read %d, seconds to recover %s", *told)
    assert SHOWN.search(f"{headline} {body}".encode())
    assert running.wrong == []
    assert running.seen > 0
    assert set(running.acknowledged) <= revised, "an acknowledged edit is lost"
    assert _number(headline) >= max(running.acknowledged)
    assert len(running.acknowledged) > kills
    assert max(took) < max(RECOVERY, 3 * first)


def _number(headline: str) -> int:
    return int(re.findall(r"\d+", headline)[0])


def _recovered(running: Site) -> float:
    """Seconds until a reader gets the page, and another edit is acknowledged."""
    ask, began, known = asking(running.port), time.monotonic(), len(running.acknowledged)

    def is_up() -> bool:
        with contextlib.suppress(OSError):
            return ask("/health/ready")[0] == 200 and len(running.acknowledged) > known
        return False

    while not is_up():
        assert time.monotonic() - began < 120, "it does not come back"
        time.sleep(0.05)
    return round(time.monotonic() - began, 1)
