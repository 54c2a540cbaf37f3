"""Where products stand."""

from typing import Any

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from articles.models import Article, Section, Tag
from pagecache.keyed import Keyed, KeyedQuerySet
from pagecache.writing import writing
from products.models.product import Product, show_picture, withdraw_picture


class Layout(models.TextChoices):
    """How a product stands in its box."""

    ROW = "row", _("beside others")
    LIST = "list", _("in a list")
    SINGLE = "single", _("a card of its own")


class Placement(Keyed):
    """A product's place: beside one article, or beside every article of a section or with a tag; perhaps for a time."""

    product = models.ForeignKey(Product, models.CASCADE, related_name="placements", verbose_name=_("product"))
    article = models.ForeignKey(Article, models.CASCADE, null=True, blank=True, related_name="placements")
    section = models.ForeignKey(Section, models.CASCADE, null=True, blank=True, related_name="placements")
    tag = models.ForeignKey(Tag, models.CASCADE, null=True, blank=True, related_name="placements")
    position = models.PositiveSmallIntegerField(_("position"), default=0)
    layout = models.CharField(_("layout"), max_length=6, choices=Layout, default=Layout.ROW)
    starts = models.DateTimeField(_("from"), null=True, blank=True)
    ends = models.DateTimeField(_("until"), null=True, blank=True)

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
            models.CheckConstraint(
                name="placement_ends_after_it_starts",
                condition=Q(starts__isnull=True) | Q(ends__isnull=True) | Q(ends__gt=F("starts")),
            ),
            models.CheckConstraint(name="placement_has_a_known_layout", condition=Q(layout__in=Layout.values)),
        ]
        indexes = [
            *(
                models.Index(fields=[place, "position", "id"], condition=Q(**{f"{place}__isnull": False}), name=name)
                for place, name in (("section", "placement_in_section"), ("tag", "placement_with_tag"))
            ),
            *(
                models.Index(
                    fields=[place, moment],
                    condition=Q(**{f"{place}__isnull": False, f"{moment}__isnull": False}),
                    name=f"placement_{place}_{moment}",
                )
                for place in ("article", "section", "tag")
                for moment in ("starts", "ends")
            ),
            models.Index(fields=["ends"], condition=Q(ends__isnull=False), name="placement_ended"),
        ]

    def __str__(self) -> str:
        return str(self.product)

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Save; the product's picture is public from now on."""
        with writing():
            super().save(*args, **kwargs)
            show_picture(self.product.picture_id)

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        """Delete; the product's picture may cease to be public."""
        with writing():
            deleted = super().delete(*args, **kwargs)
            withdraw_picture(self.product.picture_id)
            return deleted

    def page_keys(self) -> set[str]:
        """The boxes of the article, or of every article in the section or with the tag."""
        if self.article_id:
            return {f"products:{self.article_id}"}
        if self.section_id:
            return {f"products-section:{self.section_id}"}
        return {f"products-tag:{self.tag_id}"}
