"""What a shop delivered: a price list somebody uploaded, or a feed that was fetched."""

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from products.models.merchant import Merchant
from products.models.offer import CURRENCY, SeenHow
from products.models.web_addresses import web_address


class Delivery(models.Model):
    """A list as it came, until it is applied; afterwards the report of what it changed."""

    merchant = models.ForeignKey(Merchant, models.CASCADE, related_name="deliveries", verbose_name=_("merchant"))
    how = models.CharField(max_length=5, choices=SeenHow)
    name = models.CharField(max_length=200)
    kind = models.CharField(max_length=3, blank=True)
    currency = models.CharField(max_length=3, default="EUR", validators=[CURRENCY])
    creates = models.BooleanField(default=True)
    whole = models.BooleanField(default=False)
    """Whether the shop's offers that it does not name are sold out."""

    as_of = models.DateTimeField(default=timezone.now)
    content = models.BinaryField(blank=True)
    made_at = models.DateTimeField(default=timezone.now)
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    applied_at = models.DateTimeField(null=True)
    report = models.JSONField(default=dict)

    class Meta:
        default_permissions = ()
        ordering = ["-made_at", "-id"]
        verbose_name = _("price list")
        verbose_name_plural = _("price lists")
        indexes = [models.Index(fields=["made_at", "id"], name="delivery_newest")]

    def __str__(self) -> str:
        return f"{self.merchant}: {self.name}"


class MerchantFeed(models.Model):
    """Where a shop's own prices are fetched from, again and again, and how that went."""

    class Format(models.TextChoices):
        """How it is written."""

        ANY = "", _("as it looks")
        CSV = "csv", "CSV"
        XML = "xml", "XML (RSS, Atom)"

    merchant = models.OneToOneField(Merchant, models.CASCADE, related_name="feed")
    url = models.URLField(
        _("address of the feed"),
        max_length=1000,
        validators=[web_address],
        help_text=_("CSV or XML, gzipped or not. Only public addresses are asked."),
    )
    kind = models.CharField(_("format"), max_length=3, choices=Format, default=Format.ANY, blank=True)
    currency = models.CharField(
        _("currency"), max_length=3, default="EUR", validators=[CURRENCY], help_text=_("Of prices that name none.")
    )
    hours = models.PositiveSmallIntegerField(
        _("every … hours"), default=24, choices=[(6, "6"), (12, "12"), (24, "24"), (168, _("168 (a week)"))]
    )
    creates = models.BooleanField(
        _("take over new products"),
        default=False,
        help_text=_("Otherwise the feed only renews prices of products you have."),
    )
    whole = models.BooleanField(
        _("what it does not name is sold out"),
        default=False,
        help_text=_(
            "Only where the feed names everything the shop has."
            " One that lacks more than half of your offers changes nothing."
        ),
    )
    etag = models.CharField(max_length=200, blank=True, editable=False)
    modified = models.CharField(max_length=100, blank=True, editable=False)
    asked_at = models.DateTimeField(_("asked last"), null=True, editable=False)
    answered_at = models.DateTimeField(_("answered last"), null=True, editable=False)
    trouble = models.CharField(_("trouble"), max_length=300, blank=True, editable=False)

    class Meta:
        default_permissions = ()
        verbose_name = _("feed")
        constraints = [models.CheckConstraint(name="feed_hours_positive", condition=models.Q(hours__gte=1))]
        indexes = [models.Index(fields=["asked_at", "id"], name="feed_longest_ago")]

    def __str__(self) -> str:
        return self.url
