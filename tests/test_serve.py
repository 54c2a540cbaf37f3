"""The `serve` command: the real server and worker, as `make demo` starts them."""

import os
import re
import signal
import socket
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Iterator
from email.message import Message
from pathlib import Path

import pytest

from tests import migrated
from tests.ports import free_port

ROOT = Path(__file__).resolve().parent.parent
PATIENCE = 40


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """The environment of a site that is installed, empty, in a directory of its own."""
    directory = tmp_path_factory.mktemp("site")
    environment = {
        "PATH": os.environ["PATH"],
        "RUN_DIR": str(directory),
        "SECRET_KEY": "only-for-this-test-and-long-enough-for-every-check-of-django-itself",
        "PYTHONUNBUFFERED": "1",
    }
    migrated.lay_file(directory / "newsroom.sqlite3")
    for command in (["migrate", "--verbosity", "0"], ["collectstatic", "--no-input", "--verbosity", "0"]):
        subprocess.run([sys.executable, "manage.py", *command], cwd=ROOT, env=environment, check=True)
    return environment


@pytest.fixture
def port() -> int:
    return free_port()


def serving(environment: dict[str, str], port: int) -> subprocess.Popen[str]:
    command = [sys.executable, "manage.py", "serve", "--port", str(port)]
    return subprocess.Popen(
        command,
        cwd=ROOT,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
    )


@pytest.fixture(scope="module")
def site(installed: dict[str, str]) -> Iterator[int]:
    """The port of a site that is up."""
    port = free_port()
    process = serving(installed, port)
    assert process.stdout is not None
    for line in process.stdout:
        if "is up" in line:
            break
    else:
        pytest.fail("the site did not come up")
    yield port
    with process:
        process.terminate()
        process.wait(PATIENCE)


def fetch(port: int, path: str) -> tuple[int, Message, bytes]:
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}{path}", timeout=10) as response:
            return response.status, response.headers, response.read()
    except urllib.error.HTTPError as error:
        with error:
            return error.code, error.headers, error.read()


def test_pages_and_their_static_files_are_served_under_names_that_may_be_kept_for_ever(site: int) -> None:
    status, headers, page = fetch(site, "/no/such/page/")
    assert status == 404
    assert "default-src 'none'" in headers["Content-Security-Policy"]
    assert fetch(site, "/health/")[0] == 200
    styles = re.findall(r'href="(/static/[^"]+\.css)"', page.decode())
    assert styles
    for path in styles:
        assert re.search(r"\.[0-9a-f]{12}\.css$", path)
        status, headers, _ = fetch(site, path)
        assert status == 200
        assert "immutable" in headers["Cache-Control"]


def test_every_module_that_a_script_imports_is_there(site: int) -> None:
    """Hashed names reach into `import` statements, or no script of ours would start in production."""
    paths = set(re.findall(r'src="(/static/[^"]+\.js)"', fetch(site, "/")[2].decode()))
    paths |= set(re.findall(r'src="(/static/[^"]+\.js)"', fetch(site, "/admin/account/login/")[2].decode()))
    seen: set[str] = set()
    while paths - seen:
        path = (paths - seen).pop()
        seen.add(path)
        status, _, source = fetch(site, path)
        assert status == 200, path
        base = path.rsplit("/", 1)[0]
        paths |= {
            os.path.normpath(f"{base}/{name}")
            for name in re.findall(r'(?:import|from)\s*\(?"(\.[^"]+)"', source.decode())
        }


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_stopping_it_stops_server_and_worker_cleanly(
    installed: dict[str, str], port: int, number: signal.Signals
) -> None:
    process = serving(installed, port)
    assert process.stdout is not None
    lines: list[str] = []
    sent: set[signal.Signals] = set()
    for line in process.stdout:
        lines.append(line)
        if "".join(lines).count("is up") + "".join(lines).count("worker started") == 2 and number not in sent:
            sent.add(number)
            assert fetch(port, "/health/")[0] == 200
            os.killpg(process.pid, number)  # as a terminal does: to everything it can reach
    assert process.wait(PATIENCE) == 0
    process.stdout.close()
    assert "worker stopped" in "".join(lines)
    assert "Traceback" not in "".join(lines)
    with pytest.raises(OSError, match="refused"):
        socket.create_connection(("127.0.0.1", port), timeout=1)


def test_a_taken_port_is_said_in_words(installed: dict[str, str], port: int) -> None:
    with socket.create_server(("127.0.0.1", port)):
        process = serving(installed, port)
        output, _ = process.communicate(timeout=PATIENCE)
    assert process.returncode == 1
    assert f"port {port}" in output
    assert f"PORT={port + 1}" in output
    assert "Traceback" not in output
