"""What the moderators' queue costs with 100,000 comments waiting: first screens, filters, far pages, news, decisions.

Measured on SQLite and on a PostgreSQL of its own, in two worlds: a busy day
with groups of every size, and a flood in which 60,000 are one group. Results
go to ``bench/results/comment-queue.md``.
"""

import os
import platform
import random
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
RESULTS = ROOT / "bench" / "results" / "comment-queue.md"
ROUNDS = 3
PENDING = 100_000
OTHERS = {"approved": 60_000, "spam": 30_000, "rejected": 10_000}
ARTICLES = 400
WRITERS = 20_000
FLOOD = 60_000
LARGEST = 2
"""The group that grows largest in either world."""
QUEUE = "/admin/comments/comment/"
SCREENS = {
    "first screen, longest wait": "",
    "first screen, most urgent": "?order=urgency",
    "screen behind 50,000 comments": "?after={cursor}",
    "one section": "?section=3",
    "one article": "?article=17",
    "one reason": "?why=fast",
    "a word that half of them have": "?q=tuesday",
    "a word that none has": "?q=zyzzyva",
    "one group, each by itself": f"?cluster={LARGEST}",
    "reported": "?state=reported",
    "appeals": "?state=appeals",
    "spam": "?state=spam",
    "approved": "?state=approved",
}
SCRIPTED: dict[str, Any] = {"HTTP_ACCEPT": "application/json"}
SENTENCES = (
    "The four has not been on time since they moved the stop.",
    "Who decided that nobody from the quay was asked?",
    "I was there on Tuesday and it was not like that at all.",
    "Thank you for this.",
    "Why are the figures for May published in November?",
    "My neighbour says the same, and she has lived here for forty years.",
)


@dataclass
class Row:
    """Milliseconds: of the processor in the mean, by the clock in the median."""

    name: str
    statements: int
    processor: float
    clock: float


def comments(world: str) -> Iterator[Any]:
    """The rows of a world; the same for every run."""
    from comments.models import Comment  # noqa: PLC0415 - settings depend on the database under test

    chance = random.Random(4)
    now = datetime.now(UTC)
    states = ["pending"] * PENDING + [state for state, number in OTHERS.items() for _ in range(number)]
    for index, state in enumerate(states, start=1):
        moment = now - timedelta(seconds=chance.randrange(1, 86_400 * (3 if state == "pending" else 300)))
        writer = int(chance.random() ** 3 * WRITERS)
        yield Comment(
            pk=index,
            article_id=chance.randrange(1, ARTICLES + 1),
            name=f"Writer {writer}",
            email=f"writer{writer}@example.org",
            text=" ".join(chance.choices(SENTENCES, k=chance.randrange(1, 9))),
            state=state,
            created_at=moment,
            waiting_since=moment,
            rank_at=moment - timedelta(minutes=chance.randrange(600)),
            cluster=_cluster(index, world, chance) if state == "pending" else None,
            likeness="text",
            why=chance.choice(["", "", "fast", "old"]),
            findings=[{"code": "fast", "push": 0}],
            open_reports=1 if state == "approved" and index % 200 == 0 else 0,
        )


def _cluster(index: int, world: str, chance: random.Random) -> int | None:
    if world == "flood":
        return LARGEST if index <= FLOOD else None
    return int(chance.paretovariate(0.7)) % 5_000 + 1 if chance.random() < 0.3 else None


def fill(world: str) -> Any:
    """Make the world; returns its moderator."""
    from django.contrib.auth.models import Group  # noqa: PLC0415
    from django.utils import timezone  # noqa: PLC0415

    from articles.models import Article, Section, Status  # noqa: PLC0415
    from comments.models import Comment  # noqa: PLC0415
    from pagecache.writing import writing  # noqa: PLC0415
    from people.models import User  # noqa: PLC0415

    with writing():
        sections = [Section.objects.create(slug=f"s{index}", name=f"Section {index}") for index in range(12)]
        Article.objects.bulk_create(
            Article(
                pk=index,
                headline=f"Story {index}",
                slug=f"story-{index}",
                section=sections[index % 12],
                status=Status.PUBLISHED,
                publish_at=timezone.now() - timedelta(days=1),
                first_published_at=timezone.now() - timedelta(days=1),
            )
            for index in range(1, ARTICLES + 1)
        )
        Comment.objects.bulk_create(comments(world), batch_size=1000)
    moderator = User.objects.create_staff("moderator@example.org", "Mo Moderator", "of no use")
    moderator.groups.add(Group.objects.get(name="Moderator"))
    return moderator


def spent() -> float:
    """Milliseconds of processor time so far, ours and that of the database's process that serves us."""
    from django.db import connection  # noqa: PLC0415

    ours = time.process_time() * 1000
    if connection.vendor != "postgresql":
        return ours
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        pid = cursor.fetchone()[0]
    user, system = Path(f"/proc/{pid}/stat").read_text(encoding="ascii").rpartition(")")[2].split()[11:13]
    return ours + (int(user) + int(system)) * 1000 / os.sysconf("SC_CLK_TCK")


def timed(name: str, act: Callable[[], object]) -> Row:
    """Do it ``ROUNDS`` times after one that is counted."""
    from django.db import connection  # noqa: PLC0415

    asked: list[str] = []

    def count(execute: Callable[..., Any], sql: str, params: Any, many: bool, context: Any) -> Any:
        asked.append(sql)
        return execute(sql, params, many, context)

    with connection.execute_wrapper(count):
        act()
    took, before = [], spent()
    for _round in range(ROUNDS):
        start = time.perf_counter()
        act()
        took.append((time.perf_counter() - start) * 1000)
    row = Row(name, len(asked), (spent() - before) / ROUNDS, statistics.median(took))
    sys.stderr.write(f"{row}\n")
    return row


