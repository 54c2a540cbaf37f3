"""Counting what readers chose in the boxes: per day, and of nobody in particular."""

import atexit
from collections import Counter
from datetime import date, timedelta
from typing import TypeAlias

from django.db import models, transaction
from django.utils import timezone

from articles.models import Article
from outbox.gathering import BATCH, Gathering, insert
from outbox.periodic import every
from pagecache.admin import is_id
from people import caps
from products.models import BELOW, ClickCount, Offer, Product

KEPT_DAYS = 800
"""Two years and a little: a season is compared with the same of the year before."""

FORGOTTEN_AT_ONCE = 2000
"""Rows deleted in one statement, so that nobody waits for long."""

_CLICKS = (
    "INSERT INTO products_clickcount (product_id, article, place, day, clicks) VALUES {values}"
    " ON CONFLICT (product_id, article, place, day) DO UPDATE SET"
    " clicks = products_clickcount.clicks + excluded.clicks"
)

Key: TypeAlias = tuple[int, int, int, date]
"""Product, article (0: nobody said), place, day."""


class Clicks(Gathering[Counter[Key]]):
    """Clicks of one process."""

    clicks: Counter[Key]

    def add(self, key: Key, number: int = 1) -> None:
        """Count so many clicks."""
        with self._lock:
            self.clicks[key] += number
            self.events += number
        self._arrange()

    def _clear(self) -> None:
        self.clicks = Counter()

    def _taken(self) -> Counter[Key]:
        return self.clicks

    def _write(self, gathered: Counter[Key]) -> None:
        write(gathered)

    def _put_back(self, gathered: Counter[Key]) -> None:
        for key, number in gathered.items():
            self.add(key, number)


clicks = Clicks()
"""This process's own."""

atexit.register(clicks.flush)


def count(offer: Offer, article: int, place: int, *, address: str) -> None:
    """Count that somebody at ``address`` chose ``offer``, as far as the caps allow; writes nothing yet."""
    if caps.admits_beacon(address) and caps.admits(address, "offer", article, offer.pk):
        clicks.add((offer.product_id, article, place, timezone.localdate()))


def write(gathered: Counter[Key]) -> None:
    """Add the clicks to what is stored. Products deleted meanwhile are left out; articles nobody may read become 0."""
    products = _known(Product._base_manager.all(), {key[0] for key in gathered})
    articles = _known(Article.objects.public(), {key[1] for key in gathered})
    rows: Counter[Key] = Counter()
    for (product, article, place, day), number in gathered.items():
        if product in products:
            rows[product, article if article in articles else 0, place if article in articles else 0, day] += number
    with transaction.atomic():
        insert(_CLICKS, [(*key, number) for key, number in sorted(rows.items())])


def place_of(text: str) -> int:
    """The place an address names, or 0: from 1 above the story, from ``BELOW`` + 1 below it."""
    number = number_of(text)
    return number if number < 2 * BELOW and number % BELOW else 0


def number_of(text: str) -> int:
    """The number an address names, or 0 for anything else."""
    return int(text) if is_id(text) else 0


@every(timedelta(hours=6))
def forget_old() -> None:
    """Delete counts older than ``KEPT_DAYS``."""
    before = timezone.localdate() - timedelta(days=KEPT_DAYS)
    while some := list(ClickCount.objects.filter(day__lt=before).values_list("pk", flat=True)[:FORGOTTEN_AT_ONCE]):
        ClickCount.objects.filter(pk__in=some).delete()


def _known(rows: models.QuerySet[models.Model], wanted: set[int]) -> set[int]:
    ids, found = sorted(wanted), set[int]()
    for start in range(0, len(ids), BATCH):
        found.update(rows.filter(pk__in=ids[start : start + BATCH]).values_list("pk", flat=True))
    return found
