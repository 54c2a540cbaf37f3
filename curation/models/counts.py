"""What readers were shown and what they chose: counts per day, of nobody in particular."""

from django.db import models

from articles.models import Article
from pagecache.keyed import Keyed, KeyedQuerySet


class RelatedCount(models.Model):
    """How often ``target`` was shown at a place beside ``article`` on one day, and how often it was chosen there."""

    article = models.ForeignKey(Article, models.CASCADE, related_name="+", db_index=False)
    target = models.ForeignKey(Article, models.CASCADE, related_name="+")
    slot = models.PositiveSmallIntegerField()
    day = models.DateField()
    shown = models.PositiveIntegerField(default=0)
    clicked = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["article", "target", "slot", "day"], name="related_counted_once"),
        ]
        indexes = [models.Index(fields=["day"], name="related_count_by_day")]

    def __str__(self) -> str:
        return f"{self.target_id} beside {self.article_id} on {self.day}"


class ReadCount(models.Model):
    """How often an article's page was opened on one day, by browsers that run scripts."""

    article = models.ForeignKey(Article, models.CASCADE, related_name="+", db_index=False)
    day = models.DateField()
    reads = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["article", "day"], name="reads_counted_once")]
        indexes = [models.Index(fields=["day", "-reads"], name="reads_of_day")]

    def __str__(self) -> str:
        return f"{self.article_id} on {self.day}: {self.reads}"


class MostRead(Keyed):
    """The most read articles, computed every few minutes; written only where the order changes."""

    rank = models.PositiveSmallIntegerField(primary_key=True)
    article = models.ForeignKey(Article, models.CASCADE, related_name="+")

    objects = KeyedQuerySet.as_manager()

    class Meta:
        ordering = ["rank"]

    def __str__(self) -> str:
        return f"{self.rank}: {self.article_id}"

    def page_keys(self) -> set[str]:
        """The block *Most read*."""
        return {"most-read"}
