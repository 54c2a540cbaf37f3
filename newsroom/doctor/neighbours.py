"""What stands beside the site: the shared cache, the edge, the mail server."""

import smtplib
import time
import uuid
from collections.abc import Iterator

from django.conf import settings
from django.core.cache import cache

from newsroom.doctor.findings import Finding, by_limits, good, trouble
from newsroom.edge.adapters import EdgeError
from newsroom.edge.purging import edge as edge_of_settings

PATIENCE = 5.0
SLOW_CACHE = (0.02, 0.2)
SLOW_EDGE = (1.0, 4.0)
"""Seconds."""


def shared_cache() -> Iterator[Finding]:
    """Whether the cache keeps what it is given."""
    if not settings.REDIS_URL:
        yield good("cache", "Each process keeps its own (REDIS_URL is not set); with several, limits count for each.")
        return
    name, began = f"doctor:{uuid.uuid4().hex}", time.monotonic()
    cache.set(name, "there", 10)
    found = cache.get(name)
    seconds = time.monotonic() - began
    if found != "there":
        hint = "Is the server of REDIS_URL up? Pages are rendered meanwhile, and limits count for nobody."
        yield trouble("cache", "Redis does not keep what it is given.", hint)
        return
    yield by_limits(
        "cache", f"Redis answers in {seconds * 500:.1f} ms.", "Is it far away, or busy?", seconds, SLOW_CACHE
    )


def edge() -> Iterator[Finding]:
    """Whether the edge takes a purge."""
    there = edge_of_settings()
    if there is None:
        return
    began = time.monotonic()
    try:
        there.purge(["doctor:nothing"])
    except EdgeError as error:
        words = f"It takes no purges: {error}. Readers may see old pages for {settings.EDGE_SECONDS} s."
        yield trouble("edge", words, "Look at EDGE_URL and EDGE_TOKEN, and at the edge's own rules.")
        return
    seconds = time.monotonic() - began
    yield by_limits("edge", f"It took a purge in {seconds:.2f} s.", "Is it far away?", seconds, SLOW_EDGE)


def mail() -> Iterator[Finding]:
    """Whether the mail server answers; nobody signs in, and no mail is sent."""
    if not settings.SMTP_HOST:
        return  # the configuration's part says so
    try:
        with smtplib.SMTP(settings.SMTP_HOST, settings.SMTP_PORT, timeout=PATIENCE) as server:
            server.noop()
    except (OSError, smtplib.SMTPException) as error:
        words = f"{settings.SMTP_HOST}:{settings.SMTP_PORT} does not answer as a mail server: {error}"
        yield trouble("mail", words, "Look at SMTP_HOST and SMTP_PORT, and at what a firewall lets out.")
        return
    yield good("mail", f"{settings.SMTP_HOST}:{settings.SMTP_PORT} answers.")
