"""Products, what they cost where, and beside which stories they stand."""

from django.conf import settings
from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from articles.models import Article, Section, Tag
from images.models import Image
from pagecache.keyed import Keyed, KeyedQuerySet


class Merchant(Keyed):
    """A shop we link to."""

    name = models.CharField(_("name"), max_length=120, unique=True)
    slug = models.SlugField(max_length=80, unique=True)
    url = models.URLField(_("website"))
    affiliate = models.BooleanField(
        _("affiliate"), default=True, help_text=_("We may earn a commission; pages then say so.")
    )

    objects = KeyedQuerySet.as_manager()

    class Meta:
        ordering = ["name"]
        verbose_name = _("merchant")

    def __str__(self) -> str:
        return self.name

    def page_keys(self) -> set[str]:
        """Every page that shows an offer of theirs."""
        return {f"merchant:{self.pk}"}


class Product(Keyed):
    """Something readers may like, described by us."""

    name = models.CharField(_("name"), max_length=160)
    slug = models.SlugField(max_length=100, unique=True)
    brand = models.CharField(_("brand"), max_length=120, blank=True)
    description = models.CharField(_("description"), max_length=300, blank=True)
    picture = models.ForeignKey(
        Image, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("picture")
    )

    objects = KeyedQuerySet.as_manager()

    class Meta:
        ordering = ["name"]
        verbose_name = _("product")

    def __str__(self) -> str:
        return self.name

    def page_keys(self) -> set[str]:
        """Every page that shows it."""
        return {f"product:{self.pk}"}


class Offer(Keyed):
    """What a merchant asked for a product when somebody last looked."""

    product = models.ForeignKey(Product, models.CASCADE, related_name="offers")
    merchant = models.ForeignKey(Merchant, models.PROTECT, related_name="offers", verbose_name=_("merchant"))
    url = models.URLField(_("link"), max_length=500)
    price = models.DecimalField(_("price"), max_digits=10, decimal_places=2, validators=[MinValueValidator(0)])
    currency = models.CharField(_("currency"), max_length=3, default="EUR", help_text=_("Three letters, such as EUR."))
    available = models.BooleanField(_("available"), default=True)
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
        ]

    def __str__(self) -> str:
        return f"{self.merchant}: {self.price} {self.currency}"

    def page_keys(self) -> set[str]:
        """Every page that shows the product."""
        return {f"product:{self.product_id}"}


class Placement(Keyed):
    """A product's place: beside one article, or beside every article of a section or with a tag."""

    product = models.ForeignKey(Product, models.CASCADE, related_name="placements", verbose_name=_("product"))
    article = models.ForeignKey(Article, models.CASCADE, null=True, blank=True, related_name="placements")
    section = models.ForeignKey(Section, models.CASCADE, null=True, blank=True, related_name="placements")
    tag = models.ForeignKey(Tag, models.CASCADE, null=True, blank=True, related_name="placements")
    position = models.PositiveSmallIntegerField(_("position"), default=0)

    objects = KeyedQuerySet.as_manager()

    class Meta:
        ordering = ["position", "id"]
        verbose_name = _("placement")
        verbose_name_plural = _("Products You May Like")
        constraints = [
            models.CheckConstraint(
                name="placement_has_one_place",
                condition=Q(article__isnull=False, section__isnull=True, tag__isnull=True)
                | Q(article__isnull=True, section__isnull=False, tag__isnull=True)
                | Q(article__isnull=True, section__isnull=True, tag__isnull=False),
            ),
            models.UniqueConstraint(
                fields=["article", "product"], condition=Q(article__isnull=False), name="placement_once_per_article"
            ),
            models.UniqueConstraint(
                fields=["section", "product"], condition=Q(section__isnull=False), name="placement_once_per_section"
            ),
            models.UniqueConstraint(
                fields=["tag", "product"], condition=Q(tag__isnull=False), name="placement_once_per_tag"
            ),
        ]

    def __str__(self) -> str:
        return str(self.product)

    def page_keys(self) -> set[str]:
        """The boxes of the article, or of every article in the section or with the tag."""
        if self.article_id:
            return {f"products:{self.article_id}"}
        if self.section_id:
            return {f"products-section:{self.section_id}"}
        return {f"products-tag:{self.tag_id}"}
