"""What readers chose in the boxes: counts per day, of nobody in particular."""

from django.db import models

from products.models.product import Product

BELOW = 10
"""Added to the place in the box below the story: 2 is the second above it, 12 the second below."""


class ClickCount(models.Model):
    """How often a product was chosen at a place beside an article on one day.

    ``article`` is the article's id, or 0 where nobody said: counts outlive the story.
    """

    product = models.ForeignKey(Product, models.CASCADE, related_name="+", db_index=False)
    article = models.PositiveBigIntegerField(default=0)
    place = models.PositiveSmallIntegerField(default=0)
    day = models.DateField()
    clicks = models.PositiveIntegerField(default=0)

    class Meta:
        verbose_name = "click count"
        constraints = [
            models.UniqueConstraint(fields=["product", "article", "place", "day"], name="product_clicks_counted_once")
        ]
        indexes = [models.Index(fields=["day"], name="product_clicks_by_day")]

    def __str__(self) -> str:
        return f"{self.product_id} beside {self.article} on {self.day}: {self.clicks}"
