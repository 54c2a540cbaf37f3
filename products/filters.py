"""Filters of the product list that answer what a desk asks in the morning."""

from typing import Any

from django.contrib import admin
from django.db.models import Exists, OuterRef, QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from pagecache.admin import is_id
from products.models import Merchant, Offer, Placement, Product


class PriceFilter(admin.SimpleListFilter):
    """Which prices need somebody's eye."""

    title = _("price")
    parameter_name = "price"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        """Old, or none at all."""
        return [("old", _("To look at")), ("none", _("No available offer"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Product]) -> QuerySet[Product]:
        """With a live offer whose price is older than its shop's rule; in use without any live one."""
        if self.value() == "old":
            return queryset.filter(pk__in=Offer.objects.to_look_at().order_by().values("product"))
        if self.value() == "none":
            sold = Offer.objects.live().filter(product=OuterRef("pk"))
            return queryset.filter(~Exists(sold), retired_at=None)
        return queryset


class PlacedFilter(admin.SimpleListFilter):
    """Where products stand."""

    title = _("place")
    parameter_name = "placed"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        """Nowhere, or where."""
        return [
            ("nowhere", _("Nowhere placed")),
            ("article", _("Beside single stories")),
            ("section", _("With a section")),
            ("tag", _("With a tag")),
        ]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Product]) -> QuerySet[Product]:
        """Products placed there."""
        placed = Placement.objects.filter(product=OuterRef("pk"))
        if self.value() == "nowhere":
            return queryset.filter(~Exists(placed))
        if self.value() in {"article", "section", "tag"}:
            return queryset.filter(Exists(placed.filter(**{f"{self.value()}__isnull": False})))
        return queryset


class StandingFilter(admin.SimpleListFilter):
    """Whether readers may meet it."""

    title = _("standing")
    parameter_name = "standing"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        """In use, or retired."""
        return [("used", _("In use")), ("retired", _("Retired"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Product]) -> QuerySet[Product]:
        """Products that stand so."""
        if self.value() in {"used", "retired"}:
            return queryset.filter(retired_at__isnull=self.value() == "used")
        return queryset


class MerchantFilter(admin.SimpleListFilter):
    """Who sells it."""

    title = _("merchant")
    parameter_name = "merchant"

    MOST = 30
    """Shops named in the margin; all have a link in the list of shops."""

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        """The first shops by name, and the chosen one."""
        named = Merchant.objects.order_by("name").values_list("pk", "name")
        shown = [(str(pk), name) for pk, name in named[: self.MOST]]
        chosen = self.value() or ""
        if is_id(chosen) and chosen not in dict(shown):
            shown += [(str(pk), name) for pk, name in named.filter(pk=int(chosen))]
        return shown

    def queryset(self, request: HttpRequest, queryset: QuerySet[Product]) -> QuerySet[Product]:
        """Products they offer, sold out ones too."""
        chosen = self.value() or ""
        if not is_id(chosen):
            return queryset
        return queryset.filter(Exists(Offer.objects.filter(product=OuterRef("pk"), merchant=int(chosen))))
