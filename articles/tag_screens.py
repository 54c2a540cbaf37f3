"""Screens that sort tags: merging with a look ahead, and lists of what nobody needs or what stands twice."""

from collections.abc import Callable
from functools import partial
from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.admin import AdminSite
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import Count, Exists, OuterRef
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from articles.models import Tag, TaggedArticle
from articles.tag_alike import Pair, alike, alike_to, keep_apart
from articles.tag_merging import merge, take_back
from articles.tag_preview import preview
from articles.tag_renaming import may_merge
from articles.tag_suggestions import suggest, suggest_from_text
from outbox.models import AuditEntry
from pagecache.admin import Chooser, is_id, row_or_404

UNUSED_SHOWN = 50
PAIRS_SHOWN = 50


class IntoForm(forms.Form):
    """The tag that stays."""

    into = forms.ModelChoiceField(
        Tag.objects.all(),
        label=gettext_lazy("merge into"),
        error_messages={"invalid_choice": gettext_lazy("There is no such tag; a colleague may have merged it.")},
    )

    def __init__(self, site: AdminSite, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{"label_suffix": "", **kwargs})
        field: Any = self.fields["into"]
        field.widget = Chooser(TaggedArticle._meta.get_field("tag"), site)
        field.widget.choices = field.choices


class PairForm(forms.Form):
    """Two tags."""

    first = forms.ModelChoiceField(Tag.objects.all())
    second = forms.ModelChoiceField(Tag.objects.all())


def tag_urls(site: AdminSite) -> list[URLPattern]:
    """Every address, each behind the admin's own door."""

    def behind_door(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
        return site.admin_view(partial(view, site=site))

    return [
        path("suggest/", site.admin_view(suggest), name="articles_tag_suggest"),
        path("suggest/text/", site.admin_view(suggest_from_text), name="articles_tag_suggest_from_text"),
        path("tidy/", behind_door(tidy_view), name="articles_tag_tidy"),
        path("apart/", behind_door(apart_view), name="articles_tag_apart"),
        path("<int:pk>/merge/", behind_door(merge_view), name="articles_tag_merge"),
        path("<int:pk>/merge/back/", behind_door(back_view), name="articles_tag_merge_back"),
    ]


def merge_view(request: HttpRequest, pk: int, site: AdminSite) -> HttpResponse:
    """GET: choose ``into``, then see what would change. POST: merge."""
    _require_merger(request)
    tag = row_or_404(Tag.objects.all(), pk)
    asked = request.POST if request.method == "POST" else request.GET
    form = IntoForm(site, asked if "into" in asked else None)
    kept: Tag | None = form.cleaned_data["into"] if form.is_valid() else None
    if kept == tag:
        form.add_error("into", _("A tag cannot be merged into itself."))
        kept = None
    if request.method == "POST" and kept is not None:
        return _merged(request, tag, kept)
    look = preview(tag, kept, actor=request.user) if kept is not None else None
    near = Tag.objects.filter(pk__in=alike_to(tag)).annotate(uses=Count("tagged")).order_by("-uses", "name")
    context = {"tag": tag, "form": form, "look": look, "near": [] if look else near, "title": _("Merge tags")}
    return _page(request, site, "admin/articles/tag/merge.html", context, status=400 if form.errors else 200)


@require_POST
def back_view(request: HttpRequest, pk: int, site: AdminSite) -> HttpResponse:
    """Take a merge back; ``entry`` is its row in the audit trail."""
    _require_merger(request)
    number = request.POST.get("entry", "")
    entries = AuditEntry.objects.filter(object_type=Tag._meta.label_lower, object_id=str(pk))
    entry = row_or_404(entries, int(number) if is_id(number) else 0)
    try:
        made = take_back(entry, actor=request.user)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
        return _to_form(pk)
    messages.success(request, _("“%(tag)s” is a tag of its own again.") % {"tag": made.name})
    return _to_form(made.pk)


def tidy_view(request: HttpRequest, site: AdminSite) -> HttpResponse:
    """Tags on no article, and pairs that look the same."""
    _require_merger(request)
    carried = Exists(TaggedArticle.objects.filter(tag=OuterRef("pk")))
    unused = Tag.objects.filter(~carried).order_by("name")
    pairs = alike()
    context = {
        "title": _("Tidy tags"),
        "unused": unused[:UNUSED_SHOWN],
        "unused_count": unused.count(),
        "pairs": _shown(pairs[:PAIRS_SHOWN]),
        "pair_count": len(pairs),
    }
    return _page(request, site, "admin/articles/tag/tidy.html", context)


@require_POST
def apart_view(request: HttpRequest, site: AdminSite) -> HttpResponse:
    """Remember that ``first`` and ``second`` are not the same."""
    _require_merger(request)
    form = PairForm(request.POST)
    if form.is_valid():
        keep_apart(form.cleaned_data["first"], form.cleaned_data["second"], actor=request.user)
        messages.success(request, _("Remembered: “%(first)s” and “%(second)s” are two topics.") % form.cleaned_data)
    else:
        messages.error(request, _("One of these tags is gone: a colleague may have merged or deleted it just now."))
    return HttpResponseRedirect(reverse("admin:articles_tag_tidy"))


def _require_merger(request: HttpRequest) -> None:
    if not may_merge(request.user):
        raise PermissionDenied


def _merged(request: HttpRequest, tag: Tag, kept: Tag) -> HttpResponse:
    try:
        merge(tag, kept, actor=request.user)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
        return HttpResponseRedirect(reverse("admin:articles_tag_changelist"))
    words = _("“%(gone)s” was merged into “%(kept)s”; its name and its address lead here.")
    messages.success(request, words % {"gone": tag.name, "kept": kept.name})
    return _to_form(kept.pk)


def _shown(pairs: list[Pair]) -> list[dict[str, Any]]:
    """The pairs with their tags, the less used one first: it is the one to merge into the other."""
    wanted = {pk for pair in pairs for pk in pair[:2]}
    tags = {tag.pk: tag for tag in Tag.objects.filter(pk__in=wanted).annotate(uses=Count("tagged"))}
    rows = []
    for pair in pairs:
        if tags.keys() >= set(pair[:2]):
            lesser, greater = sorted((tags[pk] for pk in pair[:2]), key=lambda tag: (tag.uses, -tag.pk))
            rows.append({"lesser": lesser, "greater": greater, "same_words": pair.same_words})
    return rows


def _page(
    request: HttpRequest, site: AdminSite, template: str, context: dict[str, Any], status: int = 200
) -> HttpResponse:
    form = context.get("form")
    whole = {**site.each_context(request), "opts": Tag._meta, "media": form.media if form else "", **context}
    return TemplateResponse(request, template, whole, status=status)


def _to_form(pk: int) -> HttpResponse:
    return HttpResponseRedirect(reverse("admin:articles_tag_change", args=[pk]))
