"""A Redis of our own for a few tests, where ``redis-server`` or ``valkey-server`` is installed."""

import contextlib
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager

STARTING = 10.0
BINARY = shutil.which("redis-server") or shutil.which("valkey-server")
MISSING = "needs a redis-server or valkey-server on the PATH"


@contextmanager
def server(port: int) -> Iterator[subprocess.Popen[bytes]]:
    """A running server that keeps nothing on the disk; its address is ``redis://127.0.0.1:PORT/0``."""
    assert BINARY
    options = ["--port", str(port), "--bind", "127.0.0.1", "--save", "", "--appendonly", "no", "--daemonize", "no"]
    process = subprocess.Popen([BINARY, *options], stdout=subprocess.DEVNULL)
    try:
        _wait(port)
        yield process
    finally:
        process.kill()
        process.wait()


def _wait(port: int) -> None:
    end = time.monotonic() + STARTING
    while time.monotonic() < end:
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
            return
        time.sleep(0.02)
    raise AssertionError("the Redis does not start")
