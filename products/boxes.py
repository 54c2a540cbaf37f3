"""*Products You May Like*: which products stand above and below a story. Two queries for both boxes."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from django.db.models import BigAutoField, Exists, F, OuterRef, QuerySet, Subquery, Value

from articles.models import Article
from articles.page_plan import PagePlan
from pagecache.prepared import Prepared
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
    depends_on(f"product:{card.product.pk}", f"merchant:{card.merchant.pk}")
    if card.product.picture_id:
        depends_on(f"image:{card.product.picture_id}")


def _chosen(article: Article, tag_ids: list[int], exclude: set[int]) -> list[int]:
    """The ids of the products to show, in order."""
    asked = {"article": article.pk, "section": article.section_id, "tags": tag_ids, "excluded": list(exclude) or [0]}
    chosen: dict[int, None] = {}
    for *_order, product, offered in sorted(_PLACED.rows(**asked)):
        if offered:
            chosen.setdefault(product)
        else:
            depends_on(f"product:{product}")
    return list(chosen)[:BOTH_BOXES]


def _placed(article: Any, section: Any, tags: Any, excluded: Any) -> QuerySet[Any, Any]:
    """A bounded list of placements for each place: source, position, row, product, and whether it is to be had."""
    placed = Placement.objects.exclude(product__in=excluded).order_by("position", "id")
    return _source(CHOSEN, placed.filter(article=article)).union(
        _source(IN_SECTION, placed.filter(section=section)), _source(WITH_TAG, placed.filter(tag__in=tags)), all=True
    )


def _source(number: int, placements: QuerySet[Placement]) -> QuerySet[Any, Any]:
    """The first of them; the limit stands inside, since SQLite takes none between ``UNION``s."""
    first = Placement.objects.filter(pk__in=placements.values("pk")[:LOOKED_AT]).order_by()
    offered = Exists(Offer.objects.filter(product=OuterRef("product"), available=True))
    named: QuerySet[Any, Any] = first.annotate(source=Value(number), place=F("position"), offered=offered)
    return named.values_list("source", "place", "pk", "product", "offered")


def _cheapest(products: Any) -> QuerySet[Offer]:
    """The cheapest offer of each product that has one, with all that its card shows."""
    available = Offer.objects.filter(product=OuterRef("product"), available=True)
    cheapest = Subquery(available.order_by("price", "id").values("pk")[:1])
    rows = Offer.objects.filter(product__in=products, pk=cheapest).order_by()
    return rows.select_related("product", "product__picture", "merchant")


def _cards(product_ids: Sequence[int]) -> list[ProductCard]:
    """The products in the order given, each with the cheapest offer it has; those that have none are left out."""
    if not product_ids:
        return []
    found = {offer.product_id: offer for offer in _CHEAPEST.rows(products=product_ids)}
    return [ProductCard(found[pk].product, found[pk]) for pk in product_ids if pk in found]


_ID: BigAutoField[int, int] = BigAutoField()
_PLACED: Prepared[tuple[Any, ...]] = Prepared(_placed, article=_ID, section=_ID, tags=[_ID], excluded=[_ID])
_CHEAPEST: Prepared[Offer] = Prepared(_cheapest, products=[_ID])
