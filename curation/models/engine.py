"""What the engine knows of each article, and what it suggests."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from articles.models import Article
from pagecache.keyed import Keyed, KeyedQuerySet
from pagecache.writing import writing


class Fingerprint(models.Model):
    """An article's features and what else its score depends on, as they were when readers last saw it change."""

    article = models.OneToOneField(Article, models.CASCADE, primary_key=True, related_name="fingerprint")
    features = models.BinaryField()
    tags = models.JSONField(default=list)
    section = models.BigIntegerField(null=True)
    source = models.BigIntegerField(null=True)
    kind = models.CharField(max_length=12)
    published = models.DateTimeField()
    live = models.BooleanField(default=True)
    suggested_at = models.DateTimeField(null=True)
    run = models.BigIntegerField(default=0, help_text="The rebuild that weighed it last.")

    class Meta:
        indexes = [
            models.Index(fields=["article"], name="fingerprint_waiting", condition=Q(live=True, suggested_at=None)),
        ]

    def __str__(self) -> str:
        return str(self.article_id)


class Posting(models.Model):
    """One of the heaviest features of one article. Ordered so that a feature's newest articles stand together.

    ``place`` holds the day of publication and the article's number, see
    ``curation.postings``. It is no foreign key: deleting an article must not
    look through all of these, and what is left over finds no fingerprint.
    """

    pk = models.CompositePrimaryKey("feature", "place")
    feature = models.BigIntegerField()
    place = models.BigIntegerField()
    weight = models.SmallIntegerField()

    def __str__(self) -> str:
        return f"{self.feature} at {self.place}"


class Frequency(models.Model):
    """In how many articles a word, or a tag (``curation.frequencies.tag_feature``), was seen."""

    feature = models.BigIntegerField(primary_key=True)
    articles = models.IntegerField()

    def __str__(self) -> str:
        return f"{self.feature}: {self.articles}"


class Uncounted(models.Model):
    """Features of a newly indexed article that the counts do not hold yet: so indexing locks no row others need."""

    article = models.BigIntegerField(primary_key=True)
    words = models.BinaryField()
    pairs = models.BinaryField()
    tags = models.JSONField(default=list)

    def __str__(self) -> str:
        return str(self.article)


class Phase(models.TextChoices):
    """How far a rebuild has come."""

    IDLE = "", _("done")
    COUNT = "count", _("counting words")
    INDEX = "index", _("weighing articles")
    LISTS = "lists", _("computing lists")


class Tally(models.Model):
    """The one row of counts: articles, and pairs of words by bucket (128 kB). It also keeps where a rebuild stands.

    ``run`` is the rebuild that weighed all articles last or does so now,
    ``counted_to`` the last article it counted, ``weighed`` how many there were.
    """

    articles = models.PositiveIntegerField(default=0)
    pairs = models.BinaryField(default=bytes)
    stamp = models.BigIntegerField(default=0, help_text="Another number whenever the counts change.")
    phase = models.CharField(max_length=5, choices=Phase.choices, blank=True, default=Phase.IDLE)
    run = models.BigIntegerField(default=0)
    counted_to = models.BigIntegerField(default=0)
    weighed = models.PositiveIntegerField(default=0)

    def __str__(self) -> str:
        return f"{self.articles} articles"


class SuggestionQuerySet(KeyedQuerySet["Suggestion"]):
    """Deletes without reading the rows: nothing hangs on them."""

    def drop(self) -> set[int]:
        """Delete them, bump the lists they stood in, and return the ids of the articles those belong to."""
        with writing() as keys:
            articles = set(self.order_by().values_list("article_id", flat=True))
            keys.update(f"related:{pk}" for pk in articles)
            self._raw_delete(self.db)
        return articles


class Suggestion(Keyed):
    """An article the engine would show beside another; the best score stands first. Written by ``suggesting`` only."""

    article = models.ForeignKey(Article, models.CASCADE, related_name="suggestions", db_index=False)
    target = models.ForeignKey(Article, models.CASCADE, related_name="suggested_by", db_index=False)
    score = models.FloatField()
    reasons = models.JSONField(default=dict)

    objects = SuggestionQuerySet.as_manager()

    class Meta:
        verbose_name = _("suggestion")
        constraints = [
            models.UniqueConstraint(fields=["article", "target"], name="suggested_once"),
            models.CheckConstraint(name="suggestion_is_another_article", condition=~Q(article=models.F("target"))),
        ]
        indexes = [
            models.Index(fields=["article", "-score"], name="suggestion_best"),
            models.Index(fields=["target", "-score"], name="suggestion_inward"),
        ]

    def __str__(self) -> str:
        return f"{self.target_id} beside {self.article_id}"

    def page_keys(self) -> set[str]:
        """The list beside the article."""
        return {f"related:{self.article_id}"}


class Exposure(models.Model):
    """In how many lists an article stands by the engine, counted now and then for the desk's health page."""

    article = models.OneToOneField(Article, models.CASCADE, primary_key=True, related_name="exposure")
    lists = models.PositiveIntegerField()
    own = models.PositiveSmallIntegerField(help_text="Suggestions in its own list.")

    class Meta:
        indexes = [
            models.Index(fields=["lists", "-article"], name="exposure_by_lists"),
            models.Index(fields=["own", "-article"], name="exposure_by_own"),
        ]

    def __str__(self) -> str:
        return f"{self.article_id}: {self.lists}"
