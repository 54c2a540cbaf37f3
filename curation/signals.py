"""What readers' choices say: figures for the desk, and a small word in the ranking."""

import math
from collections import defaultdict
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.core.cache import cache
from django.db.models import Q, QuerySet, Sum
from django.utils import timezone

from curation.models import ReadCount, RelatedCount

WEEK, MONTH = 7, 28
"""Days of the desk's figures; the ranking looks at ``MONTH``."""

PRIOR = 5.0
"""Clicks' worth of doubt: so many expected ones must have come before a ratio is half believed."""

TWICE = 2.0
"""Chosen so many times as often as its places lead one to expect is the strongest signal; the inverse, the weakest."""

PRIOR_SHOWN, PRIOR_RATE = 1000, 0.01
"""What a place is taken for before anybody was counted there: one click in a hundred."""

RATES_REMEMBERED = 3600
"""Seconds. The site's mean moves slowly, and summing a month takes a large site a second."""


_RATES = "seen:rates"


@dataclass(frozen=True)
class Figure:
    """How often something was shown, and chosen."""

    shown: int = 0
    clicked: int = 0

    @property
    def rate(self) -> float:
        """Share of showings that were chosen, from 0 to 1; 0 where it was never shown."""
        return min(self.clicked / self.shown, 1.0) if self.shown else 0.0


@dataclass(frozen=True)
class ArticleFigures:
    """An article's page and list over some days: opened, its list seen and used, itself seen and chosen elsewhere."""

    days: int
    reads: int
    own_list: Figure
    elsewhere: Figure


def click_signal(article_id: int, target_ids: Iterable[int]) -> dict[int, float]:
    """How readers take to each target beside the article, from -1 to 1; 0 for what was never shown. One query.

    Clicks over expected clicks (Zhang and Jones, WWW 2007): a target's clicks of
    the last ``MONTH`` days, divided by those an average article would have had
    in the same places, so that standing first is no merit. Both sides get
    ``PRIOR`` clicks more, which draws the ratio towards the site's mean where
    little was counted. The signal is its logarithm to the base ``TWICE``, cut at -1 and 1.
    """
    rates, wanted = _rates(), set(target_ids)
    clicked: dict[int, int] = defaultdict(int)
    expected: dict[int, float] = defaultdict(float)
    rows = RelatedCount.objects.filter(article=article_id, target__in=wanted, day__gt=_since(MONTH))
    sums = rows.values_list("target", "slot").annotate(Sum("shown"), Sum("clicked"))
    for target, slot, shown, clicks in sums:
        clicked[target] += clicks
        expected[target] += shown * rates.get(slot, PRIOR_RATE)
    return {pk: _signal(clicked[pk], expected[pk]) for pk in wanted}


def figures(article_id: int, target_ids: Iterable[int]) -> dict[int, dict[int, Figure]]:
    """For each target shown beside the article in the last month: its figures there, by number of days. One query."""
    rows = RelatedCount.objects.filter(article=article_id, target__in=list(target_ids), day__gt=_since(MONTH))
    week = Q(day__gt=_since(WEEK))
    sums = rows.values_list("target").annotate(
        month_shown=Sum("shown"),
        month_clicked=Sum("clicked"),
        week_shown=Sum("shown", filter=week, default=0),
        week_clicked=Sum("clicked", filter=week, default=0),
    )
    return {target: {WEEK: Figure(*counts[2:]), MONTH: Figure(*counts[:2])} for target, *counts in sums}


def article_figures(article_id: int) -> dict[int, ArticleFigures]:
    """The article's figures of the last week and the last month, by number of days: three queries."""
    reads = _sums(ReadCount.objects.filter(article=article_id), "reads")
    own = _sums(RelatedCount.objects.filter(article=article_id), "shown", "clicked")
    elsewhere = _sums(RelatedCount.objects.filter(target=article_id), "shown", "clicked")
    return {
        days: ArticleFigures(
            days=days,
            reads=reads["reads", days],
            own_list=Figure(own["shown", days], own["clicked", days]),
            elsewhere=Figure(elsewhere["shown", days], elsewhere["clicked", days]),
        )
        for days in (WEEK, MONTH)
    }


def _sums(rows: QuerySet[Any], *columns: str) -> dict[tuple[str, int], int]:
    """The sum of each column over the last week and the last month: one query."""
    wanted = [(column, days) for column in columns for days in (WEEK, MONTH)]
    sums = {f"{column}_{days}": Sum(column, filter=Q(day__gt=_since(days))) for column, days in wanted}
    found = rows.filter(day__gt=_since(MONTH)).aggregate(**sums)
    return {(column, days): found[f"{column}_{days}"] or 0 for column, days in wanted}


def _signal(clicked: int, expected: float) -> float:
    ratio = (clicked + PRIOR) / (expected + PRIOR)
    return max(-1.0, min(1.0, math.log(ratio, TWICE)))


def _rates() -> dict[int, float]:
    """How often what stands in each place is chosen, over the whole site; reckoned once in ``RATES_REMEMBERED``.

    Without a cache that answers, what a new site has: the sum is too dear for every list.
    """
    try:
        rates: dict[int, float] | None = cache.get(_RATES)
    except Exception:  # noqa: BLE001 - each kind of cache has errors of its own
        return {}
    if rates is None:
        rates = _site_rates()
        with suppress(Exception):
            cache.set(_RATES, rates, RATES_REMEMBERED)
    return rates


def _site_rates() -> dict[int, float]:
    rows = RelatedCount.objects.filter(day__gt=_since(MONTH))
    sums = rows.values_list("slot").annotate(Sum("shown"), Sum("clicked"))
    prior = PRIOR_SHOWN * PRIOR_RATE
    return {slot: (clicked + prior) / (shown + PRIOR_SHOWN) for slot, shown, clicked in sums}


def _since(days: int) -> date:
    """The day before the first of the last ``days``, today among them."""
    return timezone.localdate() - timedelta(days=days)
