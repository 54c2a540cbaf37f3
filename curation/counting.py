"""Counting what readers were shown, chose and read: per day, and of nobody in particular."""

from datetime import date, timedelta

from django.db import models
from django.utils import timezone

from curation import standing_pairs
from curation.beacons import Beacon, RefusedError
from curation.models import ReadCount, RelatedCount
from curation.tally import tally
from outbox.periodic import every
from people import caps

KEPT_DAYS = 400
"""A year and the same month of the year before."""

BATCH = 2000
"""Rows deleted in one statement, so that nobody waits for long."""


def count(beacon: Beacon, *, address: str) -> None:
    """Count what a reader's page told, as far as the caps of its ``address`` allow.

    Raises ``RefusedError``, and counts nothing, for a page readers may not see,
    for articles that do not stand beside it, and for a flood.
    """
    if not caps.admits_beacon(address):
        raise RefusedError(429)
    if beacon.read:
        _count_read(beacon.page, address)
    else:
        _count_list(beacon, address)


@every(timedelta(hours=6))
def forget_old() -> None:
    """Delete counts older than ``KEPT_DAYS``."""
    before = timezone.localdate() - timedelta(days=KEPT_DAYS)
    for model in (RelatedCount, ReadCount):
        while _delete_some(model, before):
            pass


def _count_read(page: int, address: str) -> None:
    if not standing_pairs.is_public(page):
        raise RefusedError(400)
    if caps.admits(address, "read", page):
        tally.add_read((page, timezone.localdate()))


def _count_list(beacon: Beacon, address: str) -> None:
    if not standing_pairs.stands(beacon.page, [*beacon.shown, *beacon.clicked]):
        raise RefusedError(400)
    day = timezone.localdate()
    for target, slot in beacon.shown:
        if caps.admits(address, "shown", beacon.page, target):
            tally.add_related((beacon.page, target, slot, day), shown=1)
    for target, slot in beacon.clicked:
        if caps.admits(address, "clicked", beacon.page, target):
            tally.add_related((beacon.page, target, slot, day), clicked=1)


def _delete_some(model: type[models.Model], before: date) -> bool:
    """Whether there may be more: one batch went."""
    ids = list(model._default_manager.filter(day__lt=before).values_list("pk", flat=True)[:BATCH])
    model._default_manager.filter(pk__in=ids).delete()
    return len(ids) == BATCH
