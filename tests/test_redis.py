"""The real Redis: pages found over two processes; dead, slow or hostile, it is a miss, in time, and never an error."""

import os
import pickle
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from redis import Redis

from newsroom.page_store import _shared
from newsroom.shared_cache import PATIENCE, SharedCache
from pagecache.seal import Seal
from pagecache.store import InRedis
from people import caps
from tests import redis_server
from tests.concurrency import database_url
from tests.factories import make_article
from tests.ports import free_port
from tests.wsgi_client import ask, make_door

pytestmark = [
    pytest.mark.once,
    pytest.mark.skipif(redis_server.BINARY is None, reason=redis_server.MISSING),
]


@pytest.fixture(scope="module")
def port() -> Iterator[int]:
    number = free_port()
    with redis_server.server(number):
        yield number


@pytest.fixture
def redis(port: int, settings: Any) -> Iterator[Redis]:
    settings.REDIS_URL = f"redis://127.0.0.1:{port}/0"
    client = Redis.from_url(settings.REDIS_URL)
    client.flushall()
    yield client
    client.close()


@pytest.fixture
def shared(redis: Redis) -> Iterator[InRedis]:
    found = _shared()
    assert found is not None
    yield found
    found.client.close()


def shared_cache(port: int) -> SharedCache:
    return SharedCache(f"redis://127.0.0.1:{port}/0", {})


@pytest.mark.django_db(transaction=True)
def test_a_page_rendered_by_one_process_is_found_by_another(redis: Redis, port: int) -> None:
    """Two real processes: each prints what its answer says of where it comes from."""
    address = make_article().get_absolute_url()
    program = (
        "import django, sys; django.setup()\n"
        "from newsroom.page_store import before; from django.core.handlers.wsgi import WSGIHandler\n"
        "from tests.wsgi_client import ask; from pagecache.front_door import FrontDoor\n"
        "door = before(WSGIHandler())\n"
        "print(ask(door, sys.argv[1], HTTP_HOST='127.0.0.1').headers['Cache-Status'])"
    )
    environment = {
        **os.environ,
        "DATABASE_URL": database_url(),
        "DJANGO_SETTINGS_MODULE": "newsroom.settings",
        "REDIS_URL": f"redis://127.0.0.1:{port}/0",
        "SECRET_KEY": "the same in both",
        "DEBUG": "true",  # styles are not collected here
        "PAGE_CACHE": "true",
        "PYTHONWARNINGS": "ignore",
    }
    root = Path(__file__).resolve().parent.parent
    said = [
        subprocess.run(
            [sys.executable, "-c", program, address],
            cwd=root,
            env={**environment, **more},
            check=True,
            capture_output=True,
            text=True,
        ).stdout.strip()
        for more in ({}, {}, {"SECRET_KEY": "another newsroom's"})
    ]
    assert said == ["newsroom; fwd=miss; stored", "newsroom; hit", "newsroom; fwd=miss; stored"]


@pytest.mark.django_db
@pytest.mark.parametrize("kind", ["nothing", "noise", "cut", "one bit", "another's seal", "another type"])
def test_whatever_somebody_wrote_into_redis_is_a_miss(shared: InRedis, kind: str) -> None:
    address = make_article().get_absolute_url()
    door = make_door()
    door.pages.shared = shared
    right = ask(door, address).body
    [name] = shared.client.keys("newsroom:page:*")
    packed = shared.client.get(name)
    page = Seal(b"guessed").close(shared.seal.open(packed).replace(b"late", b"evil"))
    bad = {
        "nothing": b"",
        "noise": os.urandom(5_000),
        "cut": packed[:-1],
        "one bit": packed[:-1] + bytes([packed[-1] ^ 1]),
        "another's seal": page,
    }
    shared.client.delete(name)
    if kind in bad:
        shared.client.set(name, bad[kind])
    else:
        shared.client.lpush(name, "a list")
    door.pages.clear()
    answer = ask(door, address)
    assert (answer.status, answer.body, answer.was_stored) == (200, right, False)


@pytest.mark.django_db
def test_control_the_page_itself_is_a_hit(shared: InRedis) -> None:
    address = make_article().get_absolute_url()
    door = make_door()
    door.pages.shared = shared
    ask(door, address)
    door.pages.clear()
    assert ask(door, address).was_stored


@pytest.mark.django_db
def test_a_redis_that_dies_and_comes_back_costs_nobody_a_page(settings: Any) -> None:
    number = free_port()
    settings.REDIS_URL = f"redis://127.0.0.1:{number}/0"
    address = make_article().get_absolute_url()
    found = _shared()
    assert found is not None
    cache, door = shared_cache(number), make_door()
    door.pages.shared = found
    with redis_server.server(number):
        ask(door, address)
        cache.set("a", [1])
    door.pages.clear()
    began = time.monotonic()
    assert ask(door, address).status == 200
    assert cache.get("a", "a miss") == "a miss"
    assert cache.add("b", 1)
    assert (cache.get_many(["a"]), cache.has_key("a"), cache.delete("a"), cache.touch("a")) == ({}, False, False, False)
    assert time.monotonic() - began < 5 * PATIENCE + 1
    with redis_server.server(number):
        found.silent_until = cache.silent_until = 0.0  # five seconds later
        door.pages.clear()
        ask(door, address)
        assert found.client.keys("newsroom:page:*")
        cache.set("a", {"b": (1, 2.5)})
        assert cache.get("a") == {"b": (1, 2.5)}
    found.client.close()
    cache.close()


@pytest.mark.django_db
def test_a_redis_that_hangs_is_waited_for_once_and_no_longer_than_said(settings: Any) -> None:
    number = free_port()
    settings.REDIS_URL = f"redis://127.0.0.1:{number}/0"
    address = make_article().get_absolute_url()
    found = _shared()
    assert found is not None
    cache, door = shared_cache(number), make_door()
    door.pages.shared = found
    with redis_server.server(number) as process:
        ask(door, address)
        door.pages.clear()
        process.send_signal(signal.SIGSTOP)
        waited = [_seconds(lambda: ask(door, address)), _seconds(lambda: cache.get("a"))]
        door.pages.clear()
        again = [_seconds(lambda: ask(door, address)), _seconds(lambda: cache.get("a"))]
        process.send_signal(signal.SIGCONT)
    assert max(waited) < 2 * PATIENCE + 1.0
    assert again[1] < 0.05
    assert again[0] < waited[0]
    found.client.close()
    cache.close()


def _seconds(act: Any) -> float:
    began = time.monotonic()
    act()
    return time.monotonic() - began


def test_a_pickle_that_is_not_ours_is_never_opened(redis: Redis, port: int) -> None:
    cache = shared_cache(port)
    cache.set("there", "x")
    [name] = redis.keys("*there*")

    class Bomb:
        def __reduce__(self) -> Any:
            return (os._exit, (3,))

    for bad in (pickle.dumps(Bomb()), Seal(b"").close(pickle.dumps(Bomb())), b"--5", b"", b"\xff" * 100):
        redis.set(name, bad)
        assert cache.get("there", "a miss") == "a miss"
    cache.set("number", -5)
    assert (cache.incr("number"), cache.get("number")) == (-4, -4)
    cache.close()


@pytest.mark.django_db
def test_nothing_is_counted_while_redis_is_away(monkeypatch: pytest.MonkeyPatch) -> None:
    away = shared_cache(free_port())
    monkeypatch.setattr(caps, "cache", away)
    assert not caps.admits_beacon("203.0.113.9")
