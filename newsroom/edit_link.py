"""Where a colleague edits the page they are looking at: what ``static/site/edit-link.js`` asks."""

from typing import Any

from django.contrib import admin
from django.db.models import Model
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.urls import Resolver404, ResolverMatch, resolve, reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from articles.models import Article, Section, Tag
from pages.models import StaticPage
from people.models import Author

MAX_PATH = 500


@never_cache
@require_GET
def edit_link(request: HttpRequest) -> HttpResponse:
    """``{"url", "label"}`` of the page at ``?path=`` for whoever may edit it.

    204 on pages with nothing to edit, 403 to whoever may not, 404 for what does
    not exist; to whoever may not edit it, a draft does not exist.
    """
    if not admin.site.has_permission(request):
        return _refused(403)
    match = _page(request.GET.get("path", ""))
    if match is None:
        return _refused(404)
    if match.url_name not in _EDITABLE:
        return HttpResponse(status=204)
    shown = _EDITABLE[match.url_name](match.kwargs)
    if shown is None:
        return _refused(404)
    if not admin.site.get_model_admin(type(shown)).has_change_permission(request, shown):
        return _refused(404 if isinstance(shown, Article) and not shown.is_public() else 403)
    meta = shown._meta
    url = reverse(f"admin:{meta.app_label}_{meta.model_name}_change", args=[shown.pk])
    label = _("Edit this %(thing)s") % {"thing": meta.verbose_name}
    return JsonResponse({"url": url, "label": label})


def _refused(status: int) -> JsonResponse:
    return JsonResponse({}, status=status)


def _page(path: str) -> ResolverMatch | None:
    """The reader's page at ``path``; ``None`` for anything else."""
    if not path.startswith("/") or len(path) > MAX_PATH or "\0" in path:
        return None
    try:
        match = resolve(path)
    except Resolver404:
        return None
    return match if match.namespace == "pages" and match.url_name != "elsewhere" else None


def _first_level(kwargs: dict[str, Any]) -> Model | None:
    """A section or a static page: they share their addresses' form."""
    slug = kwargs["slug"]
    return Section.objects.filter(slug=slug).first() or StaticPage.objects.filter(slug=slug).first()


_EDITABLE: dict[str | None, Any] = {
    "article": lambda kwargs: Article.objects.filter(pk=kwargs["pk"]).first(),
    "tag": lambda kwargs: Tag.objects.filter(slug=kwargs["slug"]).first(),
    "author": lambda kwargs: Author.objects.filter(slug=kwargs["slug"]).first(),
    "first_level": _first_level,
}
