"""What shops ask for products."""

from datetime import datetime
from typing import Any

from django.conf import settings
from django.core.validators import MinValueValidator, RegexValidator
from django.db import models
from django.db.models import Case, Q, Value, When
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from pagecache.keyed import Keyed, KeyedQuerySet
from products.models.merchant import Merchant
from products.models.product import Product
from products.models.web_addresses import is_web, web_address

CURRENCY = RegexValidator("^[A-Z]{3}$", _("Three letters, such as EUR."))


class SeenHow(models.TextChoices):
    """How we came to know a price."""

    TYPED = "typed", _("typed")
    FILE = "file", _("price list")
    FEED = "feed", _("feed")


class OfferQuerySet(KeyedQuerySet["Offer"]):
    """What readers may be offered."""

    def live(self, now: Any = None) -> "OfferQuerySet":
        """Available, not ended, of products that are not retired: the one definition of what boxes may show."""
        ended = Q(ends_at__lte=now or timezone.now())
        return self.filter(available=True, product__retired_at=None).exclude(ended)

    def best_first(self, now: Any = None) -> "OfferQuerySet":
        """Prices that hold before those that need another look, then the cheapest."""
        old = Case(When(check_from__lte=now or timezone.now(), then=Value(1)), default=Value(0))
        return self.order_by(old, "price", "id")

    def to_look_at(self) -> "OfferQuerySet":
        """Live ones whose price is older than the merchant's rule, the oldest first."""
        return self.live().filter(check_from__lte=timezone.now()).order_by("check_from", "id")


class Offer(Keyed):
    """What a merchant asked for a product when somebody last looked."""

    product = models.ForeignKey(Product, models.CASCADE, related_name="offers")
    merchant = models.ForeignKey(Merchant, models.PROTECT, related_name="offers", verbose_name=_("merchant"))
    url = models.URLField(
        _("link"), max_length=500, validators=[web_address], help_text=_("Where readers go; https:// or http://.")
    )
    sku = models.CharField(
        _("article number"),
        max_length=64,
        blank=True,
        help_text=_("The shop’s own number (SKU); price lists and feeds find the offer by it."),
    )
    price = models.DecimalField(_("price"), max_digits=10, decimal_places=2, validators=[MinValueValidator(0)])
    currency = models.CharField(
        _("currency"),
        max_length=3,
        default="EUR",
        validators=[CURRENCY],
        help_text=_("Three letters, such as EUR."),
    )
    available = models.BooleanField(
        _("available"), default=True, help_text=_("Untick when it is sold out; it then leaves every page.")
    )
    seen_at = models.DateTimeField(
        _("price seen"), default=timezone.now, help_text=_("Readers see this date beside the price.")
    )
    seen_how = models.CharField(_("seen how"), max_length=5, choices=SeenHow, default=SeenHow.TYPED, editable=False)
    ends_at = models.DateTimeField(
        _("offer ends"), null=True, blank=True, help_text=_("Optional; it then leaves every page by itself.")
    )
    check_from = models.DateTimeField(_("price holds until"), default=timezone.now, editable=False)
    seen_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, editable=False, related_name="+")

    objects = OfferQuerySet.as_manager()

    class Meta:
        ordering = ["price", "id"]
        verbose_name = _("offer")
        constraints = [
            models.UniqueConstraint(fields=["product", "merchant"], name="offer_once_per_merchant"),
            models.UniqueConstraint(
                fields=["merchant", "sku"],
                condition=~Q(sku=""),
                name="offer_sku_once_per_merchant",
                violation_error_message=_("This shop has another offer with this article number."),
            ),
            models.CheckConstraint(name="offer_price_not_negative", condition=Q(price__gte=0)),
            models.CheckConstraint(name="offer_link_is_web", condition=is_web("url")),
        ]
        indexes = [
            models.Index(fields=["product", "available", "price", "id"], name="offer_cheapest"),
            models.Index(fields=["sku"], name="offer_by_sku"),
            models.Index(fields=["check_from", "id"], condition=Q(available=True), name="offer_to_look_at"),
        ]

    def __str__(self) -> str:
        return f"{self.merchant}: {self.price} {self.currency}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Save; how long the price holds follows from its date, at most now, and the merchant's rule."""
        self.check_from = min(self.seen_at, timezone.now()) + self.merchant.prices_hold
        if (fields := kwargs.get("update_fields")) is not None and "seen_at" in fields:
            kwargs["update_fields"] = {*fields, "check_from"}
        super().save(*args, **kwargs)

    @property
    def is_live(self) -> bool:
        """Whether ``OfferQuerySet.live`` holds it."""
        ended = self.ends_at is not None and self.ends_at <= timezone.now()
        return self.available and not ended and self.product.retired_at is None

    @property
    def is_old(self) -> bool:
        """Whether the price needs another look; readers are then asked to check it at the shop."""
        return self.check_from <= timezone.now()

    @property
    def next_change(self) -> datetime | None:
        """When what readers see of it changes by itself, or ``None``: the price grows old, or the offer ends."""
        ahead = (moment for moment in (self.check_from, self.ends_at) if moment and moment > timezone.now())
        return min(ahead, default=None)

    def page_keys(self) -> set[str]:
        """Every page that shows the product."""
        return {f"product:{self.product_id}"}
