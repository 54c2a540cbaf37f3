"""The picture library."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from django.contrib import admin, messages
from django.contrib.admin.utils import quote
from django.db.models import Model, QuerySet
from django.forms.widgets import Script
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import URLPattern, path
from django.utils.html import format_html
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from images.admin_filters import AltFilter, DayFilter, LicenceFilter, UploaderFilter, UseFilter
from images.admin_forms import ImageForm, end_of
from images.admin_views import ImageScreens
from images.cutting import RATIOS
from images.deletion import ImageInUse, delete_image
from images.focal_point import set_focal_point
from images.models import Image
from images.reading import ImageRefused
from images.renditions import Rendition, all_of, best, preview_address
from images.taking_in import take_in
from images.uses import Use, where_used
from outbox import audit


@admin.register(Image)
class ImageAdmin(ImageScreens):
    """Pictures with their words, their licence and their focal point."""

    form = ImageForm
    list_display = ("title",)
    list_filter = (AltFilter, LicenceFilter, UseFilter, UploaderFilter, ("uploaded_at", DayFilter))
    search_fields = ("title", "alt", "caption", "credit")
    search_help_text = gettext_lazy("Words of the title, the alternative text, the caption or the credit.")
    list_per_page = 48
    show_full_result_count = False
    fieldsets = (
        (gettext_lazy("For readers"), {"fields": ("alt", "caption", "credit")}),
        (gettext_lazy("For the newsroom"), {"fields": ("title", "licence", "last_day")}),
    )

    class Media:
        css = {"all": ["desk/images/images.css"]}
        js = [Script("desk/images/focal.js", type="module"), Script("desk/images/uploads.js", type="module")]

    def get_urls(self) -> list[URLPattern]:
        """Our own screens, before Django's."""
        site = self.admin_site
        return [
            path("taking-in/", site.admin_view(take_in), name="images_image_take_in"),
            path("several/", site.admin_view(self.several_view), name="images_image_several"),
            path("<int:pk>/preview/", site.admin_view(self.preview_view, cacheable=True), name="images_image_preview"),
            path(
                "<int:pk>/preview/<path:name>",
                site.admin_view(self.preview_view, cacheable=True),
                name="images_image_preview",
            ),
            *super().get_urls(),
        ]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Image]:
        """With the names the page of one picture shows."""
        return Image.objects.select_related("uploaded_by")

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        """The library as a wall of pictures."""
        return super().changelist_view(request, {"title": _("Pictures"), **(extra_context or {})})

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> HttpResponse:
        """Add the picture, its crops and its uses to the form."""
        context["show_save_and_add_another"] = False
        image = context.get("original")
        if isinstance(image, Image):
            context |= {"whole": _preview(image, best(image, "full", 640)), "crops": _crops(image)}
            context |= {
                "uses": _known(where_used(image), request),
                "formats": sorted({made["format"] for made in all_of(image)}),
            }
        return super().render_change_form(request, context, *args, **kwargs)

    def save_model(self, request: HttpRequest, obj: Image, form: ImageForm, change: bool) -> None:
        """Save the words that changed; a moved focal point cuts the crops anew."""
        fields = form.changed_fields()
        if fields:
            obj.usable_until = end_of(form.cleaned_data["last_day"])
            obj.save(update_fields=fields)
            audit.record(request.user, "described", obj, fields=fields)
        if form.focal_moved():
            left, top = form.cleaned_data["focal_left"], form.cleaned_data["focal_top"]
            try:
                set_focal_point(obj, left / 100, top / 100, actor=request.user)
            except ImageRefused as refusal:
                messages.error(request, str(refusal))

    def get_deleted_objects(
        self, objs: QuerySet[Image] | Sequence[Image], request: HttpRequest
    ) -> tuple[list[Any], dict[Any, int], set[Any], list[Any]]:
        """Django's answer, with every use of the pictures as what forbids deleting them."""
        rows = list(objs)
        lacking = set() if self.has_delete_permission(request) else {self.opts.verbose_name}
        uses = [line for row in rows for line in _linked(where_used(row))]
        return [str(row) for row in rows], {self.opts.verbose_name_plural: len(rows)}, lacking, uses

    def delete_view(self, request: HttpRequest, object_id: str, *args: Any, **kwargs: Any) -> HttpResponse:
        """Delete one; a picture that came into use this moment is kept."""
        try:
            response = super().delete_view(request, object_id, *args, **kwargs)
        except ImageInUse as in_use:
            messages.error(request, str(in_use))
            return redirect("admin:images_image_change", quote(object_id))
        return response

    def delete_model(self, request: HttpRequest, obj: Image) -> None:
        """By the verb."""
        delete_image(obj, actor=request.user)

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[Image]) -> None:
        """By the verb, one by one; what is in use is kept and named."""
        for image in queryset:
            try:
                delete_image(image, actor=request.user)
            except ImageInUse as in_use:
                messages.warning(request, str(in_use))


def _known(uses: list[Use], request: HttpRequest) -> list[Use]:
    """The uses with the names this person may know, one query for each kind; of the others, only that they exist."""
    kinds = {type(use.row) for use in uses if use.row is not None} & set(admin.site._registry)
    known = {kind: _rows_known(kind, uses, request) for kind in kinds}
    return list(dict.fromkeys(_as_known(use, known) for use in uses))


def _rows_known(kind: type[Model], uses: list[Use], request: HttpRequest) -> dict[Any, Model]:
    desk = admin.site._registry[kind]
    if not desk.has_view_permission(request):
        return {}
    return desk.get_queryset(request).in_bulk([use.row.pk for use in uses if type(use.row) is kind])


def _as_known(use: Use, known: dict[type[Model], dict[Any, Model]]) -> Use:
    if use.row is None or type(use.row) not in known:
        return use
    row = known[type(use.row)].get(use.row.pk)
    if row is None:
        return Use(_("Something that you may not see"))
    return replace(use, label=use.label.replace(str(use.row), str(row)))


def _preview(image: Image, made: Rendition | None) -> dict[str, Any]:
    return {**made, "url": preview_address(image, made)} if made else {}


def _crops(image: Image) -> list[dict[str, Any]]:
    """The picture in every ratio, as it stands now."""
    made = {ratio: best(image, ratio, 320) for ratio in RATIOS}
    return [{"ratio": ratio, **_preview(image, crop)} for ratio, crop in made.items() if crop]


def _linked(uses: list[Use]) -> list[str]:
    return [format_html('<a href="{}">{}</a>', use.url, capfirst(use.label)) if use.url else use.label for use in uses]
