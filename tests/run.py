"""Every test at small size: ``python -m tests.run [sqlite] [postgres] [browser] [site] [django-6.1] [api] [soak]``.

Without names: SQLite, PostgreSQL, browser. Each part is one run of pytest. PostgreSQL is brought up for its part and
stopped afterwards, whatever happens. Ends with a line for each part, and with
an exit code that is not zero when any of them failed. The parts ``site`` and ``api`` share one load of the demo.
"""

import os
import signal
import subprocess
import sys
import tempfile
import time
import warnings
from collections.abc import Callable
from pathlib import Path

from tests import api_fuzz
from tests.browser import chromium, demo_site
from tests.soak_sizes import EVERYTHING

ROOT = Path(__file__).resolve().parent.parent
PYTHON_6_1 = ROOT / ".venv-6.1" / "bin" / "python"
SMALL = ["-m", "not browser and not soak"]
WHERE_IT_MAY_DIFFER = "database and not browser and not soak and not once"
PROCESSES = 3
"""One more than there are cores at least: tests wait for browsers, and for servers that were killed or stand still."""
WITHOUT_END = ("-n", "0", "--dist", "no", "-o", "timeout=0", "-o", "faulthandler_timeout=0")
ONLY_IN_LONG_RUNS = "soak or (once and database and not browser)"


def pytest(*arguments: str, python: str = sys.executable, **environment: str) -> int:
    """Run pytest on several processes, which take work from each other at the end; returns its exit code.

    What is compiled is kept whatever the shell says: every process would compile every test again.
    """
    command = [python, "-m", "pytest", "-q", "-n", str(PROCESSES), "--dist", "worksteal", *arguments]
    inherited = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    return subprocess.call(command, cwd=ROOT, env=inherited | environment)


def sqlite() -> str:
    """Everything that needs no browser, on SQLite."""
    return verdict(pytest(*SMALL, DATABASE_URL=""))


def postgres() -> str:
    """What works with the database again, on a PostgreSQL of its own, and what only PostgreSQL can do.

    Of the cases of a test that SQLite was asked already it is asked two, unless everything is to be tried.
    """
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # the package speaks of directories that are no concern of ours
        from tests.postgres import server  # noqa: PLC0415 - the other parts do without it
    cases: dict[str, str] = {} if EVERYTHING else {"CASES": "2"}
    with server() as url:
        return verdict(pytest("-m", WHERE_IT_MAY_DIFFER, DATABASE_URL=url, **cases))


def browser() -> str:
    """What needs a Chromium."""
    return in_browser("browser and not site and not soak")


def site() -> str:
    """Every page of the whole demo newsroom in a Chromium: looks, axe, Nu, hostile words."""
    return in_browser("site and not soak")


def in_browser(mark: str, **environment: str) -> str:
    """The browser tests of a mark, where there is a Chromium."""
    if chromium.find() is None:
        return "FAILED: " + chromium.MISSING if chromium.is_required() else "left out: " + chromium.MISSING
    return verdict(pytest("-m", mark, "tests/browser", DATABASE_URL="", **environment))


def django_6_1() -> str:
    """What works with the database again, on Django 6.1."""
    if not PYTHON_6_1.exists():
        return "left out: needs a Python 3.12 or later, on the PATH or under a version manager"
    return verdict(pytest("-m", WHERE_IT_MAY_DIFFER, python=str(PYTHON_6_1), DATABASE_URL=""))


def api() -> str:
    """The API, asked all that its description allows and forbids, by a fuzzer in an environment of its own."""
    problem = api_fuzz.install()
    if problem:
        return ("FAILED: " if os.environ.get("REQUIRE_API_FUZZ") else "left out: ") + problem
    return "passed" if api_fuzz.fuzz() == 0 else "FAILED (see above)"


def soak() -> str:
    """The long runs, on PostgreSQL; then the browser's tests again, in every look."""
    from tests.postgres import server  # noqa: PLC0415

    with server() as url:
        code = pytest("-m", ONLY_IN_LONG_RUNS, *WITHOUT_END, DATABASE_URL=url, EVERYTHING="1")
    looks = in_browser("browser and not site and not soak", ALL_LOOKS="1")
    return looks if code == 0 else verdict(code)


PARTS: dict[str, Callable[[], str]] = {
    "sqlite": sqlite,
    "postgres": postgres,
    "browser": browser,
    "site": site,
    "django-6.1": django_6_1,
    "api": api,
    "soak": soak,
}
SMALL_PARTS = ["sqlite", "postgres", "browser"]


def verdict(code: int) -> str:
    """What to say of a run of pytest."""
    return "passed" if code == 0 else f"FAILED (pytest ended with {code})"


def stop(_number: int, _frame: object) -> None:
    """End as on Ctrl-C, so that what was started is stopped."""
    raise KeyboardInterrupt


def main(names: list[str]) -> int:
    """Run the parts ``names``, or all small ones; 1 when any failed."""
    unknown = [name for name in names if name not in PARTS]
    if unknown:
        print(f"No such part: {', '.join(unknown)}. There are: {', '.join(PARTS)}.", file=sys.stderr)
        return 2
    signal.signal(signal.SIGTERM, stop)
    with tempfile.TemporaryDirectory(prefix="newsroom-demo-") as loaded:
        os.environ[demo_site.LOADED] = loaded
        return run(names or SMALL_PARTS)


def run(names: list[str]) -> int:
    """Run the parts ``names`` one after the other and say how each went."""
    results = []
    for name in names:
        print(f"\n== {name}: {(PARTS[name].__doc__ or '').splitlines()[0]}", flush=True)
        start = time.monotonic()
        result = PARTS[name]()
        results.append(result)
        print(f"== {name} {result} ({time.monotonic() - start:.0f} s)", flush=True)
    print("\n" + "\n".join(f"{name:<11} {result}" for name, result in zip(names, results, strict=True)))
    return int(any(result.startswith("FAILED") for result in results))


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1:]))
    except KeyboardInterrupt:
        sys.exit("\nInterrupted; everything that was started has been stopped.")
