"""Purges: written in the transaction of the change, sent by a worker as soon as it is committed, and once more."""

import uuid
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.utils import timezone

from newsroom.edge.adapters import KINDS, Edge
from outbox import effects
from pagecache.freshness import tag

PURGE = "newsroom.purge"

AGAIN_AFTER = timedelta(seconds=5)
"""A page rendered before the change may reach the edge after the first purge: the second one catches it."""


def edge() -> Edge | None:
    """The edge of the settings, or ``None``."""
    kind = KINDS.get(settings.EDGE)
    return kind(settings.EDGE_URL, settings.EDGE_TOKEN) if kind else None


def purge_later(keys: list[str]) -> None:
    """Enqueue the purges of ``keys``; what ``pagecache.writing`` calls inside each changing transaction."""
    there = edge()
    if there is None:
        return
    now = timezone.now()
    wanted = [
        effects.Wanted({"keys": keys[start : start + there.most_keys]}, f"purge:{uuid.uuid4()}", due)
        for start in range(0, len(keys), there.most_keys)
        for due in (now, now + AGAIN_AFTER)
    ]
    effects.enqueue_all(PURGE, wanted)


@effects.handler(PURGE, outside=True)
def _purge(payload: dict[str, Any], _key: str) -> None:
    there = edge()
    if there is not None:
        there.purge([tag(key) for key in payload["keys"]])
