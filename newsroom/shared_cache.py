"""Django's cache in Redis or Valkey: when that is dead, slow or holds rubbish, there was nothing in it."""

import hashlib
import importlib
import logging
import pickle
import time
from collections.abc import Callable
from typing import Any, TypeVar

from django.conf import settings
from django.core.cache.backends.base import DEFAULT_TIMEOUT
from django.core.cache.backends.redis import RedisCache, RedisSerializer

from pagecache.seal import Seal

T = TypeVar("T")

PATIENCE = 0.2
"""Seconds for connecting, and for an answer."""

PAUSE = 5.0
"""Seconds for which a server that failed is left alone."""

logger = logging.getLogger("newsroom.cache")


def impatient() -> dict[str, Any]:
    """Options of a connection that waits for nothing and tries nothing twice; the library itself would for seconds."""
    retry: Any = importlib.import_module("redis.retry")
    backoff: Any = importlib.import_module("redis.backoff")
    once = retry.Retry(backoff.NoBackoff(), 0)
    return {"socket_timeout": PATIENCE, "socket_connect_timeout": PATIENCE, "retry": once}


def seal_for(purpose: str) -> Seal:
    """A seal that only processes with our ``SECRET_KEY`` can make."""
    return Seal(hashlib.blake2b(f"{purpose}:{settings.SECRET_KEY}".encode()).digest())


class SealedPickles(RedisSerializer):
    """Numbers as they are, everything else as a pickle that nobody but us can have made."""

    def __init__(self) -> None:
        super().__init__()
        self.seal = seal_for("cache")

    def dumps(self, obj: Any) -> Any:
        """What goes into Redis."""
        return obj if type(obj) is int else self.seal.close(pickle.dumps(obj, pickle.HIGHEST_PROTOCOL))

    def loads(self, data: Any) -> Any:
        """What came out of it; ``ValueError`` for what is not ours."""
        return int(data) if data.lstrip(b"-").isdigit() else pickle.loads(self.seal.open(data))  # noqa: S301 - sealed


class SharedCache(RedisCache):
    """Never an error and never a wait: a failure is a miss, and ``add`` finds nobody was there.

    ``incr`` alone raises, so that who counts knows that nothing was counted.
    """

    def __init__(self, server: str, params: dict[str, Any]) -> None:
        options = {**params.get("OPTIONS", {}), **impatient(), "serializer": SealedPickles}
        super().__init__(server, {**params, "OPTIONS": options})
        self.silent_until = 0.0

    def add(self, key: Any, value: Any, timeout: Any = DEFAULT_TIMEOUT, version: int | None = None) -> bool:
        """Whether nobody was there, as far as we know."""
        return self._try(lambda: bool(super(SharedCache, self).add(key, value, timeout, version)), True)

    def get(self, key: Any, default: Any = None, version: int | None = None) -> Any:
        """The value, or ``default``."""
        return self._try(lambda: super(SharedCache, self).get(key, default, version), default)

    def set(self, key: Any, value: Any, timeout: Any = DEFAULT_TIMEOUT, version: int | None = None) -> None:
        """Keep the value, if that can be done."""
        self._try(lambda: super(SharedCache, self).set(key, value, timeout, version), None)

    def touch(self, key: Any, timeout: Any = DEFAULT_TIMEOUT, version: int | None = None) -> bool:
        """Whether it was there."""
        return self._try(lambda: bool(super(SharedCache, self).touch(key, timeout, version)), False)

    def delete(self, key: Any, version: int | None = None) -> bool:
        """Whether it was there."""
        return self._try(lambda: bool(super(SharedCache, self).delete(key, version)), False)

    def get_many(self, keys: Any, version: int | None = None) -> dict[Any, Any]:
        """Those that are there."""
        return self._try(lambda: dict(super(SharedCache, self).get_many(keys, version)), {})

    def has_key(self, key: Any, version: int | None = None) -> bool:
        """Whether it is there."""
        return self._try(lambda: bool(super(SharedCache, self).has_key(key, version)), False)

    def _try(self, act: Callable[[], T], otherwise: T) -> T:
        if time.monotonic() < self.silent_until:
            return otherwise
        try:
            return act()
        except ValueError:
            return otherwise  # somebody else's bytes: no reason to leave the server alone
        except Exception:
            self.silent_until = time.monotonic() + PAUSE
            logger.warning("the shared cache does not answer; left alone for a while", exc_info=True)
            return otherwise
