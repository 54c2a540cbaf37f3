"""What shops ask for products."""

from django.conf import settings
from django.core.validators import MinValueValidator, RegexValidator
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from pagecache.keyed import Keyed, KeyedQuerySet
from products.models.merchant import Merchant
from products.models.product import Product
from products.models.web_addresses import is_web, web_address


class Offer(Keyed):
    """What a merchant asked for a product when somebody last looked."""

    product = models.ForeignKey(Product, models.CASCADE, related_name="offers")
    merchant = models.ForeignKey(Merchant, models.PROTECT, related_name="offers", verbose_name=_("merchant"))
    url = models.URLField(
        _("link"), max_length=500, validators=[web_address], help_text=_("Where readers go; https:// or http://.")
    )
    price = models.DecimalField(_("price"), max_digits=10, decimal_places=2, validators=[MinValueValidator(0)])
    currency = models.CharField(
        _("currency"),
        max_length=3,
        default="EUR",
        validators=[RegexValidator("^[A-Z]{3}$", _("Three letters, such as EUR."))],
        help_text=_("Three letters, such as EUR."),
    )
    available = models.BooleanField(
        _("available"), default=True, help_text=_("Untick when it is sold out; it then leaves every page.")
    )
    seen_at = models.DateTimeField(
        _("price seen"), default=timezone.now, help_text=_("Readers see this date beside the price.")
    )
    seen_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, editable=False, related_name="+")

    objects = KeyedQuerySet.as_manager()

    class Meta:
        ordering = ["price", "id"]
        verbose_name = _("offer")
        constraints = [
            models.UniqueConstraint(fields=["product", "merchant"], name="offer_once_per_merchant"),
            models.CheckConstraint(name="offer_price_not_negative", condition=Q(price__gte=0)),
            models.CheckConstraint(name="offer_link_is_web", condition=is_web("url")),
        ]
        indexes = [models.Index(fields=["product", "available", "price", "id"], name="offer_cheapest")]

    def __str__(self) -> str:
        return f"{self.merchant}: {self.price} {self.currency}"

    def page_keys(self) -> set[str]:
        """Every page that shows the product."""
        return {f"product:{self.product_id}"}
