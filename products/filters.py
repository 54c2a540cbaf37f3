"""Filters of the product list that answer what a desk asks in the morning."""

from datetime import timedelta
from typing import Any

from django.contrib import admin
from django.db.models import Exists, OuterRef, QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from products.models import Offer, Placement, Product

PRICE_GROWS_OLD = timedelta(days=30)
"""A month: readers forgive a price of last week, not one of last season."""


class PriceFilter(admin.SimpleListFilter):
    """Which prices need somebody's eye."""

    title = _("price")
    parameter_name = "price"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        """Old, or none at all."""
        return [("old", _("Seen more than 30 days ago")), ("none", _("No available offer"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Product]) -> QuerySet[Product]:
        """Products with an available offer nobody has looked at lately, or without any."""
        available = Offer.objects.filter(product=OuterRef("pk"), available=True)
        if self.value() == "old":
            return queryset.filter(Exists(available.filter(seen_at__lt=timezone.now() - PRICE_GROWS_OLD)))
        if self.value() == "none":
            return queryset.filter(~Exists(available))
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
