"""What runs inside a newsroom that is measured: ``fill``, ``content``, ``verbs`` and ``profile``."""

import gc
import json
import os
import signal
import statistics
import sys
import time
from collections import Counter
from pathlib import Path
from typing import Any

import django

django.setup()

from django.conf import settings
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from articles import publishing, revisions
from articles.models import Article
from articles.state import WorkingState
from bench.invented import newspaper
from people.models import User

ROUNDS, SAVED, EVERY = 60, 30, 0.0007
WARM = 10
"""Answers of each kind before the first that counts, and one at least of each address: the process runs already."""


def fill(number: int) -> None:
    """Write the newsroom, and what to ask of it."""
    newspaper.fill(number)
    target = Path(settings.RUN_DIR) / "addresses.json"
    target.write_text(json.dumps(newspaper.addresses(number)))


def content(number: int, directory: Path) -> None:
    """The articles for another system, and which of them are asked for."""
    newspaper.content(number, directory / "content.jsonl")
    (directory / "ids.json").write_text(json.dumps(newspaper.measured(number)))


def verbs() -> dict[str, Any]:
    """Saving and publishing, and one page after the other without a server: milliseconds and queries."""
    return {**_desk(), "alone": {name: _asked(name) for name in _addresses() if name != "cookie"}}


def _desk() -> dict[str, dict[str, float]]:
    editor = User.objects.get(email="editor@example.org")
    saving, publishing_it = [], []
    for article in Article.objects.order_by("-pk")[: SAVED + 3]:
        state = WorkingState.of(article)
        state = state.with_(body=state.body + "<p>It was raining again.</p>")
        saving.append(_timed(lambda article=article, state=state: revisions.save(article, state, actor=editor)))
        publishing_it.append(_timed(lambda article=article: publishing.publish(article, actor=editor)))
    return {"save": _figures(saving[3:]), "publish": _figures(publishing_it[3:])}


def _asked(name: str) -> dict[str, float]:
    addresses, client = _addresses()[name], _client()
    for path in addresses[:ROUNDS] * max(1, WARM // len(addresses[:ROUNDS])):
        client.get(path)
    seen = []
    for place in range(ROUNDS):
        path = addresses[place % len(addresses)]
        gc.collect()
        seen.append(_timed(lambda path=path: client.get(path)))
    with CaptureQueriesContext(connection) as queries:
        client.get(addresses[0])
    return {**_figures(seen), "queries": len(queries)}


def profile(name: str) -> None:
    """Where the processor's time goes while a page is rendered, from samples of the stack."""
    addresses, client = _addresses()[name], _client()
    held: Counter[str] = Counter()
    for path in addresses[:20]:
        client.get(path)
    signal.signal(signal.SIGPROF, lambda _number, frame: held.update(_functions(frame)))
    signal.setitimer(signal.ITIMER_PROF, EVERY, EVERY)
    began = time.process_time()
    for place in range(300):
        client.get(addresses[place % len(addresses)])
    took = (time.process_time() - began) / 300 * 1000
    signal.setitimer(signal.ITIMER_PROF, 0)
    for function, seen in held.most_common(100):
        print(f"{seen / max(held.values()) * took:8.2f} ms  {function}")


def _functions(frame: Any) -> set[str]:
    found = set()
    while frame is not None:
        code = frame.f_code
        found.add(f"{code.co_filename.split('site-packages/')[-1]}: {code.co_qualname}")
        frame = frame.f_back
    return found


def _addresses() -> dict[str, Any]:
    read: dict[str, Any] = json.loads((Path(settings.RUN_DIR) / "addresses.json").read_text())
    return read


def _client() -> Client:
    return Client(headers={"host": "127.0.0.1", "cookie": _addresses()["cookie"]})


def _timed(act: Any) -> tuple[float, float]:
    clock, processor = time.perf_counter(), time.process_time()
    act()
    return (time.perf_counter() - clock) * 1000, (time.process_time() - processor) * 1000


def _figures(seen: list[tuple[float, float]]) -> dict[str, float]:
    clock, processor = (sorted(values) for values in zip(*seen, strict=True))
    p95 = clock[min(int(len(clock) * 0.95), len(clock) - 1)]
    return {
        "median": round(statistics.median(clock), 2),
        "p95": round(p95, 2),
        "processor": round(statistics.median(processor), 2),
    }


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "newsroom.settings")
    what, *words = sys.argv[1:]
    match what:
        case "fill":
            fill(int(words[0]))
        case "content":
            content(int(words[0]), Path(words[1]))
        case "verbs":
            print(json.dumps(verbs()))
        case "profile":
            profile(words[0])
