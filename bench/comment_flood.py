"""A flood of comments against a real server: what it answers, that nothing is lost, and what readers notice of it.

``python -m bench.comment_flood`` posts 5,000 comments in 60 seconds from 200 addresses, under 25 articles, to granian
on a PostgreSQL of its own, while a reader fetches an article ten times a second. Result:
``bench/results/comment-flood.json``, told in ``bench/comments.md``.
"""

import argparse
import contextlib
import http.client
import json
import os
import random
import secrets
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

ROOT = Path(__file__).resolve().parent.parent
RESULTS = ROOT / "bench" / "results" / "comment-flood.json"
POSTS, SECONDS, ADDRESSES, ARTICLES = 5_000, 60, 200, 25
SENDERS = 24
CALM = 15
"""Seconds in which the reader is alone, to compare with."""

PREPARE = """
from datetime import timedelta
from django.utils import timezone
from articles.models import Article, Section, Status
section = Section.objects.create(name="City", slug="city")
for number in range({articles}):
    Article.objects.create(
        headline=f"The tram is late, part {{number}}", slug="tram", section=section, status=Status.PUBLISHED,
        publish_at=timezone.now() - timedelta(hours=1), first_published_at=timezone.now() - timedelta(hours=1),
        body="<p>It is late again.</p>", body_html="<p>It is late again.</p>", body_text="It is late again.",
    )
print(*Article.objects.order_by("pk").values_list("pk", flat=True))
"""
COUNT = """
from django.db.models import Count
from comments.models import Comment, Mark
print(Comment.objects.count(), Mark.objects.values("comment").distinct().count(),
      Comment.objects.exclude(cluster=None).values("cluster").distinct().count())
"""


class Site:
    """A server of its own, with its database; ``manage`` runs a line of Python inside."""

    def __init__(self, database: str, directory: str) -> None:
        self.port = _free_port()
        self.environment = {
            **os.environ,
            "DATABASE_URL": database,
            "RUN_DIR": directory,
            "SECRET_KEY": secrets.token_urlsafe(50),
            "BASE_URL": f"http://127.0.0.1:{self.port}",
            "ALLOWED_HOSTS": "127.0.0.1",
            "TRUSTED_PROXIES": "127.0.0.1/32",
            "LOG_LEVEL": "ERROR",
        }

    def manage(self, *arguments: str) -> str:
        """The output of a management command."""
        command = [sys.executable, "manage.py", *arguments]
        done = subprocess.run(command, cwd=ROOT, env=self.environment, check=True, capture_output=True, text=True)
        return done.stdout

    @contextlib.contextmanager
    def served(self) -> Iterator[None]:
        """While it answers."""
        command = [sys.executable, "manage.py", "serve", "--port", str(self.port)]
        server = subprocess.Popen(command, cwd=ROOT, env=self.environment, stdout=subprocess.DEVNULL)
        try:
            self._wait()
            yield
        finally:
            server.send_signal(signal.SIGTERM)
            server.wait(60)

    def _wait(self) -> None:
        end = time.monotonic() + 90
        while time.monotonic() < end:
            with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", self.port), 1):
                return
            time.sleep(0.2)
        raise TimeoutError("the server did not come up")


class Visitor:
    """One connection that is kept open, and opened again when it broke."""

    def __init__(self, port: int) -> None:
        self.port = port
        self.connection: http.client.HTTPConnection | None = None

    def fetch(self, method: str, path: str, address: str, body: str = "") -> tuple[int, str]:
        """Status and text of an answer; 0 where there was none."""
        headers = {
            "X-Forwarded-For": address,
            "Accept": "application/json" if path.startswith("/comments") else "text/html",
            "Origin": f"http://127.0.0.1:{self.port}",
            "Content-Type": "application/x-www-form-urlencoded",
        }
        try:
            self.connection = self.connection or http.client.HTTPConnection("127.0.0.1", self.port, timeout=120)
            self.connection.request(method, path, body or None, headers)
            answer = self.connection.getresponse()
            return answer.status, answer.read().decode()
        except (OSError, http.client.HTTPException):
            self.connection = None
            return 0, ""


class Reader(threading.Thread):
    """Fetches one page ten times a second and remembers how long each took."""

    def __init__(self, port: int, path: str) -> None:
        super().__init__(daemon=True)
        self.visitor, self.path = Visitor(port), path
        self.took: list[float] = []
        self.statuses: Counter[int] = Counter()
        self.over = threading.Event()

    def run(self) -> None:
        """Read until it is over."""
        while not self.over.wait(0.1):
            began = time.perf_counter()
            status, _text = self.visitor.fetch("GET", self.path, "198.51.100.7")
            self.took.append(time.perf_counter() - began)
            self.statuses[status] += 1

    def figures(self) -> dict[str, Any]:
        """Milliseconds: the median, the 95th and 99th of a hundred, the longest."""
        ordered = sorted(value * 1000 for value in self.took)
        at = {name: ordered[min(int(len(ordered) * share), len(ordered) - 1)] for name, share in SHARES.items()}
        return {"pages": len(ordered), "statuses": dict(self.statuses)} | {k: round(v, 1) for k, v in at.items()}


