"""Ends what a request waits for longer than its patience lasts, where the waiting itself has no end.

libpq's own call for one question is the cheapest there is: it gives up Python's
lock once. But it waits for as long as the server says nothing. So one thread of
the process looks now and then whether somebody waits too long, and shuts that
connection; libpq takes it for a server that has gone, and returns.
"""

import os
import socket
import threading
import time
from contextlib import suppress
from typing import TypeAlias

INTERVAL = 0.1
"""Seconds between two looks, and so the longest that is waited beyond one's patience."""

Question: TypeAlias = tuple[float, socket.socket]
"""Until when it may be waited for, by the monotonic clock, and what shuts its connection."""


class Watch:
    """The questions that this process waits for.

    Nothing is locked: a question is taken out once, by whoever waited for it or
    by the thread that looks, and Python's sets see to that. Whoever took it out
    decides what becomes of its connection.
    """

    def __init__(self) -> None:
        self._open: set[Question] = set()
        self._is_looking = False
        self._lock = threading.Lock()

    def begin(self, question: Question) -> None:
        """Somebody begins to wait."""
        if not self._is_looking:
            self._begin_to_look()
        self._open.add(question)

    def end(self, question: Question) -> bool:
        """The waiting is over: whether it was so in time, or else by shutting the connection, whose plug is closed."""
        try:
            self._open.remove(question)
        except KeyError:
            return False
        return True

    def look(self) -> None:
        """Shut the connections of those who have waited for too long."""
        now = time.monotonic()
        for question in list(self._open):
            until, plug = question
            if until <= now and self.end(question):
                with plug, suppress(OSError):
                    plug.shutdown(socket.SHUT_RDWR)

    def forget(self) -> None:
        """A child that was forked has neither the thread nor the questions."""
        self._open, self._is_looking, self._lock = set(), False, threading.Lock()

    def _begin_to_look(self) -> None:
        with self._lock:
            if not self._is_looking:
                threading.Thread(target=self._look_again_and_again, name="overdue", daemon=True).start()
                self._is_looking = True

    def _look_again_and_again(self) -> None:
        while True:
            time.sleep(INTERVAL)
            self.look()


watch = Watch()
os.register_at_fork(after_in_child=watch.forget)


def plug_of(descriptor: int) -> socket.socket:
    """What shuts the connection behind a descriptor of libpq's: one of our own, as libpq may close its at any time."""
    return socket.socket(fileno=os.dup(descriptor))
