"""The site's real processes on a PostgreSQL of its own, with one story that is edited again and again."""

import contextlib
import os
import re
import signal
import subprocess
import sys
import threading
import time
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import psutil  # type: ignore[import-untyped]

from articles import publishing, revisions
from articles.models import Article
from articles.state import WorkingState
from people.models import User
from tests.concurrency import database_url
from tests.conftest import PASSWORD
from tests.factories import make_section
from tests.ports import free_port
from tests.stand_in import asking
from tests.standby import BINARIES, USER

ROOT = Path(__file__).resolve().parent.parent
STUCK = 120.0
"""Seconds after which nothing more is waited for."""

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
    writes: list[str] = field(default_factory=list)
    acknowledged: list[int] = field(default_factory=list)
    seen: int = 0
    wrong: list[tuple[int, int]] = field(default_factory=list)
    stopping: threading.Event = field(default_factory=threading.Event)
    variables: dict[str, str] = field(default_factory=dict)

    def start(self, name: str) -> None:
        """Start one of its processes, as a service manager does."""
        if name == "database":
            _control(self.data, "start", "-o", f'-h "" -k {self.data}')
            return
        commands = {
            "web": ["-m", "granian", "--interface", "wsgi", "--port", str(self.port), "newsroom.wsgi:application"],
            "worker": ["manage.py", "work"],
            "writer": ["-m", "tests.edit_writer", str(max(self.acknowledged, default=0) + 1_000), *self.writes],
        }
        process = subprocess.Popen(
            [sys.executable, *commands[name]],
            cwd=ROOT,
            env=self._environment(),
            stderr=subprocess.DEVNULL,
            text=True,
            bufsize=1,
            stdin=subprocess.PIPE if name == "writer" and self.writes else subprocess.DEVNULL,
            stdout=subprocess.PIPE if name == "writer" else subprocess.DEVNULL,
        )
        self.processes[name] = process
        if name == "writer":
            threading.Thread(target=self._listen, args=[process], daemon=True).start()

    @property
    def origin(self) -> str:
        """Where readers find it."""
        return f"http://127.0.0.1:{self.port}"

    @property
    def story(self) -> str:
        """The path of the story that is edited."""
        return f"/city/the-tram-{self.article}/"

    def ask_for_an_edit(self) -> None:
        """Have a writer that waits to be ``asked`` publish another edit."""
        stdin = self.processes["writer"].stdin
        assert stdin
        stdin.write("\n")

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

    def end(self) -> None:
        """Stop everything but the database; a web server's children would outlive it."""
        self.stopping.set()
        for name, process in self.processes.items():
            with contextlib.suppress(psutil.NoSuchProcess):  # it has ended, and was waited for
                self.kill(name)
            if process.stdin:
                process.stdin.close()

    def _postmaster(self) -> int:
        return int((self.data / "postmaster.pid").read_text().split()[0])

    def read(self) -> None:
        """Be a reader until told to stop."""
        ask = asking(self.port)
        while not self.stopping.is_set():
            with contextlib.suppress(OSError):
                status, _headers, body = ask(self.story)
                if status == 200:
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
            "BASE_URL": self.origin,
            "TRUSTED_PROXIES": "127.0.0.1/32",
            **self.variables,
        }


def _control(data: Path, act: str, *options: str) -> None:
    command = [str(BINARIES / "pg_ctl"), "-w", "-D", str(data), "-l", str(data / "log"), *options, act]
    subprocess.run(command, user=USER, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def make_story() -> Article:
    """The story that is edited, and whoever edits it."""
    boss = User.objects.create_superuser("boss", "boss@example.org", PASSWORD, name="Bo Boss")
    state = WorkingState(
        headline="Edit 0 of the tram", slug="the-tram", section=make_section().pk, body="<p>Text 0 of the tram.</p>"
    )
    return publishing.publish(revisions.create(state, actor=boss), actor=boss)


@contextmanager
def site(directory: Path, *writes: str, more: Callable[[], object] = dict) -> Iterator[Site]:
    """A site on a PostgreSQL of its own, which is a copy of the tests' with one story in it, and what ``more`` makes.

    ``writes`` is told to its writer (see ``tests.edit_writer``).
    """
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # the package speaks of directories that are no concern of ours
        from tests.postgres import server  # noqa: PLC0415

    article = make_story()
    more()
    with server("synchronous_commit = on\n") as url:
        dump = subprocess.run([BINARIES / "pg_dump", database_url()], check=True, capture_output=True).stdout
        subprocess.run([BINARIES / "psql", "-q", url], input=dump, check=True, stdout=subprocess.DEVNULL)
        running = Site(url, Path(parse_qs(urlsplit(url).query)["host"][0]), directory, article.pk, writes=list(writes))
        try:
            for name in ("web", "worker", "writer"):
                running.start(name)
            yield running
        finally:
            running.end()


def recovered(running: Site) -> float:
    """Seconds until a reader gets the page, and another edit is acknowledged."""
    ask, began, known = asking(running.port), time.monotonic(), len(running.acknowledged)

    def is_up() -> bool:
        with contextlib.suppress(OSError):
            return ask("/health/ready")[0] == 200 and len(running.acknowledged) > known
        return False

    while not is_up():
        assert time.monotonic() - began < STUCK, "it does not come back"
        time.sleep(0.05)
    return round(time.monotonic() - began, 1)
