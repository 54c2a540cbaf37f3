"""What an archive of 14,000 real articles costs: taking it in, reading its pages, searching it.

Measured on SQLite and on a PostgreSQL of its own; results go to ``bench/results/archive.md``.
Each search is set against the plain scan that it replaces: counting the texts that hold its first word.
"""

import os
import platform
import re
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
DATA = ROOT.parent / "shared" / "data" / "related"
SETS = ("digitalgov", "allsides")
RESULTS = ROOT / "bench" / "results" / "archive.md"
ROUNDS = 15
QUERIES = (
    "the",
    "said president",
    "people government new",
    "climate",
    '"white house"',
    "data -election",
    "gove",
    "zzyzx",
    "presidnet",
)


@dataclass
class Statements:
    """What was asked of the database, to be asked again by itself."""

    asked: list[tuple[str, Any]] = field(default_factory=list)

    def __call__(self, execute: Callable[..., Any], sql: str, params: Any, many: bool, context: Any) -> Any:
        """Django's hook round every statement."""
        self.asked.append((sql, params))
        return execute(sql, params, many, context)

    def seconds(self) -> float:
        """How long the database takes for all of them, every row fetched (SQLite works while rows are fetched)."""
        from django.db import connection  # noqa: PLC0415 - settings depend on the database under test

        start = time.perf_counter()
        for sql, params in self.asked:
            with connection.cursor() as cursor:
                cursor.execute(sql, params)
                if sql.lstrip().upper().startswith(("SELECT", "WITH", "(")):
                    cursor.fetchall()
        return time.perf_counter() - start


@dataclass
class Row:
    """Medians over the rounds: milliseconds in the database and in all."""

    name: str
    statements: int
    database: float
    total: float
    note: str = ""


@dataclass
class Outcome:
    """All that was measured on one database."""

    database: str
    imports: list[str] = field(default_factory=list)
    pages: list[Row] = field(default_factory=list)
    searches: list[Row] = field(default_factory=list)


def manage(*words: str) -> tuple[str, float, float]:
    """Run a command; its output, seconds, and the largest memory of any child so far in MB."""
    start = time.perf_counter()
    done = subprocess.run([sys.executable, "manage.py", *words], cwd=ROOT, capture_output=True, text=True, check=False)
    if done.returncode and "refused" not in done.stdout:
        raise SystemExit(done.stderr)
    peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
    return done.stdout.strip(), time.perf_counter() - start, peak


def take_in(outcome: Outcome) -> None:
    """Import both sets."""
    manage("migrate", "--verbosity", "0")
    for name in SETS:
        said, seconds, peak = manage("import_articles", str(DATA / name / "docs.jsonl.gz"))
        outcome.imports.append(f"| {name} | {said} | {seconds:.0f} s | {peak:.0f} MB |")
        print(outcome.imports[-1], flush=True)


def timed(name: str, act: Callable[[], str]) -> Row:
    """Do it ``ROUNDS`` times after one for warming up; medians."""
    from django.db import connection  # noqa: PLC0415 - settings depend on the database under test

    note = act()
    database, totals = [], []
    for _round in range(ROUNDS):
        statements = Statements()
        start = time.perf_counter()
        with connection.execute_wrapper(statements):
            act()
        totals.append((time.perf_counter() - start) * 1000)
        database.append(statements.seconds() * 1000)
    return Row(name, len(statements.asked), statistics.median(database), statistics.median(totals), note)


def read_pages() -> Iterator[Row]:
    """Each kind of public page, at its most expensive."""
    from django.db.models import Count  # noqa: PLC0415
    from django.test import Client  # noqa: PLC0415

    from articles.models import Article, Section, Tag  # noqa: PLC0415

    client = Client(headers={"host": "127.0.0.1"})
    newest = Article.objects.public().newest_first().select_related("section")[0]
    oldest = Article.objects.public().select_related("section").order_by("publish_at")[0]
    section = Section.objects.annotate(size=Count("articles")).order_by("-size")[0]
    tag = Tag.objects.annotate(size=Count("tagged")).order_by("-size")[0]
    addresses = {
        "front": "/",
        "newest article": newest.get_absolute_url(),
        "oldest article": oldest.get_absolute_url(),
        "largest section": section.get_absolute_url(),
        "commonest tag": tag.get_absolute_url(),
        "archive": "/archive/",
        "archive, words": "/archive/?words=government",
        "archive, section and dates": f"/archive/?section={section.slug}&from=2015-01-01&to=2019-12-31",
        "search": "/search/?q=government",
    }
    for name, address in addresses.items():

        def act(address: str = address) -> str:
            response = client.get(address)
            return "" if response.status_code == 200 else f"answered {response.status_code}"

        yield timed(name, act)


