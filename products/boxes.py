"""*Products You May Like*: which products stand above and below a story. Two queries for both boxes."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import groupby
from typing import Any, NamedTuple

from django.db.models import BigAutoField, DateTimeField, OuterRef, QuerySet, Subquery
from django.utils import timezone

from articles.models import Article
from articles.page_plan import PagePlan
from articles.readiness.waivers import waived_key
from pagecache.addresses import address
from pagecache.prepared import Prepared
from pagecache.reading import depends_on
from products.candidates import CHOSEN, Candidate, Found, candidates
from products.models import BELOW, Layout, Merchant, Offer, Product
from products.prices import price_text

BOX_SIZE = 3
"""Products in one box: a row on a wide screen, and no more than a reader looks at."""

BOTH_BOXES = 2 * BOX_SIZE


@dataclass(frozen=True)
class ProductCard:
    """A product with its cheapest available offer, and where it comes from."""

    product: Product
    offer: Offer
    source: int = CHOSEN
    row: int = 0
    """The id of the placement or match that brought it here."""

    layout: str = Layout.ROW
    address: str = ""
    """Where its link leads: our own address, which counts and sends on."""

    @property
    def merchant(self) -> Merchant:
        """Who sells it."""
        return self.offer.merchant

    @property
    def price(self) -> str:
        """The price as readers see it."""
        return price_text(self.offer.price, self.offer.currency)

    @property
    def rating_tenths(self) -> int | None:
        """Our rating in tenths of a star, or ``None``."""
        return None if self.product.rating is None else int(self.product.rating * 10)


class Boxes(NamedTuple):
    """What stands above the story, and what below."""

    top: Sequence[ProductCard] = ()
    bottom: Sequence[ProductCard] = ()


def boxes(article: Article, exclude_product_ids: Iterable[int] = ()) -> Boxes:
    """The products for both boxes: the article's own, its section's, its tags', then those its words call for.

    Products without an available offer, those whose time has not come or is
    over, and those in ``exclude_product_ids``, drop out; none stands twice.
    Too few for two boxes make one. An article whose boxes are off has none,
    nor has a sensitive one unless somebody answers for them. ``article``
    should come from ``for_page()``. Notes in the page being rendered what the
    boxes depend on and until when they hold.
    """
    tag_ids = [tag.pk for tag in article.tag_list]
    depends_on(f"products:{article.pk}", f"article:{article.pk}")
    if article.sensitive:
        depends_on(waived_key(article))
    found = candidates(article, tag_ids, set(exclude_product_ids))
    if not found.stand(sensitive=article.sensitive):
        return Boxes()
    depends_on(f"products-section:{article.section_id}", *(f"products-tag:{pk}" for pk in tag_ids), until=found.until)
    cards = cards_of(found)
    for card in cards:
        _depends_on_card(card)
    return halved(article, cards)


def cards_beside(article: Article, tag_ids: list[int]) -> list[ProductCard]:
    """What both boxes of a story show, in order: by its id, its section, whether it is sensitive, and these tags."""
    found = candidates(article, tag_ids, set())
    return cards_of(found) if found.stand(sensitive=article.sensitive) else []


def cards_of(found: Found) -> list[ProductCard]:
    """The first candidates that have an offer, with their offers; the others are noted as what the page depends on."""
    for one in found.candidates:
        if not one.offered:
            depends_on(f"product:{one.product}")
    return _cards([one for one in found.candidates if one.offered][:BOTH_BOXES])


def halved(article: Article, cards: list[ProductCard]) -> Boxes:
    """Both boxes, each link with its address; too few for two make one."""
    half = len(cards) if len(cards) <= BOX_SIZE else (len(cards) + 1) // 2
    return Boxes(tuple(_addressed(article, cards[:half], 1)), tuple(_addressed(article, cards[half:], BELOW + 1)))


def groups(cards: Iterable[ProductCard]) -> list[tuple[str, list[ProductCard]]]:
    """Neighbours of one layout, in order: what stands in one row, or in one list."""
    return [(str(layout), list(together)) for layout, together in groupby(cards, key=lambda card: card.layout)]


def boxes_on_page(article: Article, plan: PagePlan) -> Boxes:
    """``boxes()`` once for a page, however many tags ask."""
    if "products" not in plan.kept:
        plan.kept["products"] = boxes(article, plan.product_ids)
    kept: Boxes = plan.kept["products"]
    return kept


def _addressed(article: Article, cards: Sequence[ProductCard], first: int) -> Iterator[ProductCard]:
    for place, card in enumerate(cards, start=first):
        yield replace(card, address=f"{address('products:go', card.offer.pk)}?a={article.pk or 0}&p={place}")


def _depends_on_card(card: ProductCard) -> None:
    depends_on(f"product:{card.product.pk}", f"merchant:{card.merchant.pk}", until=card.offer.next_change)
    if card.product.picture_id:
        depends_on(f"image:{card.product.picture_id}")


_SHOWN = (
    *("product", "merchant", "price", "currency", "seen_at", "ends_at", "check_from"),
    *("product__name", "product__slug", "product__brand", "product__description", "product__picture"),
    *("product__rating", "product__pros", "product__cons", "product__gtin"),
    *("product__picture__alt", "product__picture__renditions", "product__picture__usable_until"),
    *("product__picture__caption", "product__picture__credit"),
    *("merchant__name", "merchant__slug", "merchant__affiliate"),
)
"""What cards show and programs are told; the rest of four tables would take longer to read than all of this."""


def _best(now: Any, **products: Any) -> QuerySet[Offer]:
    """The best live offer of each product that has one, with all that its card shows."""
    live = Offer.objects.live(now).filter(product=OuterRef("product"))
    best = Subquery(live.best_first(now).values("pk")[:1])
    rows = Offer.objects.filter(product__id__in=products.values(), pk=best).order_by()
    return rows.select_related("product", "product__picture", "merchant").only(*_SHOWN)


def _cards(chosen: Sequence[Candidate]) -> list[ProductCard]:
    """In the order given, each with the cheapest offer it has; those that have none are left out."""
    if not chosen:
        return []
    wanted = [one.product for one in chosen] + [None] * (BOTH_BOXES - len(chosen))
    rows = _BEST.rows(now=timezone.now(), **dict(zip(_PLACES, wanted, strict=True)))
    found = {offer.product_id: offer for offer in rows}
    return [
        ProductCard(found[one.product].product, found[one.product], one.source, one.row, one.layout)
        for one in chosen
        if one.product in found
    ]


_PLACES = tuple(f"product{place}" for place in range(BOTH_BOXES))
"""A slot for each, not a list: of a list of any length PostgreSQL expects ten, and plans again for fewer."""

_BEST: Prepared[Offer] = Prepared(_best, now=DateTimeField(), **dict.fromkeys(_PLACES, BigAutoField[int, int]()))
