"""The article's place in a series: told on its form, changed on a small page of its own."""

from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.admin import ModelAdmin
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from articles.known import known_to
from articles.models import Article, Series, SeriesEntry
from articles.registries import Panel, Place
from articles.series import MAX_PARTS, may_arrange, move, parts_of
from pagecache.admin import Chooser, row_or_404

Desk = ModelAdmin[Article]


class SeriesPanel(Panel):
    """Which part of which series it is, and the way to change that."""

    template_name = "admin/articles/article/_series_panel.html"
    place = Place.BELOW
    media = forms.Media(css={"all": ["desk/tags.css"]})

    def context(self, request: HttpRequest, article: Article) -> dict[str, Any] | None:
        """Its place among all parts; nothing for whoever arranges no series."""
        if not may_arrange(request.user):
            return None
        return _standing(article) | {"address": reverse("admin:articles_article_series", args=[article.pk])}


def _standing(article: Article) -> dict[str, Any]:
    """Its place among all parts, public or not."""
    entry = SeriesEntry.objects.filter(article=article).select_related("series").first()
    parts = parts_of(entry.series) if entry else []
    return {"entry": entry, "number": parts.index(article.pk) + 1 if entry else 0, "count": len(parts)}


class PlaceForm(forms.Form):
    """A series, and which part of it."""

    series = forms.ModelChoiceField(
        Series.objects.all(),
        label=gettext_lazy("series"),
        required=False,
        error_messages={"invalid_choice": gettext_lazy("There is no such series.")},
    )
    place = forms.IntegerField(
        label=gettext_lazy("part"),
        required=False,
        min_value=1,
        max_value=MAX_PARTS,
        help_text=gettext_lazy("1 is the first. Empty: it keeps its place, or comes last."),
    )

    def __init__(self, site: Any, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{"label_suffix": "", **kwargs})
        field: Any = self.fields["series"]
        field.widget = Chooser(SeriesEntry._meta.get_field("series"), site)
        field.widget.choices = field.choices


def series_urls(desk: Desk) -> list[URLPattern]:
    """The small page, behind the admin's own door."""

    def view(request: HttpRequest, pk: int) -> HttpResponse:
        return series_view(request, pk, desk)

    return [path("<int:pk>/series/", desk.admin_site.admin_view(view), name="articles_article_series")]


def series_view(request: HttpRequest, pk: int, desk: Desk) -> HttpResponse:
    """GET: where the article stands. POST: have it stand in ``series`` at ``place``, or in none."""
    if not may_arrange(request.user):
        raise PermissionDenied
    article = row_or_404(known_to(request.user), pk)
    standing = _standing(article)
    entry: SeriesEntry | None = standing["entry"]
    form = PlaceForm(desk.admin_site, request.POST or None, initial={"series": entry.series_id if entry else None})
    if request.method == "POST" and form.is_valid() and _moved(request, article, form):
        return HttpResponseRedirect(reverse("admin:articles_article_change", args=[article.pk]))
    context = {
        **desk.admin_site.each_context(request),
        **standing,
        "opts": desk.opts,
        "title": _("Series"),
        "article": article,
        "form": form,
        "media": desk.media + form.media,
    }
    return TemplateResponse(request, "admin/articles/article/series.html", context, status=400 if form.errors else 200)


def _moved(request: HttpRequest, article: Article, form: PlaceForm) -> bool:
    chosen: Series | None = form.cleaned_data["series"]
    try:
        move(article, chosen, actor=request.user, place=form.cleaned_data["place"] if chosen else None)
    except ValidationError as error:
        form.add_error(None, error)
        return False
    words = _("The article now stands in the series “%(series)s”.") if chosen else _("The article stands in no series.")
    messages.success(request, words % {"series": chosen})
    return True
