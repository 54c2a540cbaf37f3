"""What others may do with an answer: browsers keep nothing, a cache of ours in front does until the next boundary.

There pages go by the tags of their keys.
"""

import hashlib
import time
from collections.abc import Iterable
from functools import lru_cache
from urllib.parse import quote

from django.conf import settings

PLAIN = "public, max-age=0, must-revalidate"


def cache_control(boundary: float | None) -> str:
    """The ``Cache-Control`` of a page that may become another at ``boundary``, in seconds since 1970.

    Neither its time at the edge nor a time it may be shown stale there passes
    the boundary. Without an edge nobody keeps it unasked.
    """
    if not settings.EDGE_SECONDS:
        return PLAIN
    left = max(0, int(boundary - time.time())) if boundary is not None else settings.EDGE_SECONDS
    shared = min(settings.EDGE_SECONDS, left)
    parts = ["public", "max-age=0", f"s-maxage={shared}"]
    for name, seconds in (
        ("stale-while-revalidate", settings.EDGE_STALE_WHILE_REVALIDATE),
        ("stale-if-error", settings.EDGE_STALE_IF_ERROR),
    ):
        allowed = seconds if boundary is None else min(seconds, left - shared)
        if allowed > 0:
            parts.append(f"{name}={allowed}")
    return ", ".join(parts)


LONGEST_TAG = 200
REMEMBERED_TAGS = 10_000


@lru_cache(REMEMBERED_TAGS)
def tag(key: str) -> str:
    """A key as an edge may carry it: no blank, no comma, ASCII; a long one by its digest."""
    safe = quote(key, safe=":-_.")
    return safe if len(safe) <= LONGEST_TAG else "h:" + hashlib.blake2b(key.encode(), digest_size=16).hexdigest()


def tag_headers(keys: Iterable[str]) -> dict[str, str]:
    """The headers that name a page's keys to an edge."""
    tags = sorted(map(tag, keys))
    named = {"Surrogate-Key": " ".join(tags)}
    return named | {"Cache-Tag": ",".join(tags)} if settings.EDGE == "cloudflare" else named
