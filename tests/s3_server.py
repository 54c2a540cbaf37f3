"""An S3-compatible server: moto's, from an environment of its own, since it brings dozens of packages."""

import contextlib
import os
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.ports import free_port

ROOT = Path(__file__).resolve().parent.parent
BINARY = shutil.which("moto_server", path=f"{os.environ['PATH']}:{ROOT / '.venv-moto/bin'}")
MISSING = "needs a moto_server on the PATH or in .venv-moto (make .venv-moto/installed)"
STARTING = 40


@contextmanager
def server() -> Iterator[str]:
    """The address of a server with nothing in it."""
    assert BINARY
    port = free_port()
    command = [BINARY, "-H", "127.0.0.1", "-p", str(port)]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        end = time.monotonic() + STARTING
        while time.monotonic() < end:
            with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
                break
            time.sleep(0.05)
        yield f"http://127.0.0.1:{port}"
    finally:
        process.kill()
        process.wait()
