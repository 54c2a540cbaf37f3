"""What *Articles You May Like* costs: one list, the neighbours, a reader's page, a rebuild, the index, the memory.

``python bench/related_cost.py`` measures 10,000 and 100,000 invented articles on SQLite and on a PostgreSQL of its
own, with texts (the whole way through) and without (features only). ``--million`` adds a million without texts.
Results go to ``bench/results/related-cost.json``; ``bench/related_report.py`` makes the page of them.
"""

import argparse
import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
RESULTS = ROOT / "bench" / "results" / "related-cost.json"
SIZES = (10_000, 100_000)
MILLION = 1_000_000
WARM, LISTS, WORST, NEW, PAGES = 50, 300, 40, 100, 200
BUFFERS = "shared_buffers = 1GB\n"
"""Where the archive lives, as on a server of its own; the tests' 64 MB hold a tenth of 100,000 articles."""

sys.path.insert(0, str(ROOT))


def figures(seconds: Sequence[float]) -> dict[str, float]:
    """Median, 95th and 99th of a hundred, in milliseconds."""
    ordered = sorted(value * 1000 for value in seconds)

    def at(share: float) -> float:
        return round(ordered[min(int(len(ordered) * share), len(ordered) - 1)], 2)

    return {"median": at(0.5), "p95": at(0.95), "p99": at(0.99)}


def timed(act: Callable[[Any], object], things: Sequence[Any]) -> list[float]:
    """Seconds for each."""
    seconds = []
    for thing in things:
        start = time.perf_counter()
        act(thing)
        seconds.append(time.perf_counter() - start)
    return seconds


def megabytes() -> float:
    """The most memory this process has held."""
    return round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024, 1)


def first_in_line() -> None:
    """Let this process and its side of the database go before whatever else the machine does, where that is allowed."""
    from django.db import connection  # noqa: PLC0415 - settings depend on the database under test

    processes = [0]
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_backend_pid()")
            processes += cursor.fetchone()
    with suppress(PermissionError):
        for process in processes:
            os.sched_setscheduler(process, os.SCHED_RR, os.sched_param(1))


def measure_features(number: int) -> dict[str, Any]:
    """An archive without texts: how one list, the neighbours and a page grow with it."""
    from bench.invented import loading  # noqa: PLC0415
    from bench.invented.world import World  # noqa: PLC0415

    world = World(number)
    statistics = world.statistics()
    loading.prepare()
    loading.sections_and_tags()
    began = time.perf_counter()
    loading.write_articles(world.articles(), texts=False)
    loading.write_index(World(number), statistics)
    loading.write_suggestions(number)
    loading.settle()
    first_in_line()
    said: dict[str, Any] = {"loading": round(time.perf_counter() - began), "sizes": sizes(number)}
    said["list"] = measure_lists(number)
    said["worst list"] = measure_worst(number)
    said["page"] = measure_pages(number)
    said["new article"] = measure_new(World(number, seed=9), number, statistics)
    said["memory"] = megabytes()
    return said


def measure_lists(number: int) -> dict[str, float]:
    """One article's suggestions, from its fingerprint to reasons."""
    import numpy as np  # noqa: PLC0415

    from curation.engine import Features  # noqa: PLC0415
    from curation.indexing import Work, subjects  # noqa: PLC0415
    from curation.suggesting import ranked_for  # noqa: PLC0415

    nothing = np.zeros(0, np.int32)
    no, yes = nothing.astype(np.float32), nothing.astype(np.bool_)
    features = Features(nothing, no, yes, nothing, nothing, np.zeros((0, 2), np.int32), "")
    ids = np.random.default_rng(5).integers(1, number, WARM + LISTS).tolist()
    known = subjects(ids)
    works = [Work(features, known[pk], {}) for pk in ids]
    return figures(timed(ranked_for, works)[WARM:])


def measure_worst(number: int) -> dict[str, float]:
    """Articles of nothing but common words: each of the hundred lists is full."""
    import numpy as np  # noqa: PLC0415
    from django.db import connection  # noqa: PLC0415

    from curation import postings  # noqa: PLC0415
    from curation.engine import Fingerprint  # noqa: PLC0415

    with connection.cursor() as cursor:
        cursor.execute("SELECT feature FROM curation_posting GROUP BY feature ORDER BY count(*) DESC LIMIT 400")
        common = np.array([feature for (feature,) in cursor.fetchall()], np.int32)
    random = np.random.default_rng(6)
    chosen = [np.sort(random.choice(common, 100, replace=False)) for _query in range(WORST)]
    weights = np.full(100, 0.1, np.float32)
    return figures(timed(postings.nearest, [Fingerprint(hashes, weights, weights > 1) for hashes in chosen]))


def measure_pages(number: int) -> dict[str, Any]:
    """The list on a reader's page: statements, time in the database, time in all."""
    import numpy as np  # noqa: PLC0415
    from django.db import connection  # noqa: PLC0415

    from articles.models import Article  # noqa: PLC0415
    from bench.archive import Statements  # noqa: PLC0415
    from curation.related import related_list  # noqa: PLC0415

    ids = np.random.default_rng(7).integers(1, number, PAGES).tolist()
    database, total, asked = [], [], 0
    for article in Article.objects.for_page().filter(pk__in=ids):
        statements = Statements()
        start = time.perf_counter()
        with connection.execute_wrapper(statements):
            related_list(article)
        total.append(time.perf_counter() - start)
        database.append(statements.seconds())
        asked = max(asked, len(statements.asked))
    return {"statements": asked, "database": figures(database), "in all": figures(total)}