SHARES = {"median": 0.5, "p95": 0.95, "p99": 0.99, "longest": 1.0}


def text_of(number: int, chance: random.Random) -> str:
    """Half of a flood says nearly the same; the rest is words at random."""
    if number % 2:
        earned, site = chance.randrange(1000, 9999), number % 7
        return f"My neighbour earned ${earned} last month, look at https://site{site}.example/{number}"
    return " ".join("".join(chance.choices("abcdefghijklmnopqrstuvwxyz", k=7)) for _ in range(20))


def flood(site: Site, articles: list[str], posts: int, seconds: float, addresses: int) -> dict[str, Any]:
    """Post evenly over the time, from each address in turn; what was answered, and what was not told in words."""
    chance = random.Random(20260302)
    sources = [f"203.0.{113 + number // 250}.{number % 250 + 1}" for number in range(addresses)]
    here = threading.local()
    lags: list[float] = []

    def visitor() -> Visitor:
        if not hasattr(here, "visitor"):
            here.visitor = Visitor(site.port)
        found: Visitor = here.visitor
        return found

    def token(number: int) -> str:
        _status, answer = visitor().fetch("GET", "/comments/token/", sources[number % addresses])
        return str(json.loads(answer)["token"])

    def post(number: int, body: str, due: float) -> tuple[int, bool]:
        time.sleep(max(0.0, due - time.monotonic()))
        lags.append(time.monotonic() - due)
        path = f"/comments/{articles[number % len(articles)]}/"
        status, answer = visitor().fetch("POST", path, sources[number % addresses], body)
        return status, bool(answer) and bool(json.loads(answer).get("message"))

    with ThreadPoolExecutor(SENDERS) as pool:
        tokens = list(pool.map(token, range(posts)))
        bodies = [
            urlencode(
                {"text": text_of(number, chance), "name": "Ana", "email": f"r{number}@example.org", "token": token_of}
            )
            for number, token_of in enumerate(tokens)
        ]
        began = time.monotonic()
        dues = [began + seconds * number / posts for number in range(posts)]
        answers = list(pool.map(post, range(posts), bodies, dues))
        took = time.monotonic() - began
    return {
        "posts": posts,
        "seconds": round(took, 1),
        "a second": round(posts / took, 1),
        "statuses": dict(sorted(Counter(status for status, _told in answers).items())),
        "without words": sum(not told for _status, told in answers),
        "longest wait of a sender": round(max(lags), 1),
    }


def measure(database: str, posts: int, seconds: float, addresses: int) -> dict[str, Any]:
    """A calm time, then the flood; and what is in the database afterwards."""
    with tempfile.TemporaryDirectory() as directory:
        site = Site(database, directory)
        site.manage("migrate", "-v0")
        site.manage("collectstatic", "--no-input", "-v0")
        articles = site.manage("shell", "--verbosity", "0", "-c", PREPARE.format(articles=ARTICLES)).split()
        with site.served():
            path = f"/city/tram-{articles[0]}/"
            calm, meanwhile = Reader(site.port, path), Reader(site.port, path)
            calm.start()
            time.sleep(min(CALM, seconds))
            calm.over.set()
            calm.join()
            meanwhile.start()
            result = flood(site, articles, posts, seconds, addresses)
            meanwhile.over.set()
            meanwhile.join()
        stored, marked, clusters = map(int, site.manage("shell", "--verbosity", "0", "-c", COUNT).split())
    accepted = result["statuses"].get(201, 0)
    return {
        **result,
        "accepted": accepted,
        "stored": stored,
        "stored with marks": marked,
        "clusters": clusters,
        "lost": accepted - stored,
        "reader alone": calm.figures(),
        "reader meanwhile": meanwhile.figures(),
        "load before": round(os.getloadavg()[2], 1),
    }


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def main() -> None:
    """Measure and write the result."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--posts", type=int, default=POSTS)
    parser.add_argument("--seconds", type=float, default=SECONDS)
    parser.add_argument("--addresses", type=int, default=ADDRESSES)
    parser.add_argument("--keep", action="store_true", help="write the result even of another size")
    asked = parser.parse_args()
    sys.path.insert(0, str(ROOT))
    from tests.postgres import server  # noqa: PLC0415 - only where it is run

    with server() as database:
        result = measure(database, asked.posts, asked.seconds, asked.addresses)
    print(json.dumps(result, indent=2))
    if asked.keep or asked.posts == POSTS:
        RESULTS.write_text(json.dumps(result, indent=2) + "\n", encoding="utf-8")
    if result["lost"] or result["without words"]:
        sys.exit("Something was lost, or refused without words.")


if __name__ == "__main__":
    main()
