"""Products, what they cost where, and beside which stories they stand."""

from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import MinValueValidator, RegexValidator
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from articles.models import Article, Section, Tag
from images import publicity
from images.models import Image
from outbox import effects
from pagecache.keyed import Keyed, KeyedQuerySet
from pagecache.writing import writing

RENDER_LINKS = "products.render_links"
"""The effect that renders stories anew when the links to a merchant change their ``rel``."""

HOSTS_FRESH_AFTER = timedelta(seconds=10)
"""When every process has forgotten the hosts it knew (``affiliate_links.HOSTS_KEPT``)."""


def web_address(url: str) -> None:
    """Refuse everything but ``http`` and ``https`` addresses without a name or password in them."""
    try:
        parts = urlsplit(url.strip())
        fine = parts.scheme.lower() in {"http", "https"} and parts.hostname and "@" not in parts.netloc
    except ValueError:
        fine = None
    if not fine or "\\" in url:
        raise ValidationError(_("Enter an address that begins with https:// or http://."), code="web_address")


def _is_web(field: str) -> Q:
    return Q(**{f"{field}__istartswith": "http://"}) | Q(**{f"{field}__istartswith": "https://"})


class Merchant(Keyed):
    """A shop we link to."""

    name = models.CharField(_("name"), max_length=120, unique=True)
    slug = models.SlugField(max_length=80, unique=True)
    url = models.URLField(_("website"), validators=[web_address])
    affiliate = models.BooleanField(
        _("affiliate"), default=True, help_text=_("We may earn a commission; pages then say so.")
    )

    objects = KeyedQuerySet.as_manager()

    class Meta:
        ordering = ["name"]
        verbose_name = _("merchant")
        constraints = [models.CheckConstraint(name="merchant_website_is_web", condition=_is_web("url"))]

    def __str__(self) -> str:
        return self.name

    @property
    def host(self) -> str:
        """The website's host without ``www.``; links to it and below it are links to this merchant."""
        return (urlsplit(self.url).hostname or "").removeprefix("www.")

    @property
    def link_rel(self) -> str:
        """What ``rel`` a link to this merchant carries."""
        return "sponsored nofollow noopener" if self.affiliate else "nofollow noopener"

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Save; stories that link there are rendered anew when the links' ``rel`` changes."""
        with writing():
            before = Merchant.objects.filter(pk=self.pk).first() if self.pk else None
            super().save(*args, **kwargs)
            was = (before.host, before.affiliate) if before else ("", False)
            if was != (self.host, self.affiliate):
                due = timezone.now() + HOSTS_FRESH_AFTER
                hosts = sorted({was[0], self.host} - {""})
                key = f"{RENDER_LINKS}:{self.pk}:{due.isoformat()}"
                effects.enqueue(RENDER_LINKS, {"hosts": hosts}, key=key, due=due)

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

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Save; a placed product's picture becomes public, one it no longer has may cease to be."""
        with writing():
            before = Product.objects.filter(pk=self.pk).values_list("picture", flat=True).first() if self.pk else None
            super().save(*args, **kwargs)
            if before != self.picture_id:
                _withdraw_picture(before)
                if self.placements.exists():
                    _show_picture(self.picture_id)

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        """Delete, with its offers and placements; the pages it stood on are made anew."""
        with writing():
            for placement in self.placements.all():
                placement.delete()
            return super().delete(*args, **kwargs)

    def page_keys(self) -> set[str]:
        """Every page that shows it."""
        return {f"product:{self.pk}"}


def pictures_in_boxes(image_ids: set[int]) -> set[int]:
    """Those of the pictures whose product is placed somewhere: what ``images.publicity`` asks."""
    placed = Product.objects.filter(picture__in=image_ids, placements__isnull=False)
    return set(placed.values_list("picture", flat=True))


def _show_picture(pk: int | None) -> None:
    if pk is not None:
        publicity.show([pk])


def _withdraw_picture(pk: int | None) -> None:
    if pk is not None:
        key = f"{publicity.WITHDRAW}:product:{pk}:{timezone.now().isoformat()}"
        effects.enqueue(publicity.WITHDRAW, {"images": [pk]}, key=key)


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
            models.CheckConstraint(name="offer_link_is_web", condition=_is_web("url")),
        ]
        indexes = [models.Index(fields=["product", "available", "price", "id"], name="offer_cheapest")]

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
        indexes = [
            models.Index(fields=["section", "position", "id"], name="placement_in_section"),
            models.Index(fields=["tag", "position", "id"], name="placement_with_tag"),
        ]

    def __str__(self) -> str:
        return str(self.product)

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Save; the product's picture is public from now on."""
        with writing():
            super().save(*args, **kwargs)
            _show_picture(self.product.picture_id)

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        """Delete; the product's picture may cease to be public."""
        with writing():
            deleted = super().delete(*args, **kwargs)
            _withdraw_picture(self.product.picture_id)
            return deleted

    def page_keys(self) -> set[str]:
        """The boxes of the article, or of every article in the section or with the tag."""
        if self.article_id:
            return {f"products:{self.article_id}"}
        if self.section_id:
            return {f"products-section:{self.section_id}"}
        return {f"products-tag:{self.tag_id}"}
