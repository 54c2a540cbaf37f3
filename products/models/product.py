"""What readers may like."""

from typing import Any

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from images import publicity
from images.models import Image
from outbox import effects
from pagecache.keyed import Keyed, KeyedQuerySet
from pagecache.writing import writing
from products.models.trade_numbers import trade_number


class Product(Keyed):
    """Something readers may like, described by us."""

    name = models.CharField(_("name"), max_length=160)
    slug = models.SlugField(max_length=100, unique=True)
    brand = models.CharField(_("brand"), max_length=120, blank=True)
    description = models.CharField(_("description"), max_length=300, blank=True)
    picture = models.ForeignKey(
        Image, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("picture")
    )

    gtin = models.CharField(
        _("GTIN (EAN, UPC)"),
        max_length=14,
        blank=True,
        validators=[trade_number],
        help_text=_("The number under the bar code; the same thing in the lists of several shops is told by it."),
    )
    retired_at = models.DateTimeField(_("retired"), null=True, blank=True, editable=False)

    objects = KeyedQuerySet.as_manager()

    class Meta:
        ordering = ["name", "id"]
        indexes = [models.Index(fields=["name", "id"], name="product_by_name")]
        verbose_name = _("product")
        constraints = [
            models.UniqueConstraint(
                fields=["gtin"],
                condition=~Q(gtin=""),
                name="product_gtin_once",
                violation_error_message=_("Another product has this GTIN already."),
            )
        ]

    def __str__(self) -> str:
        return self.name

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Save; a placed product's picture becomes public, one it no longer has may cease to be."""
        with writing():
            before = Product.objects.filter(pk=self.pk).values_list("picture", flat=True).first() if self.pk else None
            super().save(*args, **kwargs)
            if before != self.picture_id:
                withdraw_picture(before)
                if self.placements.exists():
                    show_picture(self.picture_id)

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


def show_picture(pk: int | None) -> None:
    """A placed product's picture becomes public."""
    if pk is not None:
        publicity.show([pk])


def withdraw_picture(pk: int | None) -> None:
    """A picture a product no longer shows may cease to be public."""
    if pk is not None:
        key = f"{publicity.WITHDRAW}:product:{pk}:{timezone.now().isoformat()}"
        effects.enqueue(publicity.WITHDRAW, {"images": [pk]}, key=key)
