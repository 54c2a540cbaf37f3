"""Where series show an article or a picture, said before either goes, and before an article goes out."""

from collections.abc import Sequence

from django.db.models import Model
from django.urls import reverse
from django.utils.translation import gettext as _

from articles.models import Article, SeriesEntry
from articles.permissions import Actor
from articles.registries import Standing, Use
from articles.series import may_arrange
from articles.state import WorkingState


def in_series(item: Model) -> list[Use]:
    """The series of an article."""
    rows = SeriesEntry.objects.filter(article=item).select_related("series") if isinstance(item, Article) else ()
    return [Use(_("Part of the series “%(name)s”") % {"name": row.series}, _form_of(row.series_id)) for row in rows]


class SeriesNote:
    """What readers of a series will miss."""

    def of_one(self, article: Article, actor: Actor) -> list[Standing]:
        """The series it leaves, with its page."""
        entry = SeriesEntry.objects.filter(article=article).select_related("series").first()
        if entry is None:
            return []
        others = Article.objects.public().filter(series_entry__series=entry.series_id).exclude(pk=article.pk).count()
        words = _closing_ranks(others) % {"series": entry.series, "others": others}
        place = Use(str(entry.series), _form_of(entry.series_id) if may_arrange(actor) else "")
        return [Standing(words, (place,))]

    def of_many(self, articles: Sequence[Article], actor: Actor) -> dict[int, str]:
        """The series each leaves."""
        rows = SeriesEntry.objects.filter(article__in=[article.pk for article in articles]).select_related("series")
        return {row.article_id: _("part of the series “%(series)s”") % {"series": row.series} for row in rows}


def on_publication(article: Article, state: WorkingState, actor: Actor) -> list[Standing]:
    """What publishing the article does to its series, in words for whoever is about to do it: two queries at most."""
    entry = SeriesEntry.objects.filter(article=article).select_related("series").first()
    if entry is None or article.is_public():
        return []
    public = Article.objects.public().filter(series_entry__series=entry.series_id)
    before = public.filter(series_entry__position__lt=entry.position).count()
    words = _("It becomes part %(number)d of the series “%(series)s”; the other parts then lead to it.")
    return [Standing(words % {"number": before + 1, "series": entry.series})]


def _closing_ranks(others: int) -> str:
    if not others:
        return _("It is the only public part of the series “%(series)s”, whose page then is no longer found.")
    return _("It leaves the series “%(series)s”; its %(others)d other public parts close ranks.")


def _form_of(series_id: int) -> str:
    return reverse("admin:articles_series_change", args=[series_id])
