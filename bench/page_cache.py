"""A stored page against the least a server can do, in one run: ``python -m bench.page_cache`` (needs ``wrk``).

The demo newsroom on SQLite and on PostgreSQL, its story with the most comments, one granian process with four threads,
eight connections; the rounds of all servers are interleaved. Result: ``bench/results/page-cache.md``.
"""

import argparse
import os
import platform
import re
import secrets
import shutil
import signal
import socket
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psutil  # type: ignore[import-untyped]

from tests import postgres

ROOT = Path(__file__).resolve().parent.parent
RESULT = ROOT / "bench" / "results" / "page-cache.md"
CONNECTIONS = 8

FIND = """
from django.db.models import Count
from articles.models import Article
stories = Article.objects.public().annotate(size=Count("comments")).select_related("section")
story = stories.order_by("-size", "pk").first()
print(story.get_absolute_url())
"""
WRITE = """
import sys, time
from pagecache.writing import bump
while True:
    bump(["front" if sys.argv[-1] == "elsewhere" else sys.argv[-1]]); time.sleep(0.1)
"""
"""Ten writes a second: of a key that the story does not have, or of one that it has."""


@dataclass
class Server:
    """One way to answer, running.

    ``seen`` are requests a second, milliseconds of processor time for each, ours and the database's, and those in which
    99 of 100 were answered.
    """

    name: str
    application: str
    environment: dict[str, str]
    path: str
    database: bool = False
    headers: dict[str, str] = field(default_factory=dict)
    port: int = 0
    process: Any = None
    seen: list[tuple[float, float, float, float]] = field(default_factory=list)

    def start(self) -> None:
        """Start it, and wait until it answers."""
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
        command = [
            sys.executable,
            "-m",
            "granian",
            "--interface",
            "wsgi",
            "--log-level",
            "error",
            "--port",
            str(self.port),
        ]
        command += ["--workers", "1", "--blocking-threads", "4", "--backpressure", "32", self.application]
        self.process = subprocess.Popen(command, env=self.environment, cwd=ROOT)
        end = time.monotonic() + 60
        while time.monotonic() < end:
            with suppress(OSError):
                urllib.request.urlopen(f"http://127.0.0.1:{self.port}{self.path}", timeout=10).read()
                return
            time.sleep(0.2)
        raise TimeoutError(self.name)

    def stop(self) -> None:
        """Stop it."""
        self.process.send_signal(signal.SIGTERM)
        self.process.wait(30)

    def measure(self, seconds: int) -> None:
        """One round."""
        before, database_before = self._used(), _used_by_postgres() if self.database else 0.0
        command = ["wrk", "-t1", f"-c{CONNECTIONS}", f"-d{seconds}s", "--latency"]
        command += [part for name, value in self.headers.items() for part in ("-H", f"{name}: {value}")]
        told = subprocess.run(
            [*command, f"http://127.0.0.1:{self.port}{self.path}"], capture_output=True, text=True, check=True
        ).stdout
        match = re.search(r"(\d+) requests in", told)
        assert match, told
        count = int(match.group(1))
        assert "Non-2xx" not in told or self.headers, told
        own = self._used() - before
        database = (_used_by_postgres() - database_before) if self.database else 0.0
        self.seen.append((count / seconds, own / count * 1000, database / count * 1000, _slowest(told)))

    def _used(self) -> float:
        main = psutil.Process(self.process.pid)
        return sum(_used(one) for one in [main, *main.children(recursive=True)])

    def median(self) -> tuple[float, float, float, float]:
        """The medians of the rounds."""
        rate, own, database, slowest = (statistics.median(values) for values in zip(*self.seen, strict=True))
        return rate, own, database, slowest


def _slowest(told: str) -> float:
    """The milliseconds in which 99 of 100 were answered, as ``wrk`` writes them."""
    match = re.search(r"99%\s+([\d.]+)(us|ms|s)\b", told)
    assert match, told
    return float(match.group(1)) * {"us": 0.001, "ms": 1, "s": 1000}[match.group(2)]


def _used(process: psutil.Process) -> float:
    with suppress(psutil.Error):
        times = process.cpu_times()
        return float(times.user + times.system)
    return 0.0


def _used_by_postgres() -> float:
    return sum(_used(one) for one in psutil.process_iter(["name"]) if one.info["name"].startswith("postgres"))


def environment(directory: Path, database_url: str) -> dict[str, str]:
    """A newsroom's own."""
    return {
        **os.environ,
        "RUN_DIR": str(directory),
        "DATABASE_URL": database_url,
        "SECRET_KEY": secrets.token_urlsafe(50),
        "ALLOWED_HOSTS": "127.0.0.1",
        "BASE_URL": "http://127.0.0.1:8000",
        "LOG_LEVEL": "ERROR",
    }


