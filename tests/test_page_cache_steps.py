"""Long walks of random changes, jumps in time and readers: no stored page is ever another than a fresh one.

Hypothesis chooses the steps, and tells the shortest walk to a page that is
stale. Two doors stand for two processes that share a store. A step that cannot
be taken any more (the tag is gone already) changes nothing and is another step.
"""

import copy
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.core.cache import cache
from django.core.handlers.wsgi import WSGIHandler
from django.db import transaction
from django.utils import timezone
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, rule, run_state_machine_as_test

from articles.models import Article
from outbox import effects
from pagecache import writing
from pagecache.store import InRedis
from products.affiliate_links import forget_hosts
from tests import soak_sizes
from tests.test_freshness import CHANGES, World, campaign, edit, make_world, put_off, republish
from tests.test_page_cache import Dictionary
from tests.wsgi_client import ask, make_door

pytestmark = [pytest.mark.django_db, pytest.mark.once]

NOON = datetime(2026, 5, 4, 12, tzinfo=UTC)
WALK = 50
"""Steps of one walk, which begins with the world as it was made."""
WALKS = 13 if soak_sizes.EVERYTHING else 3
"""The first two that Hypothesis takes are short, and of the simplest step alone."""
PARTS = 6
"""Parts of the long run, so that several processes can share them."""

JUMPS = {
    "a second later": timedelta(seconds=1),
    "five minutes later": timedelta(minutes=5),
    "an hour later": timedelta(hours=1),
    "a day later": timedelta(days=1),
}
SCHEDULES: dict[str, Callable[[World], Any]] = {
    "a story is to expire": lambda w: republish(w, expire_at=timezone.now() + timedelta(minutes=7)),
    "a story is under embargo for a while": lambda w: put_off(w, embargo_until=timezone.now() + timedelta(minutes=4)),
    "a story is public without end again": lambda w: republish(w, expire_at=None, embargo_until=None),
    "a licence is to end": lambda w: edit(w.picture, usable_until=timezone.now() + timedelta(minutes=3)),
    "a licence has no end": lambda w: edit(w.picture, usable_until=None),
    "a campaign runs for some minutes": lambda w: edit(w.campaign, ends=timezone.now() + timedelta(minutes=6)),
    "one more campaign": campaign,
    "the worker runs": lambda _w: effects.run_due(),
}
STEPS = {**CHANGES, **SCHEDULES}

changes, jumps = st.sampled_from(sorted(STEPS)), st.sampled_from(sorted(JUMPS))


class Walk(RuleBasedStateMachine):
    """A site with two doors, and the clock."""

    made: World
    taken: int
    done: set[str]
    """The steps that could be taken once at least."""

    def __init__(self) -> None:
        super().__init__()
        self.world = copy.deepcopy(self.made)
        self.ends = ExitStack()
        self.ends.enter_context(_undone())
        self.clock = self.ends.enter_context(time_machine.travel(NOON, tick=False))
        self.fresh = WSGIHandler()
        self.doors = make_door(self.fresh), make_door(self.fresh)
        shared = InRedis(Dictionary(), "release")
        for door in self.doors:
            door.pages.shared = shared

    @initialize()
    def store(self) -> None:
        """Have every page stored."""
        assert self._stale(0) == []

    @rule(step=changes | changes | changes | changes | jumps, number=st.integers(0, 1))
    def take(self, step: str, number: int) -> None:
        """Change something, or let time pass; then ask a door for every page, and compare it with a fresh one."""
        type(self).taken += 1
        if step in JUMPS:
            self.clock.shift(JUMPS[step])
        else:
            self._change(step)
        assert self._stale(number) == []

    def _stale(self, number: int) -> list[str]:
        return [address for address in self.world.addresses() if not self._is_fresh(number, address)]

    def _change(self, step: str) -> None:
        with suppress(Exception), transaction.atomic():  # it cannot be done any more
            self.world.story = Article.objects.get(pk=self.world.story.pk)
            STEPS[step](self.world)
            self.done.add(step)

    def _is_fresh(self, number: int, address: str) -> bool:
        path, _mark, query = address.partition("?")
        stored, fresh = ask(self.doors[number], path, query), ask(self.fresh, path, query)
        same = stored.status == fresh.status
        return same and (fresh.status != 200 or stored.body == fresh.body)

    def teardown(self) -> None:
        """Leave the world as it was."""
        self.ends.close()


@contextmanager
def _undone() -> Iterator[None]:
    cache.clear()
    forget_hosts()
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


@pytest.fixture
def walk() -> type[Walk]:
    """A kind of walk whose every instance begins with the same world."""
    with time_machine.travel(NOON, tick=False):
        made = make_world()
    return type("TheWalk", (Walk,), {"made": made, "taken": 0, "done": set()})


def go(walk: type[Walk], walks: int, *, seed: int | None = None, shortest: bool = True) -> None:
    """Walk so often; without a seed the same ways each time."""
    walk._hypothesis_internal_use_seed = seed  # what ``hypothesis.seed`` sets
    phases = [Phase.generate, Phase.shrink] if shortest else [Phase.generate]
    chosen = settings(
        max_examples=walks,
        stateful_step_count=WALK,
        derandomize=seed is None,
        database=None,
        deadline=None,
        report_multiple_bugs=False,
        phases=phases,
        suppress_health_check=list(HealthCheck),
    )
    run_state_machine_as_test(walk, settings=chosen)


def test_no_stored_page_is_ever_stale(walk: type[Walk]) -> None:
    go(walk, WALKS)
    assert walk.taken > (WALKS - 1) * WALK // 2
    assert len(walk.done) > 20


@pytest.mark.soak
@pytest.mark.parametrize("part", range(PARTS))
def test_no_stored_page_is_ever_stale_in_many_walks(walk: type[Walk], part: int) -> None:
    while walk.taken < soak_sizes.STEPS // PARTS:
        go(walk, 1 + (soak_sizes.STEPS // PARTS - walk.taken) // WALK, seed=part * 1_000_000 + walk.taken)
    assert len(walk.done) > len(STEPS) // 2


def test_a_walk_finds_a_key_that_is_never_raised(walk: type[Walk], monkeypatch: pytest.MonkeyPatch) -> None:
    """The control: with the menus' key left out, a link that came is overlooked."""
    raise_versions = writing._raise_versions
    for name in STEPS:
        monkeypatch.setitem(STEPS, name, STEPS["the menu gets a link"])
    monkeypatch.setattr(
        writing,
        "_raise_versions",
        lambda names: raise_versions([name for name in names if name != "menus"]),
    )
    with pytest.raises(AssertionError, match="city"):
        go(walk, 3, shortest=False)
