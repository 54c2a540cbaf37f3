"""Who waits for whom in one server process.

A reader's post costs ten times what a stored page costs. Taken as they come, a
flood of posts holds every thread, and who only wants to read waits behind it.
So posts have a lane: a few at a time, in threads of their own; the others wait
their turn, and so many may wait that threads are left for the pages. A post
that finds no room to wait, or waits too long, is told so in words
(``comments.crowding``) and nothing of it is taken. Everything else goes as
before, so many at a time in Django; a stored page waits for neither.
"""

import contextvars
import re
import threading
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from io import BytesIO
from typing import Any

from django.conf import settings

from comments import crowding
from newsroom.security import ADMIN_PREFIX
from pagecache.front_door import Application, Environ, StartResponse

AT_WORK = 8
"""Requests that Django answers at a time, posts aside; each may hold one database connection."""

POSTS = 4
"""Posts at work: with two, the processor waits for the database; more than four are not faster."""

WAITING = 28
"""Posts that may wait: half a second's work."""

LONGEST_WAIT = 20.0
"""Seconds until a post is told that it could not be taken."""

THREADS = AT_WORK + POSTS + WAITING
"""Threads a server process needs."""

ELSEWHERE = (ADMIN_PREFIX, "/api/")
"""Posts of people and programs that have signed in."""

_BY_API = re.compile(r"/api/v1/.*comments/?", re.DOTALL)
"""A program need not have signed in to send a reader's comment."""


class Lane:
    """A WSGI application: ``posts`` answers what readers send, in turn, and ``others`` everything else."""

    def __init__(self, others: Application, posts: Application, *, width: int = POSTS, waiting: int = WAITING) -> None:
        self.others, self.posts = others, posts
        self.workers = ThreadPoolExecutor(width, "posts")
        self.room = threading.Semaphore(width + waiting)

    def __call__(self, environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        """The answer; for a post that found no room, of ``others`` that were told so."""
        if not _is_post(environ) or not _read(environ):
            return self.others(environ, start_response)
        answer = self._in_turn(environ)
        if answer is None:
            return self._refused(environ, start_response)
        started, body = answer
        start_response(*started)
        return [body]

    def _in_turn(self, environ: Environ) -> tuple[Any, bytes] | None:
        """What was started and the body; ``None`` where nothing was done."""
        if not self.room.acquire(blocking=False):
            return None
        try:
            turn = self.workers.submit(contextvars.copy_context().run, self._whole, environ)
            try:
                return turn.result(LONGEST_WAIT)
            except TimeoutError:
                return None if turn.cancel() else turn.result()
        finally:
            self.room.release()

    def _whole(self, environ: Environ) -> tuple[Any, bytes]:
        started: list[Any] = []
        response: Any = self.posts(environ, lambda *arguments: started.append(arguments))
        try:
            return started[0], b"".join(response)
        finally:
            if hasattr(response, "close"):
                response.close()

    def _refused(self, environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        if crowding.tells(environ["PATH_INFO"]):
            return self.others({**environ, crowding.FULL: True}, start_response)
        headers = [
            ("Content-Type", "text/plain; charset=utf-8"),
            ("Retry-After", str(crowding.PAUSE)),
            ("Cache-Control", "no-store"),
        ]
        start_response("503 Service Unavailable", headers)
        return [str(crowding.WORDS).encode()]


def at_most(number: int, application: Application) -> Application:
    """``application``, which is asked so many things at a time."""
    room = threading.Semaphore(number)

    def answer(environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        with room:
            return application(environ, start_response)

    return answer


def _is_post(environ: Environ) -> bool:
    if environ["REQUEST_METHOD"] != "POST":
        return False
    path = environ["PATH_INFO"]
    return not path.startswith(ELSEWHERE) or _BY_API.fullmatch(path) is not None


def _read(environ: Environ) -> bool:
    """Read what was sent before its turn comes, so that no slow sender holds up the lane; not what is too long."""
    declared = environ.get("CONTENT_LENGTH") or "0"
    most = settings.DATA_UPLOAD_MAX_MEMORY_SIZE
    if not (declared.isascii() and declared.isdecimal() and len(declared) <= len(str(most))) or int(declared) > most:
        return False
    environ["wsgi.input"] = BytesIO(environ["wsgi.input"].read(int(declared)))
    return True
