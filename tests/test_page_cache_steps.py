"""A long walk of random changes, jumps in time and readers: no stored page is ever another than a fresh one.

Two doors stand for two processes that share a store. A step that cannot be
taken any more (the tag is gone already) changes nothing and is another step.
"""

import os
import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.db import transaction
from django.test import Client
from django.utils import timezone

from articles.models import Article
from outbox import effects
from pagecache import writing
from pagecache.front_door import FrontDoor
from pagecache.store import InRedis
from tests import soak_sizes
from tests.test_freshness import CHANGES, World, campaign, edit, make_world, republish
from tests.test_page_cache import Dictionary
from tests.wsgi_client import ask, make_door

pytestmark = [pytest.mark.django_db, pytest.mark.once]

EVERYTHING = bool(os.environ.get("EVERYTHING"))
NOON = datetime(2026, 5, 4, 12, tzinfo=UTC)
STEPS = 60 if EVERYTHING else 15
JUMPS = [timedelta(seconds=1), timedelta(minutes=5), timedelta(hours=1), timedelta(days=1)]

SCHEDULES: dict[str, Callable[[World], Any]] = {
    "a story is to expire": lambda w: republish(w, expire_at=timezone.now() + timedelta(minutes=7)),
    "a story is under embargo for a while": lambda w: republish(w, embargo_until=timezone.now() + timedelta(minutes=4)),
    "a story is public without end again": lambda w: republish(w, expire_at=None, embargo_until=None),
    "a licence is to end": lambda w: edit(w.picture, usable_until=timezone.now() + timedelta(minutes=3)),
    "a licence has no end": lambda w: edit(w.picture, usable_until=None),
    "a campaign runs for some minutes": lambda w: edit(w.campaign, ends=timezone.now() + timedelta(minutes=6)),
    "one more campaign": campaign,
    "the worker runs": lambda _w: effects.run_due(),
}


@dataclass
class Walk:
    """A site, its two doors and the clock; ``trace`` tells the way to a failure."""

    world: World
    doors: tuple[FrontDoor, FrontDoor]
    clock: Any
    chance: random.Random
    trace: list[str] = field(default_factory=list)

    def step(self) -> None:
        """Change something, or let time pass."""
        if self.chance.random() < 0.2:
            jump = self.chance.choice(JUMPS)
            self.clock.shift(jump)
            self.trace.append(f"{jump} later")
            return
        name, change = self.chance.choice(list({**CHANGES, **SCHEDULES}.items()))
        self.trace.append(name)
        try:
            with transaction.atomic():
                self.world.story = Article.objects.get(pk=self.world.story.pk)
                change(self.world)
        except Exception as error:  # noqa: BLE001 - it cannot be done any more
            self.trace.append(f"  ({type(error).__name__})")

    def read(self) -> list[str]:
        """Ask one of the doors for every page, and compare each with a fresh one; the addresses that differ."""
        door = self.chance.choice(self.doors)
        return [address for address in self.world.addresses() if not _is_fresh(door, address)]


def _is_fresh(door: FrontDoor, address: str) -> bool:
    path, _mark, query = address.partition("?")
    stored = ask(door, path, query)
    fresh = Client().get(address)
    same = stored.status == fresh.status_code
    return same and (fresh.status_code != 200 or stored.body == fresh.content)


@pytest.fixture
def walk() -> Iterator[Walk]:
    shared = InRedis(Dictionary(), "release")
    with time_machine.travel(NOON, tick=False) as clock:
        doors = (make_door(), make_door())
        for door in doors:
            door.pages.shared = shared
        yield Walk(make_world(), doors, clock, random.Random(7))


def test_no_stored_page_is_ever_stale(walk: Walk) -> None:
    for _ in range(STEPS):
        walk.step()
        assert walk.read() == [], walk.trace
    assert sum(len(door.pages) for door in walk.doors) > 10


@pytest.mark.soak
def test_no_stored_page_is_ever_stale_in_many_walks(walk: Walk) -> None:
    for number in range(soak_sizes.STEPS):
        walk.step()
        assert walk.read() == [], (number, walk.trace[-40:])


@pytest.mark.parametrize("forgotten", ["article:"])
def test_the_walk_finds_a_key_that_is_never_raised(walk: Walk, monkeypatch: pytest.MonkeyPatch, forgotten: str) -> None:
    """The control: with one kind of key left out, some page is stale before long."""
    raise_versions = writing._raise_versions
    monkeypatch.setattr(
        writing,
        "_raise_versions",
        lambda names: raise_versions([name for name in names if not name.startswith(forgotten)]),
    )
    for _ in range(200):
        walk.step()
        if walk.read():
            return
    pytest.fail("nothing was found")
