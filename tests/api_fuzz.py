"""Schemathesis asks the API whatever its description allows and forbids: ``python -m tests.api_fuzz [examples]``.

It lives in an environment of its own, ``run/schemathesis``, as it wants
packages in other versions than ours. A server of its own serves the demo
newsroom from a directory that is removed afterwards. Where the environment
cannot be made the run is left out and says so; with ``REQUIRE_API_FUZZ=1``
that is an error.
"""

import os
import signal
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
import venv
from pathlib import Path

from tests.browser import demo_site
from tests.ports import free_port

ROOT = Path(__file__).resolve().parent.parent
HOME = ROOT / "run" / "schemathesis"
FUZZER = HOME / "bin" / "schemathesis"
PACKAGE = "schemathesis==4.32.5"
SEED = "20260504"
EXAMPLES = "12"
STARTING = 60
"""Seconds the server may take until it answers."""

MAKE_TOKEN = (
    "from people import tokens; from people.models import Scope, User; "
    "print(tokens.make('Fuzz', Scope.values, 7, actor=User.objects.get(email='chief@example.org'))[1])"
)


def install() -> str:
    """Make the environment once; gives why it could not be made, or nothing."""
    if FUZZER.exists():
        return ""
    try:
        venv.create(HOME, with_pip=True)
        pip = [str(HOME / "bin" / "python"), "-m", "pip", "install", "--quiet", PACKAGE]
        subprocess.run(pip, check=True, capture_output=True, text=True)
    except (subprocess.CalledProcessError, OSError) as error:
        told = str(getattr(error, "stderr", "") or error).strip().splitlines()
        return f"{PACKAGE} could not be installed: {told[-1] if told else 'no reason given'}"
    return ""


def environment(directory: str, port: int) -> dict[str, str]:
    """Settings of a newsroom of its own, with limits that do not stand in a fuzzer's way."""
    rates = dict.fromkeys(("ADDRESS", "EMAIL", "ARTICLE"), "1000000")
    return {
        **os.environ,
        **{f"COMMENTS_RATE_{name}": rate for name, rate in rates.items()},
        "API_TOKEN_RATE": "100000",
        "RUN_DIR": directory,
        "DATABASE_URL": "",
        "SECRET_KEY": demo_site.SECRET_KEY,
        "BASE_URL": f"http://127.0.0.1:{port}",
        "ALLOWED_HOSTS": "127.0.0.1",
        "LOG_LEVEL": "ERROR",
    }


def manage(settings: dict[str, str], *arguments: str) -> str:
    """A management command; gives what it said."""
    command = [sys.executable, "manage.py", *arguments]
    return subprocess.run(command, cwd=ROOT, env=settings, check=True, capture_output=True, text=True).stdout


def serve(settings: dict[str, str], port: int) -> subprocess.Popen[bytes]:
    """The site as it runs in production, page cache included."""
    granian = [sys.executable, "-m", "granian", "--interface", "wsgi", "--host", "127.0.0.1", "--port", str(port)]
    server = subprocess.Popen([*granian, "newsroom.wsgi:application"], cwd=ROOT, env=settings, start_new_session=True)
    until = time.monotonic() + STARTING
    while server.poll() is None and time.monotonic() < until:
        try:
            with urllib.request.urlopen(f"{settings['BASE_URL']}/health/", timeout=5):
                return server
        except (urllib.error.URLError, OSError):
            time.sleep(0.2)
    stop(server)
    raise RuntimeError("the server does not answer")


def stop(server: subprocess.Popen[bytes]) -> None:
    """End the server and what it started."""
    if server.poll() is None:
        os.killpg(server.pid, signal.SIGTERM)
    server.wait()


def fuzz(examples: str = EXAMPLES) -> int:
    """Serve the demo newsroom and have the fuzzer ask it; its exit code."""
    with tempfile.TemporaryDirectory() as directory:
        port = free_port()
        settings = environment(f"{directory}/site", port)
        demo_site.lay(Path(directory, "site"), Path(directory, "demo-as-loaded"))
        token = manage(settings, "shell", "-v0", "-c", MAKE_TOKEN).strip()
        server = serve(settings, port)
        try:
            where = f"{settings['BASE_URL']}/api/v1/openapi.json"
            config = ["--config-file", str(ROOT / "tests" / "api_fuzz.toml")]
            asked = ["--max-examples", examples, "--seed", SEED, "--continue-on-failure", "--no-color"]
            header = ["--header", f"Authorization: Bearer {token}"]
            return subprocess.call([str(FUZZER), *config, "run", where, *header, *asked], cwd=directory)
        finally:
            stop(server)


def main(arguments: list[str]) -> int:
    """Install and run; 0 where it is left out, unless it is required."""
    problem = install()
    if problem:
        required = bool(os.environ.get("REQUIRE_API_FUZZ"))
        sys.stderr.write(f"{'FAILED' if required else 'left out'}: {problem}\n")
        return int(required)
    return fuzz(*arguments[:1])


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
