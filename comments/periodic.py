"""What the worker forgets for comments: address hashes, spent tokens, counts. All in batches, safe in two workers."""

from collections.abc import Callable
from datetime import timedelta

from django.conf import settings
from django.db.models import Model, QuerySet
from django.utils import timezone

from comments.models import Arrivals, Ban, Comment, Report, SpentToken
from comments.pipeline import rates
from outbox.periodic import every
from pagecache.writing import writing

FORGET = timedelta(hours=1)

AT_ONCE = 1_000
"""Rows in one transaction: nobody who comments meanwhile waits longer than a blink."""

SPENT_FOR = timedelta(days=90)
"""A token that is sent again later than this is taken once more, marked as old; that gains nobody anything."""

COUNTED_FOR = 6 * rates.WINDOW
"""Longer than any limit looks back, and longer than clocks of two machines differ."""


@every(FORGET)
def forget() -> None:
    """Drop what was kept for a time only."""
    now = timezone.now()
    old = now - timedelta(days=settings.COMMENT_ADDRESS_DAYS)
    _in_batches(Comment.objects.filter(address_block__gt="", created_at__lt=old), _forget_blocks)
    _in_batches(Report.objects.filter(source__gt="", at__lt=old), lambda rows: rows.update(source=""))
    _in_batches(SpentToken.objects.filter(spent_at__lt=now - SPENT_FOR), _delete)
    _in_batches(Arrivals.objects.filter(since__lt=now - COUNTED_FOR), _delete)
    _in_batches(Ban.objects.filter(kind=Ban.Kind.ADDRESS, until__lt=now), _delete)


def _in_batches(rows: QuerySet[Model], act: Callable[[QuerySet[Model]], object]) -> None:
    """Do ``act`` to all ``rows``; what another worker has in hand is left to it."""
    done = AT_ONCE
    while done == AT_ONCE:
        with writing():
            chosen = rows.select_for_update(skip_locked=True).order_by("pk")[:AT_ONCE]
            ids = list(chosen.values_list("pk", flat=True))
            act(rows.model._default_manager.filter(pk__in=ids))
        done = len(ids)


def _forget_blocks(rows: QuerySet[Model]) -> None:
    """No reader sees them, so no page changes."""
    rows.update(address_block="")


def _delete(rows: QuerySet[Model]) -> None:
    rows.delete()
