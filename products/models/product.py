"""What readers may like."""

from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
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

WORDS_CHANGED = "products.words_changed"
"""The effect after a product's name, brand or words changed: stories are asked anew whether they call for it."""

BEST_RATING = 5

MOST_POINTS, LONGEST_POINT = 5, 90
"""Lines for or against, and characters of one: a card is read at a glance."""

LONGEST_POINTS = MOST_POINTS * (LONGEST_POINT + 2)


def short_points(text: str) -> None:
    """Refuse more than ``MOST_POINTS`` lines, and lines longer than ``LONGEST_POINT``."""
    lines = points_of(text)
    if len(lines) > MOST_POINTS or any(len(line) > LONGEST_POINT for line in lines):
        message = _("Write at most %(most)d lines of at most %(length)d characters each.")
        raise ValidationError(message, "points", {"most": MOST_POINTS, "length": LONGEST_POINT})


def points_of(text: str) -> list[str]:
    """The lines that say something."""
    return [line.strip() for line in text.splitlines() if line.strip()]


class Product(Keyed):
    """Something readers may like, described by us."""

    name = models.CharField(_("name"), max_length=160)
    slug = models.SlugField(max_length=100, unique=True)
    brand = models.CharField(_("brand"), max_length=120, blank=True)
    description = models.CharField(_("description"), max_length=300, blank=True)
    picture = models.ForeignKey(
        Image, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("picture")
    )
    rating = models.DecimalField(
        _("our rating"),
        max_digits=2,
        decimal_places=1,
        null=True,
        blank=True,
        validators=[MinValueValidator(0), MaxValueValidator(BEST_RATING)],
        help_text=_("From 0 to 5, in tenths. Leave empty what nobody of us has tried."),
    )
    pros = models.TextField(
        _("for it"), blank=True, max_length=LONGEST_POINTS, validators=[short_points], help_text=_("One on each line.")
    )
    cons = models.TextField(
        _("against it"),
        blank=True,
        max_length=LONGEST_POINTS,
        validators=[short_points],
        help_text=_("One on each line."),
    )
    words = models.CharField(
        _("words in a story"),
        max_length=300,
        blank=True,
        help_text=_(
            "Separated by commas: dripping tap, washer. Stories that use them may show the product in a free place."
        ),
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
        indexes = [
            models.Index(fields=["name", "id"], name="product_by_name"),
            models.Index(fields=["gtin"], name="product_by_gtin"),
            models.Index(fields=["retired_at"], condition=Q(retired_at__isnull=False), name="product_retired"),
        ]
        verbose_name = _("product")
        constraints = [
            models.UniqueConstraint(
                fields=["gtin"],
                condition=~Q(gtin=""),
                name="product_gtin_once",
                violation_error_message=_("Another product has this GTIN already."),
            ),
            models.CheckConstraint(
                name="product_rating_out_of_five", condition=Q(rating__isnull=True) | Q(rating__range=(0, BEST_RATING))
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def called(self) -> tuple[str, str, str]:
        """Everything by which stories may call for it."""
        return self.name, self.brand, self.words

    @property
    def pro_points(self) -> list[str]:
        """What speaks for it, line by line."""
        return points_of(self.pros)

    @property
    def con_points(self) -> list[str]:
        """What speaks against it, line by line."""
        return points_of(self.cons)

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Save; a placed product's picture becomes public, one it no longer has may cease to be."""
        with writing():
            before = Product.objects.filter(pk=self.pk).first() if self.pk else None
            super().save(*args, **kwargs)
            if before is None or before.called != self.called:
                key = f"{WORDS_CHANGED}:{self.pk}:{timezone.now().isoformat()}"
                effects.enqueue(WORDS_CHANGED, {"product": self.pk}, key=key)
            if (before.picture_id if before else None) != self.picture_id:
                withdraw_picture(before.picture_id if before else None)
                if self.placements.exists() or self.matches.exists():
                    show_picture(self.picture_id)

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        """Delete, with its offers and placements; the pages it stood on are made anew."""
        with writing():
            for row in (*self.placements.all(), *self.matches.all()):
                row.delete()
            return super().delete(*args, **kwargs)

    def page_keys(self) -> set[str]:
        """Every page that shows it."""
        return {f"product:{self.pk}"}


def pictures_in_boxes(image_ids: set[int]) -> set[int]:
    """Those of the pictures whose product stands somewhere: what ``images.publicity`` asks."""
    stands = Q(placements__isnull=False) | Q(matches__isnull=False)
    placed = Product.objects.filter(stands, picture__in=image_ids)
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
