"""The list of products at the desk, and how one is found in it."""

import re
from typing import Any

from django.contrib import admin
from django.db.models import Count, OuterRef, QuerySet, Subquery
from django.http import HttpRequest
from django.urls import URLPattern
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from articles.article_list import BoundedPaginator
from products.deliveries.screens import import_urls
from products.filters import MerchantFilter, PlacedFilter, PriceFilter, StandingFilter
from products.models import Offer, Placement, Product
from products.price_screens import price_urls
from products.prices import price_text
from products.retirement_screens import retirement_urls

NUMBERED = 50
"""Products found by one number; several shops may use the same one for different things."""

_NUMBER = re.compile(r"[!-~]*\d[!-~]*", re.ASCII)

LIST_ADDRESS = "products_product_changelist"


class ProductList(admin.ModelAdmin[Any]):
    """What stands in the list. It costs the same whatever there is, so nothing is sorted by what is counted."""

    paginator = BoundedPaginator
    list_per_page = 50
    show_full_result_count = False
    list_display = ("title", "brand", "cheapest", "price_seen", "places")
    list_filter = (PriceFilter, StandingFilter, PlacedFilter, MerchantFilter)
    search_fields = ("name", "brand")
    search_help_text = gettext_lazy("Part of the name or of the brand, or a whole GTIN or article number.")
    ordering = ("name", "id")

    def get_urls(self) -> list[URLPattern]:
        """The screens of prices before Django's catch-all."""
        return [*price_urls(self), *import_urls(self), *retirement_urls(self), *super().get_urls()]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Product]:
        """On the list with the offer readers see, and the number of places; choosers offer no retired ones."""
        rows = Product.objects.order_by(*self.ordering)
        match = request.resolver_match
        if match is not None and match.url_name == "autocomplete":
            return rows.filter(retired_at=None)
        return self._told(rows) if match is not None and match.url_name == LIST_ADDRESS else rows

    def _told(self, rows: QuerySet[Product]) -> QuerySet[Product]:
        best = Offer.objects.live().filter(product=OuterRef("pk")).best_first()
        placed = Placement.objects.filter(product=OuterRef("pk")).order_by().values("product")
        return rows.annotate(
            lowest=Subquery(best.values("price")[:1]),
            lowest_currency=Subquery(best.values("currency")[:1]),
            lowest_seen=Subquery(best.values("seen_at")[:1]),
            lowest_until=Subquery(best.values("check_from")[:1]),
            place_total=Subquery(placed.annotate(total=Count("pk")).values("total")),
        )

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Product], search_term: str
    ) -> tuple[QuerySet[Product], bool]:
        """A number of the trade, or words of the name and brand."""
        number = search_term.strip()
        if _NUMBER.fullmatch(number) and (found := _numbered(number)):
            return queryset.filter(pk__in=found), False
        return super().get_search_results(request, queryset, search_term)

    @admin.display(description=gettext_lazy("name"), ordering="name")
    def title(self, product: Product) -> str:
        """The name, and whether it is retired."""
        if product.retired_at is None:
            return product.name
        return format_html('{} <span class="badge badge--archived">{}</span>', product.name, _("retired"))

    @admin.display(description=gettext_lazy("price"))
    def cheapest(self, product: Any) -> str:
        """What readers see; of a price older than its shop's rule that they are asked to check it, and what it was."""
        if product.lowest is None:
            return _("no offer")
        price = price_text(product.lowest, product.lowest_currency)
        if product.lowest_until > timezone.now():
            return price
        return format_html('<span class="badge badge--changes">{}</span> {}', _("check price"), price)

    @admin.display(description=gettext_lazy("price seen"))
    def price_seen(self, product: Any) -> Any:
        """When somebody looked last."""
        return product.lowest_seen

    @admin.display(description=gettext_lazy("places"))
    def places(self, product: Any) -> int:
        """In how many places it stands."""
        return int(product.place_total or 0)


def _numbered(number: str) -> list[int]:
    """The products with this GTIN, or with an offer of this article number."""
    offered = Offer.objects.filter(sku=number).order_by().values_list("product", flat=True)[:NUMBERED]
    return [*Product.objects.filter(gtin=number).order_by().values_list("pk", flat=True), *offered]
