"""What stands beside a story: products and readers' comments."""

from typing import Any

from django.db.models import Exists, OuterRef, Q, Subquery
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from ninja import Query, Router
from ninja.decorators import decorate_view

from articles.listing import is_public
from comments.models import Comment
from pagecache.reading import depends_on
from products.boxes import ProductCard, boxes
from products.candidates import running
from products.models import Offer, Placement, Product
from syndication.api import shapes, telling
from syndication.api.asked import Id, Paged, names_of
from syndication.api.door import asking, public
from syndication.api.keyset import Order, page_of
from syndication.api.problems import Problem
from syndication.api.reading import BY_ADDRESS, shown_story

router = Router(tags=["reading"])

STORY_MISSING = {400: Problem, 404: Problem, 410: Problem}
OLDEST = Order(("created_at", "id"))


@router.get(
    "articles/{pk}/products/",
    response={200: shapes.Products} | STORY_MISSING,
    url_name="api_article_products",
    operation_id="article_products",
)
@decorate_view(public())
def article_products(request: HttpRequest, pk: Id) -> dict[str, Any]:
    """Products You May Like beside a public article."""
    top, bottom = boxes(shown_story(pk))
    return _told([*top, *bottom])


@router.get(
    "products/",
    response={200: shapes.AllProducts, 400: Problem},
    url_name="api_products",
    operation_id="products",
)
@decorate_view(asking(*names_of(Paged)))
def products(request: HttpRequest, question: Query[Paged]) -> dict[str, Any]:
    """Products that stand somewhere on the site and can be had. No key rises for all of them: not kept by the cache."""
    page = page_of(shown_products(), BY_ADDRESS, scope="products", cursor=question.cursor, limit=question.limit)
    cheapest = Offer.objects.live().filter(product=OuterRef("product")).best_first()
    offers = Offer.objects.filter(product__in=page.rows, pk=Subquery(cheapest.values("pk")[:1])).order_by()
    found = {offer.product_id: offer for offer in offers.select_related("merchant")}
    cards = [ProductCard(product, found[product.pk]) for product in page.rows if product.pk in found]
    return _told(cards) | {"next": page.next}


@router.get(
    "articles/{pk}/comments/",
    response={200: shapes.Comments} | STORY_MISSING,
    url_name="api_comments",
    operation_id="comments",
)
@decorate_view(public(*names_of(Paged)))
def comments(request: HttpRequest, pk: Id, question: Query[Paged]) -> dict[str, Any]:
    """The approved comments under a public article, oldest first."""
    shown_story(pk)
    depends_on(f"comments:{pk}")
    rows = Comment.objects.approved().filter(article=pk)
    page = page_of(rows, OLDEST, scope=f"comments:{pk}", cursor=question.cursor, limit=question.limit)
    address = reverse("comments:permalink", args=[0])
    items = [telling.comment(row, address.replace("0", str(row.pk))) for row in page.rows]
    return {"items": items, "next": page.next}


def _told(cards: list[ProductCard]) -> dict[str, Any]:
    """Products, and what whoever shows them must say."""
    paid = any(shown.merchant.affiliate for shown in cards)
    return {"items": [telling.product(shown) for shown in cards], "disclosure": telling.disclosed(paid=paid)}


def shown_products() -> Any:
    """Products with an available offer that stand beside something public, in a section or with a tag."""
    where = Q(is_public("article")) | Q(section__isnull=False) | Q(tag__isnull=False)
    placed = Placement.objects.filter(where, running(timezone.now()), product=OuterRef("pk"))
    offered = Offer.objects.live().filter(product=OuterRef("pk"))
    return Product.objects.filter(Exists(placed), Exists(offered)).select_related("picture")