def measure_new(world: Any, number: int, statistics: Any) -> dict[str, float]:
    """A new article: indexed, its list written, its neighbours' lists refreshed, in one transaction."""
    from articles.models import Article  # noqa: PLC0415
    from bench.invented import loading  # noqa: PLC0415
    from bench.invented.world import work_of  # noqa: PLC0415
    from curation.frequencies import Seen  # noqa: PLC0415
    from curation.suggesting import settle  # noqa: PLC0415

    written = [(number + 1 + place, world.article(number)) for place in range(NEW)]
    loading.write(Article, [loading.article_row(pk, one, f"New {pk}") for pk, one in written])
    works = [work_of(pk, one, statistics) for pk, one in written]
    return figures(timed(lambda work: settle(work, Seen.of(work.features, work.subject.tags)), works))


def measure_texts(number: int) -> dict[str, Any]:
    """An archive with texts: the rebuild, then a list and a refresh from the text on."""
    from django.core.management import call_command  # noqa: PLC0415

    from articles.models import Article  # noqa: PLC0415
    from bench.invented import loading  # noqa: PLC0415
    from bench.invented.world import World  # noqa: PLC0415
    from curation.suggesting import refresh, suggestions_for  # noqa: PLC0415

    loading.prepare()
    loading.sections_and_tags()
    loading.write_articles(World(number).articles(), texts=True)
    loading.settle()
    began = time.perf_counter()
    call_command("rebuild_suggestions")
    seconds = time.perf_counter() - began
    children = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
    loading.settle()
    ids = list(range(number - LISTS, number))
    articles = list(Article.objects.filter(pk__in=ids).select_related("latest"))
    return {
        "rebuild": {"seconds": round(seconds), "articles a second": round(number / seconds, 1)},
        "memory of a process": round(max(children, megabytes()), 1),
        "sizes": sizes(number),
        "list from the text": figures(timed(suggestions_for, articles)),
        "refresh": figures(timed(refresh, ids[:NEW])),
    }


def sizes(number: int) -> dict[str, float]:
    """Bytes an article takes in each of the engine's tables, indexes included."""
    from django.db import connection  # noqa: PLC0415

    tables = ("posting", "fingerprint", "suggestion", "frequency")
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            found = {table: _sqlite_size(cursor, f"curation_{table}") for table in tables}
        else:
            found = {}
            for table in tables:
                cursor.execute("SELECT pg_total_relation_size(%s)", [f"curation_{table}"])
                found[table] = cursor.fetchone()[0]
    return {table: round(size / number) for table, size in found.items()}


def _sqlite_size(cursor: Any, table: str) -> int:
    cursor.execute("SELECT name FROM sqlite_master WHERE tbl_name = %s AND rootpage IS NOT NULL", [table])
    names = [name for (name,) in cursor.fetchall()]
    marks = ", ".join(["%s"] * len(names))
    cursor.execute(f"SELECT sum(pgsize) FROM dbstat WHERE name IN ({marks})", names)
    return int(cursor.fetchone()[0])


@contextmanager
def database(kind: str) -> Iterator[dict[str, str]]:
    """The environment of a throw-away database of the kind."""
    with tempfile.TemporaryDirectory(prefix="newsroom-bench-") as directory:
        environment = {
            **os.environ,
            "RUN_DIR": directory,
            "BASE_URL": "http://127.0.0.1:8000",
            "LOG_LEVEL": "ERROR",
            "DJANGO_SETTINGS_MODULE": "newsroom.settings",
        }
        if kind == "sqlite":
            yield environment
            return
        from tests.postgres import server  # noqa: PLC0415

        with server(BUFFERS) as url:
            yield {**environment, "DATABASE_URL": url}


def run(kind: str, what: str, number: int) -> dict[str, Any]:
    """Measure one archive in a process of its own: settings are read once."""
    with database(kind) as environment:
        subprocess.run([sys.executable, "manage.py", "migrate", "-v0"], cwd=ROOT, env=environment, check=True)
        command = [sys.executable, __file__, "--measure", what, "--number", str(number)]
        done = subprocess.run(command, cwd=ROOT, env=environment, check=True, stdout=subprocess.PIPE, text=True)
    said: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return said


def main() -> None:
    """Measure what was asked for; keep what was measured before of everything else."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--measure", choices=("features", "texts"))
    parser.add_argument("--number", type=int)
    parser.add_argument("--databases", nargs="+", default=["sqlite", "postgresql"])
    parser.add_argument("--what", nargs="+", default=["features", "texts"])
    parser.add_argument("--sizes", nargs="*", type=int, default=list(SIZES))
    parser.add_argument("--million", action="store_true")
    asked = parser.parse_args()
    if asked.measure:
        import django  # noqa: PLC0415

        django.setup()
        print(json.dumps({"features": measure_features, "texts": measure_texts}[asked.measure](asked.number)))
        return
    wanted = [(what, number) for what in asked.what for number in asked.sizes]
    wanted += [("features", MILLION)] if asked.million else []
    for kind in asked.databases:
        for what, number in wanted:
            keep(f"{kind} {what} {number}", run(kind, what, number))


def keep(name: str, said: dict[str, Any]) -> None:
    """Add one measurement to the results."""
    results = json.loads(RESULTS.read_text(encoding="utf-8")) if RESULTS.exists() else {}
    results[name] = said
    RESULTS.write_text(json.dumps(results, indent=1, sort_keys=True) + "\n", encoding="utf-8")
    print(name, json.dumps(said), flush=True)


if __name__ == "__main__":
    main()
