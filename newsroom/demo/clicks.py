"""What readers of the demo chose in the product boxes, in the last five weeks."""

from datetime import timedelta

from django.utils import timezone

from newsroom.demo.made import Demo
from products.models import BELOW, ClickCount, Placement

DAYS = 35
BUSIEST = 7
"""Clicks of one place on one day, at most."""


def make(demo: Demo) -> None:
    """More on some days and at the first place than at the others; the same at every loading."""
    today = timezone.localdate(demo.now)
    placed = Placement.objects.exclude(article=None).order_by("article", "position", "id")
    rows = [
        ClickCount(
            product_id=row.product_id,
            article=row.article_id or 0,
            place=number % 3 + 1 + (BELOW if number % 4 == 3 else 0),  # noqa: PLR2004 - every fourth box is below
            day=today - timedelta(days=back),
            clicks=clicks,
        )
        for number, row in enumerate(placed)
        for back in range(DAYS)
        if (clicks := (number * 5 + back * 3) % BUSIEST - number % 3) > 0
    ]
    ClickCount.objects.bulk_create(rows)
