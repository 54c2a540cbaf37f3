"""A pgbouncer of our own that lends PostgreSQL's connections for one transaction at a time, where it is installed."""

import os
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

from tests.standby import USER

BINARY = shutil.which("pgbouncer", path=os.environ["PATH"] + ":/usr/sbin")
MISSING = "needs a pgbouncer, on the PATH or in /usr/sbin"

_CONFIGURATION = """
[databases]
* = host={server} user=postgres
[pgbouncer]
pool_mode = transaction
default_pool_size = {size}
ignore_startup_parameters = {ignored}
listen_addr =
listen_port = 5432
unix_socket_dir = {home}
auth_type = any
max_client_conn = 100
logfile = {home}/log
"""


@contextmanager
def pooler(url: str, size: int = 2, *, ignored: str = "extra_float_digits") -> Iterator[str]:
    """The address of the same database behind it; it has ``size`` connections for all who come."""
    assert BINARY
    direct = urlsplit(url)
    home = Path(tempfile.mkdtemp(prefix="newsroom-pooler-"))  # a socket's path must be short
    try:
        words = {"server": parse_qs(direct.query)["host"][0], "size": size, "ignored": ignored, "home": home}
        (home / "ini").write_text(_CONFIGURATION.format(**words))
        if USER:
            shutil.chown(home, USER)
        process = subprocess.Popen([BINARY, "-q", str(home / "ini")], user=USER, stderr=subprocess.DEVNULL)
        try:
            _wait(home / ".s.PGSQL.5432")
            yield direct._replace(query=f"host={home}").geturl()
        finally:
            process.kill()
            process.wait()
    finally:
        shutil.rmtree(home, ignore_errors=True)


def _wait(socket: Path) -> None:
    end = time.monotonic() + 20
    while not socket.exists():
        assert time.monotonic() < end, "the pooler does not start"
        time.sleep(0.02)
