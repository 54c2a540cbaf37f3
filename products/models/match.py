"""Products whose words a story uses: found ahead, in the background, for the places nobody filled."""

from django.db import models

from articles.models import Article
from pagecache.keyed import Keyed, KeyedQuerySet
from products.models.product import Product

LONGEST_PHRASE = 80


class Phrase(models.Model):
    """Folded words by which a story calls for a product: its name, its brand, and the editor's own words."""

    class Kind(models.TextChoices):
        """Where the words come from."""

        NAME = "name"
        BRAND = "brand"
        WORDS = "words"

    product = models.ForeignKey(Product, models.CASCADE, related_name="phrases")
    text = models.CharField(max_length=LONGEST_PHRASE)
    kind = models.CharField(max_length=5, choices=Kind)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["text", "product"], name="phrase_once_per_product")]

    def __str__(self) -> str:
        return self.text


class Match(Keyed):
    """A product that an article's own words call for."""

    article = models.ForeignKey(Article, models.CASCADE, related_name="product_matches", db_index=False)
    product = models.ForeignKey(Product, models.CASCADE, related_name="matches")
    rank = models.PositiveSmallIntegerField()
    phrase = models.CharField(max_length=LONGEST_PHRASE)

    objects = KeyedQuerySet.as_manager()

    class Meta:
        ordering = ["rank"]
        constraints = [
            models.UniqueConstraint(fields=["article", "product"], name="match_once_per_article"),
        ]
        indexes = [models.Index(fields=["article", "rank"], name="match_in_order")]

    def __str__(self) -> str:
        return f"{self.article_id}: {self.phrase}"

    def page_keys(self) -> set[str]:
        """The article's boxes."""
        return {f"products:{self.article_id}"}


class ArticleBoxes(Keyed):
    """An article whose boxes are switched off by an editor."""

    article = models.OneToOneField(Article, models.CASCADE, primary_key=True, related_name="product_boxes")
    off = models.BooleanField(default=True)

    objects = KeyedQuerySet.as_manager()

    def __str__(self) -> str:
        return f"{self.article_id}: {'off' if self.off else 'on'}"

    def page_keys(self) -> set[str]:
        """The article's boxes."""
        return {f"products:{self.article_id}"}
