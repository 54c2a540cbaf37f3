"""The pages of which there are few, for the sitemap: everything but stories, topics and authors."""

from collections.abc import Iterable
from datetime import datetime

from django.db.models import Exists, OuterRef
from django.urls import reverse

from articles.boundaries import next_change
from articles.models import Article, Section, Series
from pagecache.reading import depends_on
from pages.models import StaticPage

SINGLE = ("pages:front", "pages:archive", "pages:corrections")


def fixed_addresses() -> Iterable[tuple[str, datetime | None]]:
    """The path of each, and when it changed where that is known; their keys noted: four queries."""
    in_series = Article.objects.exclude(series_entry=None)
    depends_on("sections", "menus", "all-series", "archive", until=next_change(in_series))
    yield from ((reverse(name), None) for name in SINGLE)
    yield from ((section.get_absolute_url(), None) for section in Section.objects.all())
    public = Article.objects.public().filter(series_entry__series=OuterRef("pk"))
    yield from ((series.get_absolute_url(), None) for series in Series.objects.filter(Exists(public)))
    yield from ((page.get_absolute_url(), page.changed_at) for page in StaticPage.objects.filter(published=True))