def manage(env: dict[str, str], *arguments: str) -> str:
    """A management command's output."""
    command = [sys.executable, "manage.py", *arguments]
    return subprocess.run(command, env=env, cwd=ROOT, check=True, capture_output=True, text=True).stdout.strip()


@contextmanager
def newsroom(name: str, url: str) -> Iterator[tuple[dict[str, str], str]]:
    """The demo newsroom in a database; its environment, and the address of its liveliest story."""
    with tempfile.TemporaryDirectory() as directory:
        env = environment(Path(directory), url or f"sqlite:///{directory}/newsroom.sqlite3")
        for command in (("migrate", "-v0"), ("collectstatic", "--no-input", "-v0"), ("load_demo",)):
            print(name, *command, flush=True)
            manage(env, *command)
        yield env, manage(env, "shell", "-v0", "-c", FIND).splitlines()[-1]


@contextmanager
def writing(env: dict[str, str], key: str) -> Iterator[None]:
    """Somebody writes ten times a second."""
    code = WRITE.replace("sys.argv[-1]", repr(key))
    process = subprocess.Popen([sys.executable, "manage.py", "shell", "-v0", "-c", code], env=env, cwd=ROOT)
    time.sleep(3)
    try:
        yield
    finally:
        process.kill()
        process.wait()


def measure(name: str, url: str, rounds: int, seconds: int) -> list[str]:
    """Every server on one database; the lines of its table."""
    with newsroom(name, url) as (env, path), tempfile.NamedTemporaryFile() as file:
        key = "article:" + path.rstrip("/").rpartition("-")[2]
        app = "newsroom.wsgi:application"
        stored = Server("stored page", app, env, path, database=bool(url))
        stored.start()
        page = urllib.request.urlopen(f"http://127.0.0.1:{stored.port}{path}")
        etag, body = page.headers["ETag"], page.read()
        Path(file.name).write_bytes(body)
        reference = {**env, "REFERENCE_PAGE": file.name}
        compressed = Server("stored page, gzip", app, env, path, bool(url), {"Accept-Encoding": "gzip"})
        known = Server("stored page, 304", app, env, path, bool(url), {"If-None-Match": etag})
        uncached = Server("rendered each time", app, {**env, "PAGE_CACHE": "false"}, path, bool(url))
        bare = Server("bare WSGI", "bench.references:bare", reference, path)
        view = Server("one Django view", "bench.references:view", reference, path)
        middleware = Server("Django's cache middleware", "bench.references:middleware", reference, path)
        elsewhere = Server("stored page, ten writes a second elsewhere", app, env, path, bool(url))
        here = Server("stored page, changed ten times a second", app, env, path, bool(url))
        alone = [bare, stored, compressed, known, view, middleware, uncached]
        for server in [*alone[2:], bare, elsewhere, here]:
            server.start()
        for _ in range(rounds):
            for server in alone:
                server.measure(seconds)
            for server, written in ((elsewhere, "elsewhere"), (here, key)):
                with writing(env, written):
                    server.measure(seconds)
        for server in [*alone, elsewhere, here]:
            server.stop()
        return [f"## {name}", "", f"A page of {len(body):,} bytes.", "", *table([*alone, elsewhere, here], bare), ""]


def table(servers: list[Server], bare: Server) -> list[str]:
    """What was measured, beside the bare answer."""
    lines = [
        "| | requests a second | of bare WSGI | our processor time | the database's | 99 of 100 within |",
        "| --- | --- | --- | --- | --- | --- |",
    ]
    for server in servers:
        rate, own, database, slowest = server.median()
        share = rate / bare.median()[0]
        other = f"{database:.3f} ms" if server.database else "–"
        lines.append(f"| {server.name} | {rate:,.0f} | {share:.0%} | {own:.3f} ms | {other} | {slowest:.1f} ms |")
    return lines


def main() -> None:
    """Measure, and write the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--seconds", type=int, default=4)
    options = parser.parse_args()
    if shutil.which("wrk") is None:
        sys.exit("This needs wrk (Debian: apt install wrk).")
    about = f"Python {platform.python_version()}, {os.cpu_count()} cores, {time.strftime('%Y-%m-%d')}"
    lines = [
        "# A stored page, from Python itself",
        "",
        f"{about}; load at the start {os.getloadavg()[0]:.1f}. Medians of interleaved rounds ({options.rounds} of",
        f"{options.seconds} s), wrk beside the server on the same cores, {CONNECTIONS} connections, granian with one",
        "process and four threads.",
        "",
        *measure("SQLite", "", options.rounds, options.seconds),
    ]
    with postgres.server() as url:
        lines += measure("PostgreSQL", url, options.rounds, options.seconds)
    RESULT.write_text("\n".join(lines))
    print(*lines, sep="\n")


if __name__ == "__main__":
    main()
