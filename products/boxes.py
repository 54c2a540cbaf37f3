"""*Products You May Like*: which products stand above and below a story. Two queries for both boxes."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from django.db.models import Exists, F, OuterRef, QuerySet, Subquery, Value

from articles.models import Article
from articles.page_plan import PagePlan
from pagecache.reading import depends_on
from products.models import Merchant, Offer, Placement, Product
from products.prices import price_text

BOX_SIZE = 3
"""Products in one box: a row on a wide screen, and no more than a reader looks at."""

BOTH_BOXES = 2 * BOX_SIZE

LOOKED_AT = 30
"""Placements of one place that are looked at: enough to pass over products that are sold out, and a bound on the
work however many are placed there."""

CHOSEN, IN_SECTION, WITH_TAG = 1, 2, 3
"""Where a placement comes from, in the order in which they fill the boxes."""


@dataclass(frozen=True)
class ProductCard:
    """A product with its cheapest available offer."""

    product: Product
    offer: Offer

    @property
    def merchant(self) -> Merchant:
        """Who sells it."""
        return self.offer.merchant

    @property
    def price(self) -> str:
        """The price as readers see it."""
        return price_text(self.offer.price, self.offer.currency)


class Boxes(NamedTuple):
    """What stands above the story, and what below."""

    top: Sequence[ProductCard] = ()
    bottom: Sequence[ProductCard] = ()


def boxes(article: Article, exclude_product_ids: Iterable[int] = ()) -> Boxes:
    """The products for both boxes: the article's own, then its section's, then its tags'.

    Products without an available offer, and those in ``exclude_product_ids``,
    drop out; none stands twice. Too few for two boxes make one. A sensitive
    article has none. ``article`` should come from ``for_page()``. Notes in the
    page being rendered what the boxes depend on.
    """
    depends_on(f"products:{article.pk}", f"article:{article.pk}")
    if article.sensitive:
        return Boxes()
    tag_ids = [tag.pk for tag in article.tag_list]
    depends_on(f"products-section:{article.section_id}", *(f"products-tag:{pk}" for pk in tag_ids))
    cards = cards_beside(article, tag_ids, exclude_product_ids)
    for card in cards:
        _depends_on_card(card)
    if len(cards) <= BOX_SIZE:
        return Boxes(top=cards)
    half = (len(cards) + 1) // 2
    return Boxes(cards[:half], cards[half:])


def cards_beside(
    article: Article, tag_ids: Iterable[int], exclude_product_ids: Iterable[int] = ()
) -> list[ProductCard]:
    """What both boxes of a story show, in order, were it not sensitive: by its id, its section, and these tags."""
    return _cards(_chosen(article, list(tag_ids), set(exclude_product_ids)))


def boxes_on_page(article: Article, plan: PagePlan) -> Boxes:
    """``boxes()`` once for a page, however many tags ask."""
    if "products" not in plan.kept:
        plan.kept["products"] = boxes(article, plan.product_ids)
    kept: Boxes = plan.kept["products"]
    return kept


def _depends_on_card(card: ProductCard) -> None:
    depends_on(f"product:{card.product.pk}", f"merchant:{card.merchant.pk}", until=card.offer.next_change)
    if card.product.picture_id:
        depends_on(f"image:{card.product.picture_id}")


def _chosen(article: Article, tag_ids: list[int], exclude: set[int]) -> list[int]:
    """The ids of the products to show, in order."""
    first, *rest = _sources(article, tag_ids, exclude)
    chosen: dict[int, None] = {}
    for *_order, product, offered in sorted(first.union(*rest, all=True).order_by()):
        if offered:
            chosen.setdefault(product)
        else:
            depends_on(f"product:{product}")
    return list(chosen)[:BOTH_BOXES]


def _sources(article: Article, tag_ids: list[int], exclude: set[int]) -> list[QuerySet[Any, Any]]:
    """One bounded list of placements for each place."""
    placed = Placement.objects.exclude(product__in=exclude).order_by("position", "id")
    sources = [_source(CHOSEN, placed.filter(article=article.pk))]
    if article.section_id:
        sources.append(_source(IN_SECTION, placed.filter(section=article.section_id)))
    if tag_ids:
        sources.append(_source(WITH_TAG, placed.filter(tag__in=tag_ids)))
    return sources


def _source(number: int, placements: QuerySet[Placement]) -> QuerySet[Any, Any]:
    """The first of them; the limit stands inside, since SQLite takes none between ``UNION``s."""
    first = Placement.objects.filter(pk__in=placements.values("pk")[:LOOKED_AT]).order_by()
    offered = Exists(Offer.objects.live().filter(product=OuterRef("product")))
    named: QuerySet[Any, Any] = first.annotate(source=Value(number), place=F("position"), offered=offered)
    return named.values_list("source", "place", "pk", "product", "offered")


def _cards(product_ids: Sequence[int]) -> list[ProductCard]:
    """The products in the order given, each with the cheapest offer it has; those that have none are left out."""
    if not product_ids:
        return []
    live = Offer.objects.live().filter(product=OuterRef("product"))
    best = Subquery(live.best_first().values("pk")[:1])
    rows = Offer.objects.filter(product__in=product_ids, pk=best).order_by()
    found = {offer.product_id: offer for offer in rows.select_related("product", "product__picture", "merchant")}
    return [ProductCard(found[pk].product, found[pk]) for pk in product_ids if pk in found]
