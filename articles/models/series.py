"""Series: articles to be read in an order."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from images.models import Image
from images.shown import ShowsPicture
from pagecache.addresses import address
from pagecache.keyed import Keyed, KeyedQuerySet


class Series(ShowsPicture):
    """An ordered set of articles with a page of its own."""

    title = models.CharField(_("title"), max_length=120)
    slug = models.SlugField(_("address"), max_length=80, unique=True)
    description = models.TextField(_("description"), max_length=1000, blank=True)
    picture = models.ForeignKey(
        Image, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("picture")
    )

    objects = KeyedQuerySet.as_manager()

    class Meta:
        ordering = ["title"]
        verbose_name = _("series")
        verbose_name_plural = _("series")

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        """The page of the series."""
        return address("pages:series", self.slug)

    def page_keys(self) -> set[str]:
        """Its own page, the page of every article in it, and what lists all series."""
        return {f"series:{self.pk}", "all-series"} if self.pk else set()


class SeriesEntry(Keyed):
    """One article's place in a series; an article stands in one series at most."""

    series = models.ForeignKey(Series, models.CASCADE, related_name="entries", verbose_name=_("series"))
    article = models.OneToOneField("articles.Article", models.CASCADE, related_name="series_entry")
    position = models.PositiveIntegerField(_("place"), default=0)

    objects = KeyedQuerySet.as_manager()

    class Meta:
        ordering = ["position", "id"]
        verbose_name = _("part of a series")
        verbose_name_plural = _("parts of a series")

    def __str__(self) -> str:
        return f"{self.series_id}: {self.article_id}"

    def page_keys(self) -> set[str]:
        """The series, which every article in it shows, and what lists all series that have a part."""
        return {f"series:{self.series_id}", f"article:{self.article_id}", "all-series"}
