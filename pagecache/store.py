"""Where stored pages lie: in this process, and in Redis beside it where one is set."""

import hashlib
import logging
import threading
import time
from collections import OrderedDict
from typing import Any, Protocol

from pagecache.entries import Entry
from pagecache.seal import Seal

logger = logging.getLogger("pagecache")

PageKey = tuple[str, tuple[tuple[str, str], ...]]
"""A path, and the parts of the query that its page looks at, in order."""

LARGEST = 2_000_000
"""Bytes of a page that is worth keeping."""


class Shared(Protocol):
    """A store that several processes use; it may lose anything, and answers in time or not at all."""

    def get(self, key: PageKey) -> Entry | None:
        """The entry, if it is at hand."""

    def put(self, key: PageKey, entry: Entry) -> None:
        """Keep the entry."""


class Pages:
    """The pages of this process, the least used forgotten first, and a shared store behind them."""

    def __init__(self, room: int, shared: Shared | None = None) -> None:
        self.room = room
        self.shared = shared
        self.used = 0
        self._pages: OrderedDict[PageKey, tuple[Entry, int]] = OrderedDict()
        self._lock = threading.Lock()

    def get(self, key: PageKey) -> Entry | None:
        """The entry of this process, or ``None``."""
        with self._lock:
            found = self._pages.get(key)
            if found is None:
                return None
            self._pages.move_to_end(key)
            return found[0]

    def fetch(self, key: PageKey) -> Entry | None:
        """The entry another process may have left, kept here from now on."""
        found = self.shared.get(key) if self.shared else None
        if found is not None:
            self._keep(key, found)
        return found

    def put(self, key: PageKey, entry: Entry) -> None:
        """Keep the entry, here and for other processes."""
        if len(entry.body) > LARGEST:
            return
        self._keep(key, entry)
        if self.shared:
            self.shared.put(key, entry)

    def __len__(self) -> int:
        return len(self._pages)

    def clear(self) -> None:
        """Forget the pages of this process."""
        with self._lock:
            self._pages.clear()
            self.used = 0

    def _keep(self, key: PageKey, entry: Entry) -> None:
        size = entry.size * 2  # its compressed bodies come later
        with self._lock:
            self._drop(key)
            self._pages[key] = (entry, size)
            self.used += size
            while self.used > self.room and self._pages:
                self._drop(next(iter(self._pages)))

    def _drop(self, key: PageKey) -> None:
        _entry, size = self._pages.pop(key, (None, 0))
        self.used -= size


class InRedis:
    """Pages in Redis or Valkey. When it fails it is left alone for a while: a miss, never an error, never a wait."""

    KEPT = 86_400
    PAUSE = 5.0

    def __init__(self, client: Any, release: str, seal: Seal | None = None) -> None:
        self.client = client
        self.release = release
        self.seal = seal or Seal()
        self.silent_until = 0.0

    def get(self, key: PageKey) -> Entry | None:
        """The entry, if it is at hand and whole."""
        packed = self._try(lambda: self.client.get(self._name(key)))
        try:
            return Entry.unpack(self.seal.open(packed)) if packed else None
        except ValueError:
            return None

    def put(self, key: PageKey, entry: Entry) -> None:
        """Keep the entry for a day."""
        self._try(lambda: self.client.set(self._name(key), self.seal.close(entry.pack()), ex=self.KEPT))

    def _name(self, key: PageKey) -> str:
        digest = hashlib.blake2b(repr(key).encode("utf-8", "surrogatepass"), digest_size=20).hexdigest()
        return f"newsroom:page:{self.release}:{digest}"

    def _try(self, act: Any) -> Any:
        if time.monotonic() < self.silent_until:
            return None
        try:
            return act()
        except Exception:
            self.silent_until = time.monotonic() + self.PAUSE
            logger.warning("the shared page cache does not answer; left alone for a while", exc_info=True)
            return None
