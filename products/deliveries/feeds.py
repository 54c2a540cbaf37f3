"""Shops' own feeds, fetched again and again: off unless ``PRODUCT_FEEDS`` is set, and a shop has an address.

The job only says which are due. The fetching is an effect that works outside
any transaction; what comes is a delivery like any other.
"""

from datetime import datetime, timedelta
from http import HTTPStatus
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db.models import F
from django.utils import timezone

from outbox import audit, effects
from outbox.fetching import Fetched, FetchRefused, fetch, only_if_changed
from outbox.periodic import every
from pagecache.writing import writing
from products.deliveries.applying import apply
from products.deliveries.sheet import MOST_BYTES, Unreadable
from products.models import Delivery, MerchantFeed, Offer, SeenHow

FETCH = "products.fetch_feed"

SECONDS = 120
"""For a whole feed, from first to last; an effect that works outside has ten minutes."""

AT_A_TIME = 20
"""Feeds of one run; what is left waits for the next, five minutes later."""

UNAPPLIED_KEPT = timedelta(days=7)
KEPT = timedelta(days=90)


def ask_due() -> int:
    """Enqueue the feeds that are due, those that waited longest first; returns how many.

    Any number of workers may run it: each feed is claimed by one.
    """
    if not settings.PRODUCT_FEEDS:
        return 0
    feeds = MerchantFeed.objects.order_by(F("asked_at").asc(nulls_first=True), "id")
    return sum(map(_claim, [feed for feed in feeds.iterator() if _is_due(feed)][:AT_A_TIME]))


@every(timedelta(minutes=5))
def ask_for_feeds() -> None:
    """The worker's job."""
    ask_due()


def _is_due(feed: MerchantFeed) -> bool:
    return feed.asked_at is None or feed.asked_at <= timezone.now() - timedelta(hours=feed.hours)


def _claim(feed: MerchantFeed) -> bool:
    now = timezone.now()
    with writing():
        mine = MerchantFeed.objects.filter(pk=feed.pk, asked_at=feed.asked_at).update(asked_at=now)
        if mine:
            effects.enqueue(FETCH, {"feed": feed.pk}, key=f"{FETCH}:{feed.pk}:{now.isoformat()}")
    return bool(mine)


def fetch_feed(payload: dict[str, Any], _key: str) -> None:
    """Fetch one feed and apply what it says. Trouble is written where the desk sees it; the next turn tries again."""
    feed = MerchantFeed.objects.select_related("merchant").filter(pk=payload["feed"]).first()
    if feed is None or not settings.PRODUCT_FEEDS:
        return
    try:
        known = only_if_changed(feed.etag, feed.modified)
        fetched = fetch(feed.url, max_bytes=MOST_BYTES, seconds=SECONDS, headers=known)
        if fetched.status == HTTPStatus.NOT_MODIFIED:
            _confirm(feed, timezone.now())
        else:
            _apply(feed, fetched)
    except (FetchRefused, Unreadable) as refused:
        _note_trouble(feed, str(refused))
    except ValidationError as refused:
        _note_trouble(feed, " ".join(refused.messages))


effects.handler(FETCH, slow=True)(fetch_feed)


def _apply(feed: MerchantFeed, fetched: Fetched) -> None:
    now = timezone.now()
    parts = urlsplit(feed.url)
    with writing():
        delivery = Delivery.objects.create(
            merchant=feed.merchant,
            how=SeenHow.FEED,
            name=f"{parts.hostname}{parts.path}"[:200],
            kind=feed.kind,
            currency=feed.currency,
            creates=feed.creates,
            whole=feed.whole,
            as_of=now,
            content=fetched.body,
        )
        apply(delivery, actor=None)
        _note(feed, now, etag=fetched.kept("etag", 200), modified=fetched.kept("last-modified", 100))


def _confirm(feed: MerchantFeed, now: datetime) -> None:
    """The feed is as it was: the prices it named last time are its prices now."""
    with writing() as keys:
        named = Offer.objects.filter(merchant=feed.merchant, seen_how=SeenHow.FEED, seen_at=feed.answered_at or now)
        keys.update(f"product:{pk}" for pk in named.order_by().values_list("product", flat=True))
        count = named.update(seen_at=now, check_from=now + feed.merchant.prices_hold)
        _note(feed, now, etag=feed.etag, modified=feed.modified)
        audit.record(None, "feed unchanged", feed.merchant, offers=count)


def _note(feed: MerchantFeed, answered: datetime, *, etag: str, modified: str) -> None:
    MerchantFeed.objects.filter(pk=feed.pk, url=feed.url).update(
        answered_at=answered, trouble="", etag=etag, modified=modified
    )


def _note_trouble(feed: MerchantFeed, words: str) -> None:
    MerchantFeed.objects.filter(pk=feed.pk, url=feed.url).update(trouble=words[:300])


@every(timedelta(days=1))
def forget_old_deliveries() -> None:
    """Lists nobody applied are dropped after a week, reports after a season."""
    now = timezone.now()
    Delivery.objects.filter(applied_at=None, made_at__lt=now - UNAPPLIED_KEPT).delete()
    Delivery.objects.filter(made_at__lt=now - KEPT).delete()
