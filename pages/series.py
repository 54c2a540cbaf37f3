"""A series: its own page, and the way through it on each of its articles. Hidden parts count for nobody."""

from dataclasses import dataclass
from datetime import datetime

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.functional import cached_property
from django.views.decorators.http import require_safe

from articles.boundaries import next_change
from articles.models import Article, ArticleQuerySet, Series
from articles.models.article import LIVE_STATUSES
from articles.shown import show_picture, show_signed
from pagecache.reading import depends_on, reader_page
from pages.answering import or_elsewhere


@dataclass(frozen=True)
class SeriesBox:
    """Where a story stands among the public parts of its series."""

    series: Series
    parts: list[Article]
    story: Article

    @cached_property
    def _place(self) -> int:
        return [part.pk for part in self.parts].index(self.story.pk)

    @property
    def number(self) -> int:
        """From 1."""
        return self._place + 1

    @property
    def previous(self) -> Article | None:
        """The part before."""
        return self.parts[self._place - 1] if self._place else None

    @property
    def following(self) -> Article | None:
        """The part behind."""
        return self.parts[self.number] if self.number < len(self.parts) else None


@require_safe
@reader_page()
@or_elsewhere
def series_page(request: HttpRequest, slug: str) -> HttpResponse:
    """The series with its public parts in their order; unknown while it has none."""
    found = get_object_or_404(Series.objects.select_related("picture"), slug=slug)
    depends_on(f"series:{found.pk}", until=next_change(_in(found)))
    show_picture(found.picture)
    parts = list(_in(found).public().cards())
    if not parts:
        raise Http404  # nothing tells that drafts wait in it
    show_signed(parts)
    return render(request, "pages/series.html", {"series": found, "parts": parts})


def box_of(story: Article) -> SeriesBox | None:
    """The way through the series of a public ``story``, its keys noted: one query, none without a series."""
    entry = getattr(story, "series_entry", None)
    if entry is None:
        return None
    released = _in(entry.series).filter(status__in=LIVE_STATUSES).select_related("section").only(*_LISTED)
    parts = []
    for part in released:
        _hold_until(part.publish_at, part.embargo_until, part.expire_at)
        if part.is_public() or part.pk == story.pk:
            parts.append(part)
    depends_on(f"series:{entry.series_id}", *(f"article:{part.pk}" for part in parts))
    depends_on(*(f"section:{part.section_id}" for part in parts))
    return SeriesBox(entry.series, parts, story) if story.pk in {part.pk for part in parts} else None


_LISTED = (
    *("headline", "slug", "status", "publish_at", "expire_at", "embargo_until"),
    *("section__name", "section__slug"),
)


def _in(series: Series) -> ArticleQuerySet:
    """Every article of the series in its order, whatever its status."""
    return Article.objects.filter(series_entry__series=series).order_by("series_entry__position", "series_entry__id")


def _hold_until(*moments: datetime | None) -> None:
    """The page changes at the first of these that lies ahead."""
    for moment in moments:
        depends_on(until=moment)
