"""What readers chose in the boxes: by product, by article or by place, over some days."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db.models import QuerySet, Sum
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from articles.known import known_to
from articles.permissions import Actor
from outbox.spreadsheets import MOST_ROWS
from products.models import BELOW, ClickCount, Product

USUAL_DAYS = 28

MOST_SHOWN = 100
"""Rows of the screen."""

AT_ONCE = 500

PRODUCT, ARTICLE, PLACE = "product", "article", "place"
GROUPINGS = {
    PRODUCT: gettext_lazy("by product"),
    ARTICLE: gettext_lazy("by article"),
    PLACE: gettext_lazy("by place"),
}


@dataclass(frozen=True)
class Period:
    """From one day to another, both counted."""

    first: date
    last: date

    @classmethod
    def usual(cls) -> "Period":
        """The last four weeks."""
        today = timezone.localdate()
        return cls(today - timedelta(days=USUAL_DAYS - 1), today)

    def rows(self) -> QuerySet[ClickCount]:
        """What was counted in it."""
        return ClickCount.objects.filter(day__gte=self.first, day__lte=self.last)


@dataclass(frozen=True)
class Row:
    """One line of the report; ``key`` is the id of a product or article, or the place."""

    key: int
    name: str
    clicks: int


def total(period: Period) -> int:
    """All clicks of the period."""
    return int(period.rows().aggregate(total=Sum("clicks"))["total"] or 0)


def grouped(period: Period, by: str, actor: Actor) -> list[Row]:
    """The most chosen first, at most ``MOST_SHOWN``; articles that ``actor`` may not know of stay unnamed."""
    sums = period.rows().values_list(by).annotate(total=Sum("clicks")).order_by("-total", by)[:MOST_SHOWN]
    found = [(int(key), int(clicks)) for key, clicks in sums]
    names = _named(by, {key for key, _clicks in found}, actor)
    return [Row(key, names[key], clicks) for key, clicks in found]


def heads() -> list[str]:
    """The names of the columns of ``table``."""
    return [_("product no."), _("product"), _("article no."), _("article"), _("place"), _("clicks")]


def table(period: Period, actor: Actor) -> Iterator[list[str]]:
    """Every product beside every article at every place, for a spreadsheet: one more than a file holds at most."""
    sums = period.rows().values_list(PRODUCT, ARTICLE, PLACE).annotate(total=Sum("clicks"))
    rows = sums.order_by(PRODUCT, ARTICLE, PLACE)[: MOST_ROWS + 1]
    for chunk in _chunks(rows):
        products = _named(PRODUCT, {row[0] for row in chunk}, actor)
        articles = _named(ARTICLE, {row[1] for row in chunk}, actor)
        for product, article, place, clicks in chunk:
            named = [str(product), products[product], str(article or ""), articles[article]]
            yield [*named, place_words(place), str(clicks)]


def place_words(place: int) -> str:
    """A place in words."""
    if not place:
        return _("not known")
    words = _("below the story, %(number)d") if place > BELOW else _("above the story, %(number)d")
    return words % {"number": place % BELOW}


def _chunks(rows: Iterable[Any]) -> Iterator[list[Any]]:
    chunk: list[Any] = []
    for row in rows:
        chunk.append(row)
        if len(chunk) == AT_ONCE:
            yield chunk
            chunk = []
    yield chunk


def _named(by: str, keys: set[int], actor: Actor) -> dict[int, str]:
    """The name of each key."""
    if by == PLACE:
        return {key: place_words(key) for key in keys}
    if by == PRODUCT:
        return {key: str(name) for key, name in Product.objects.filter(pk__in=keys).values_list("pk", "name")}
    known = {article.pk: str(article) for article in known_to(actor).filter(pk__in=keys)}
    unnamed = {key: _("a story that is gone, or not yours to see") if key else _("not known") for key in keys}
    return unnamed | known