def search() -> Iterator[Row]:
    """Our search, and after each the plain scan for its first word."""
    from articles import search as finder  # noqa: PLC0415
    from articles.models import Article  # noqa: PLC0415

    for query in QUERIES:

        def ours(query: str = query) -> str:
            found = finder.find(query)
            more, offered = "+" if found.more else "", f", offers {found.spelling!r}" if found.spelling else ""
            return f"{found.total}{more} found{offered}"

        def scan(word: str = re.sub(r"[^\w ]", "", query).split()[0]) -> str:
            return f"{Article.objects.public().filter(body_text__icontains=word).count()} found, unranked"

        yield timed(query, ours)
        yield timed(f"scan for “{query}”", scan)


@contextmanager
def database(kind: str) -> Iterator[None]:
    """A throw-away database of the kind, named in the environment."""
    with tempfile.TemporaryDirectory(prefix="newsroom-bench-") as directory:
        os.environ["RUN_DIR"] = directory
        os.environ["BASE_URL"] = "http://127.0.0.1:8000"
        os.environ["DEBUG"] = "true"
        os.environ["LOG_LEVEL"] = "ERROR"
        if kind == "sqlite":
            os.environ.pop("DATABASE_URL", None)
            yield
            return
        sys.path.insert(0, str(ROOT))
        from tests.postgres import server  # noqa: PLC0415

        with server() as url:
            os.environ["DATABASE_URL"] = url
            yield


def measure(kind: str) -> None:
    """Measure one database and append to the results."""
    outcome = Outcome(kind)
    with database(kind):
        take_in(outcome)
        os.environ["DJANGO_SETTINGS_MODULE"] = "newsroom.settings"
        sys.path.insert(0, str(ROOT))
        import django  # noqa: PLC0415

        django.setup()
        from django.conf import settings  # noqa: PLC0415

        settings.DEBUG = False
        if kind == "postgresql":
            from django.db import connection  # noqa: PLC0415

            with connection.cursor() as cursor:
                cursor.execute("ANALYZE")
        outcome.pages = list(read_pages())
        outcome.searches = list(search())
        from django.db import connections  # noqa: PLC0415

        connections.close_all()
    with RESULTS.open("a", encoding="utf-8") as out:
        out.write(report(outcome))


def report(outcome: Outcome) -> str:
    """The outcome as Markdown."""
    lines = [f"## {outcome.database}", "", "| set | outcome | time | largest memory |", "| --- | --- | --- | --- |"]
    lines += [*outcome.imports, "", "| what | statements | database | in all | |", "| --- | --- | --- | --- | --- |"]
    for row in (*outcome.pages, *outcome.searches):
        cells = (
            row.name.replace("|", ""),
            str(row.statements),
            f"{row.database:.1f} ms",
            f"{row.total:.1f} ms",
            row.note,
        )
        lines.append("| " + " | ".join(cells) + " |")
    return "\n".join(lines) + "\n\n"


def main() -> None:
    """Both databases, each in a process of its own: settings are read once."""
    if not DATA.exists():
        raise SystemExit("The real articles are not on this machine; nothing measured.")
    if len(sys.argv) > 1:
        measure(sys.argv[1])
        return
    when = datetime.now(UTC).date().isoformat()
    RESULTS.parent.mkdir(exist_ok=True)
    RESULTS.write_text(
        f"# An archive of real articles\n\nPython {platform.python_version()}, {os.cpu_count()} cores, {when}. "
        f"Medians of {ROUNDS} rounds, warm. “In all” is the whole answer in one process, uncached.\n\n",
        encoding="utf-8",
    )
    for kind in ("sqlite", "postgresql"):
        subprocess.run([sys.executable, __file__, kind], check=True)


if __name__ == "__main__":
    main()
