"""What all processes of a machine have counted, whichever of them is asked.

Each leaves its tally in a file of ``RUN_DIR/metrics``, written once a second
while something is counted, and holds a lock on another as long as it lives.
What a dead process has counted is added to ``ended.json``: a counter of the
whole never falls.
"""

import fcntl
import json
import logging
import os
import threading
import uuid
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from newsroom.metrics.tally import Tally

INTERVAL = 1.0
"""Seconds between two writings; a process that is killed loses what it counted since the last."""

ENDED = "ended"

logger = logging.getLogger("newsroom.metrics")


class Desk:
    """The place in ``directory`` where one process leaves its tally."""

    def __init__(self, directory: Path, tally: Tally) -> None:
        self.directory = directory
        self.tally = tally
        self.name = ""
        self._process = 0
        self._lock = threading.Lock()
        self._alive: int | None = None

    def open(self) -> None:
        """From now on leave the tally again and again; calling it twice, or after a fork, is right."""
        if self._process == os.getpid():
            return
        with self._lock:
            if self._process == os.getpid():
                return
            self._process = os.getpid()
            self.name = f"{self._process}-{uuid.uuid4().hex}"
            try:
                self._alive = self._lock_held()
            except OSError:
                logger.warning("the figures of this process cannot be left in %s", self.directory, exc_info=True)
                return
        threading.Thread(target=self._leave_again_and_again, name="metrics", daemon=True).start()

    def _lock_held(self) -> int:
        self.directory.mkdir(parents=True, exist_ok=True)
        held = os.open(self.directory / f"{self.name}.lock", os.O_RDWR | os.O_CREAT, 0o600)
        fcntl.flock(held, fcntl.LOCK_EX)
        return held

    def leave(self) -> None:
        """Write the tally now, if anything was counted since it was written."""
        if self._alive is not None and self.tally.changed:
            _write(self.directory / f"{self.name}.json", self.tally)

    def gather(self) -> Tally:
        """What every process has counted, the dead ones too."""
        self.leave()
        whole = Tally()
        with _locked(self.directory / "gather.lock"):
            for lock in sorted(self.directory.glob("*-*.lock")):
                _settle(lock, lock.with_suffix(".json"))
            for path in self.directory.glob("*.json"):
                whole.merge(_read(path))
        return whole

    def close(self) -> None:
        """Leave the tally for the last time and let go of the lock, as the end of the process would."""
        self.leave()
        if self._alive is not None:
            os.close(self._alive)
        self.name, self._process, self._alive = "", 0, None

    def _leave_again_and_again(self) -> None:
        name, pause = self.name, threading.Event()
        while self.name == name:
            pause.wait(INTERVAL)
            try:
                self.leave()
            except OSError:
                logger.warning("the figures of this process cannot be written", exc_info=True)


def _settle(lock: Path, path: Path) -> None:
    """Add the tally of a process that is dead to those that ended."""
    with lock.open() as handle:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return
        ended = lock.with_name(f"{ENDED}.json")
        both = _read(ended)
        both.merge(_read(path))
        _write(ended, both)
        path.unlink(missing_ok=True)
        lock.unlink(missing_ok=True)


def _write(path: Path, tally: Tally) -> None:
    fresh = path.with_suffix(f".{threading.get_ident()}")
    fresh.write_text(json.dumps(tally.packed()), encoding="utf-8")
    fresh.replace(path)


def _read(path: Path) -> Tally:
    with suppress(OSError, ValueError):
        return Tally.unpacked(json.loads(path.read_text(encoding="utf-8")))
    return Tally()


@contextmanager
def _locked(path: Path) -> Iterator[None]:
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w") as handle:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
