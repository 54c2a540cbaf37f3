"""Readers by the dozen, some of whom comment, while a story is edited: every answer is right, and memory stays.

``make test`` asks 400 times from 8 clients, ``make soak`` 20,000 times from 32. 95 % read, 4 comment, 1 edits.
"""

import http.client
import json
import logging
import random
import re
import threading
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlencode

import psutil  # type: ignore[import-untyped]
import psycopg
import pytest

from tests.factories import make_article, make_section
from tests.live_site import SHOWN, Site, recovered, site
from tests.soak_sizes import REQUESTS

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]

OTHERS = 20
ONE_EDITS, ONE_COMMENTS = 100, 25
"""One request in so many."""

WARM = 0.2
"""Share of the requests after which memory is looked at for the first time."""

NUMBER = re.compile(r"Edit (\d+) of the tram")


@dataclass
class Load:
    """What all clients share: what is left to ask, and what was wrong."""

    site: Site
    others: dict[str, str]
    left: int
    wrong: list[str] = field(default_factory=list)
    statuses: Counter[tuple[str, int]] = field(default_factory=Counter)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def take(self) -> int:
        """The number of the next request, counted down; 0 at the end."""
        with self.lock:
            self.left = max(self.left - 1, 0)
            return self.left

    def note(self, kind: str, status: int, fault: str = "") -> None:
        """How one was answered."""
        with self.lock:
            self.statuses[kind, status] += 1
            if fault:
                self.wrong.append(fault)


class Client(threading.Thread):
    """One who reads, comments and edits, on one connection."""

    def __init__(self, load: Load, number: int) -> None:
        super().__init__(daemon=True)
        self.load, self.chance = load, random.Random(number)
        self.connection = http.client.HTTPConnection("127.0.0.1", load.site.port, timeout=60)

    def run(self) -> None:
        """Until all was asked."""
        while number := self.load.take():
            if number % ONE_EDITS == 0:
                self._edit()
            elif number % ONE_COMMENTS == 1:
                self._comment(number)
            else:
                self._read()
        self.connection.close()

    def _ask(self, method: str, path: str, address: str, form: str | None = None) -> tuple[int, str]:
        headers = {
            "X-Forwarded-For": address,
            "Accept": "application/json" if path.startswith("/comments/") else "text/html",
            "Origin": self.load.site.origin,
            "Content-Type": "application/x-www-form-urlencoded",
        }
        self.connection.request(method, path, form, headers)
        answer = self.connection.getresponse()
        return answer.status, answer.read().decode()

    def _edit(self) -> None:
        self.load.site.ask_for_an_edit()
        self.load.note("edit", 0)

    def _comment(self, number: int) -> None:
        address = f"203.0.{number // 250 % 250}.{number % 250 + 1}"
        status, told = self._ask("GET", "/comments/token/", address)
        words = {"text": f"A word of reader {number}.", "name": "Ana", "email": f"r{number}@example.org"}
        form = urlencode(words | {"token": json.loads(told)["token"]})
        status, told = self._ask("POST", f"/comments/{self.load.site.article}/", address, form)
        self.load.note("comment", status, "" if json.loads(told).get("message") else told)

    def _read(self) -> None:
        path = self.chance.choice(["/", self.load.site.story, self.load.site.story, *self.load.others])
        at_least = max(self.load.site.acknowledged, default=0)
        status, page = self._ask("GET", path, "198.51.100.7")
        fault = "" if status == 200 and self._is_right(path, page, at_least) else f"{path}: {status} {page[:2000]}"
        self.load.note("read", status, fault)

    def _is_right(self, path: str, page: str, at_least: int) -> bool:
        """Whether it is that page, whole, and no older than what was acknowledged before it was asked for."""
        if path in self.load.others:
            return self.load.others[path] in page
        found = NUMBER.search(page)
        if path == self.load.site.story:
            both = SHOWN.search(page.encode())
            return both is not None and both[1] == both[2] and int(both[1]) >= at_least
        return found is not None and int(found[1]) >= at_least


def _others() -> dict[str, str]:
    city = make_section()
    stories = [make_article(f"Story {number} of the town", section=city) for number in range(OTHERS)]
    return {story.get_absolute_url(): f"<title>{story.headline}" for story in stories}


def _memory(running: Site) -> int:
    """Bytes that the web processes hold."""
    web = psutil.Process(running.processes["web"].pid)
    return sum(one.memory_info().rss for one in [web, *web.children(recursive=True)])


@pytest.mark.parametrize(("requests", "clients"), [(400, 8), pytest.param(REQUESTS, 32, marks=pytest.mark.soak)])
def test_every_answer_is_right_and_memory_stays(requests: int, clients: int, tmp_path: Path) -> None:
    others: dict[str, str] = {}
    with site(tmp_path, "asked", more=lambda: others.update(_others())) as running:
        running.ask_for_an_edit()
        recovered(running)
        load = Load(running, others, requests)
        crowd = [Client(load, number) for number in range(clients)]
        for one in crowd:
            one.start()
        while load.left > requests * (1 - WARM) and crowd[0].is_alive():
            crowd[0].join(0.05)
        warm = _memory(running)
        for one in crowd:
            one.join()
        grown = _memory(running) / warm
        with psycopg.connect(running.url) as connection:
            ((stored,),) = connection.execute("SELECT count(*) FROM comments_comment").fetchall()
    logging.getLogger(__name__).info("answers %s, memory grew to %.3f of %d", dict(load.statuses), grown, warm)
    assert load.wrong == []
    assert not [status for (_kind, status) in load.statuses if status >= 500]
    assert stored == load.statuses["comment", 201] > 0
    assert len(running.acknowledged) > 1
    assert requests < REQUESTS or grown < 1.1