def rows(moderator: Any) -> Iterator[Row]:
    """Each thing that a moderator's browser asks."""
    from django.test import Client  # noqa: PLC0415

    client = Client(headers={"host": "127.0.0.1"})
    client.force_login(moderator)
    yield from looks(client)
    yield from decisions(client)


def looks(client: Any) -> Iterator[Row]:
    """First screens, filters, a far page, and news."""
    from django.utils import timezone  # noqa: PLC0415

    def get(query: str, **headers: Any) -> Any:
        response = client.get(f"{QUEUE}{query}", **headers)
        if response.status_code != 200:
            raise SystemExit(f"{query} answered {response.status_code}")
        return response

    cursor = far_cursor()
    for name, query in SCREENS.items():
        yield timed(name, lambda query=query: get(query.format(cursor=cursor)))  # type: ignore[misc]
    yield timed("30 more rows for the module", lambda: get(f"?after={cursor}", **SCRIPTED))
    shown = ",".join(str(row["id"]) for row in get("", **SCRIPTED).json()["rows"])
    since = (timezone.now() - timedelta(minutes=1)).strftime("%Y-%m-%dT%H:%M:%SZ")
    yield timed("news of the last minute", lambda: get(f"news/?since={since}&shown={shown}"))


def far_cursor() -> str:
    """The place in the queue behind 50,000 comments."""
    from comments.desk.asked import Cursor  # noqa: PLC0415
    from comments.models import Comment  # noqa: PLC0415

    far = Comment.objects.filter(state="pending").order_by("waiting_since")[50_000]
    return str(Cursor(far.waiting_since, far.pk))


def decisions(client: Any) -> Iterator[Row]:
    """One comment decided, and a group there and back."""
    from comments.models import Comment  # noqa: PLC0415

    alone = iter(Comment.objects.filter(state="pending", cluster=None).values_list("pk", flat=True)[:50])

    def decide(value: str) -> Any:
        return client.post(f"{QUEUE}decisions/", {"state": "spam", "comments": value}, **SCRIPTED).json()

    yield timed("a decision", lambda: decide(f"pending:{next(alone)}"))
    group = list(Comment.objects.filter(state="pending", cluster=LARGEST).values_list("pk", flat=True)[:1000])

    def there_and_back() -> None:
        done = decide(f"pending:{','.join(map(str, group))}")
        client.post(f"{QUEUE}undo/", {"batch": done["batch"]}, **SCRIPTED)

    yield timed(f"a group of {len(group):,} decided and taken back", there_and_back)


@contextmanager
def database(kind: str) -> Iterator[None]:
    """A throw-away database of the kind, named in the environment."""
    sys.path.insert(0, str(ROOT))
    with tempfile.TemporaryDirectory(prefix="newsroom-bench-") as directory:
        fixed = {"RUN_DIR": directory, "BASE_URL": "http://127.0.0.1:8000", "DEBUG": "true", "LOG_LEVEL": "ERROR"}
        os.environ.update(fixed)
        if kind == "sqlite":
            os.environ.pop("DATABASE_URL", None)
            yield
            return
        from tests.postgres import server  # noqa: PLC0415

        with server() as url:
            os.environ["DATABASE_URL"] = url
            yield


def measure(kind: str, world: str) -> None:
    """Measure one world in one database and append to the results."""
    with database(kind):
        subprocess.run([sys.executable, "manage.py", "migrate", "-v0"], cwd=ROOT, check=True)
        os.environ["DJANGO_SETTINGS_MODULE"] = "newsroom.settings"
        import django  # noqa: PLC0415

        django.setup()
        from django.conf import settings  # noqa: PLC0415
        from django.db import connection, connections  # noqa: PLC0415

        settings.DEBUG = False
        moderator = fill(world)
        with connection.cursor() as cursor:
            cursor.execute("VACUUM ANALYZE" if kind == "postgresql" else "ANALYZE")
        measured = list(rows(moderator))
        connections.close_all()
    lines = [f"## {kind}, {world}", "", "| what | statements | processor | clock |", "| --- | --- | --- | --- |"]
    lines += [f"| {row.name} | {row.statements} | {row.processor:.0f} ms | {row.clock:.0f} ms |" for row in measured]
    text = "\n".join(lines) + "\n\n"
    with RESULTS.open("a", encoding="utf-8") as out:
        out.write(text)
    sys.stdout.write(text)


def main() -> None:
    """Every world in both databases, each in a process of its own: settings are read once."""
    if len(sys.argv) > 2:
        measure(*sys.argv[1:3])
        return
    when = datetime.now(UTC).date().isoformat()
    RESULTS.parent.mkdir(exist_ok=True)
    load = os.getloadavg()[0]
    RESULTS.write_text(
        f"# The moderators' queue with {PENDING:,} waiting\n\nPython {platform.python_version()}, {os.cpu_count()} "
        f"cores, {when}; beside the waiting ones {sum(OTHERS.values()):,} others. {ROUNDS} rounds, warm; each is the "
        f"whole answer. “Processor” is what our process and the database's used of one core; the clock also counts "
        f"what others did on this machine meanwhile (load {load:.0f} at the start). In the flood {FLOOD:,} of the "
        f"waiting ones are one group.\n\n",
        encoding="utf-8",
    )
    for kind in ("postgresql", "sqlite"):
        for world in ("busy day", "flood"):
            subprocess.run([sys.executable, __file__, kind, world], check=True, cwd=ROOT)


if __name__ == "__main__":
    main()
