"""The library's own screens: taking in one picture, taking in many, and seeing what is not public."""

from dataclasses import dataclass
from typing import Any, cast

from django.contrib import messages
from django.contrib.admin import helpers
from django.contrib.admin.exceptions import DisallowedModelAdminToField
from django.contrib.admin.options import IS_POPUP_VAR, TO_FIELD_VAR
from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from images.admin_forms import SeveralForm, UploadForm
from images.models import Image
from images.renditions import best
from images.uploads import DuplicateImage, ImageRefused, add_image
from images.views import hidden
from pagecache.admin import KeyedAdmin
from wastebin.desk import BinnedAdmin

NARROW = 1200
"""A lead picture below this looks soft on a large screen."""

SEVERAL = 40
"""Without script one request carries all files; more than this would outlast a proxy's patience."""

FIELDSETS: list[tuple[Any, dict[str, list[str]]]] = [
    (None, {"fields": ["file"]}),
    (gettext_lazy("For readers"), {"fields": ["alt", "caption", "credit"]}),
    (gettext_lazy("For the newsroom"), {"fields": ["title", "licence", "last_day"]}),
]


@dataclass(frozen=True)
class Outcome:
    """What became of one file: ``state`` is ``"added"``, ``"known"`` or ``"refused"``."""

    name: str
    state: str
    message: str = ""
    image: Image | None = None


class ImageScreens(BinnedAdmin):
    """The screens that Django's admin does not have, as methods for the library's admin."""

    def add_view(
        self, request: HttpRequest, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Take in one picture; in a popup, a file the library has already is simply chosen."""
        if not self.has_add_permission(request):
            raise PermissionDenied
        named = request.POST.get(TO_FIELD_VAR) or request.GET.get(TO_FIELD_VAR)
        if named and not self.to_field_allowed(request, named):
            raise DisallowedModelAdminToField(named)
        form = UploadForm(request.POST or None, request.FILES or None)
        if request.method == "POST" and form.is_valid():
            try:
                image = add_image(form.cleaned_data["file"], actor=request.user, **form.words())
                return self._after_adding(request, image)
            except DuplicateImage as known:
                if IS_POPUP_VAR in request.POST:
                    return self.response_add(request, known.existing)
                form.add_error("file", _linked(known))
            except ImageRefused as refusal:
                form.add_error("file", str(refusal))
        return self._upload_page(request, form)

    def _after_adding(self, request: HttpRequest, image: Image) -> HttpResponse:
        if IS_POPUP_VAR in request.POST:
            return self.response_add(request, image)
        words = _("“%(title)s” is in the library. Mark where the eye should land, and all crops keep it in view.")
        messages.success(request, words % {"title": image.title})
        if image.width < NARROW:
            narrow = _("It is only %(width)s pixels wide: as a lead picture it will look soft.")
            messages.warning(request, narrow % {"width": image.width})
        return redirect("admin:images_image_change", image.pk)

    def _upload_page(self, request: HttpRequest, form: UploadForm) -> HttpResponse:
        popup = IS_POPUP_VAR in request.POST or IS_POPUP_VAR in request.GET
        context = {
            **self.admin_site.each_context(request),
            "title": _("Upload a picture"),
            "opts": self.opts,
            "adminform": helpers.AdminForm(cast("Any", form), FIELDSETS, {}, model_admin=self),
            "errors": [message for said in form.errors.values() for message in said],
            "media": self.media + form.media,
            "add": True,
            "has_view_permission": self.has_view_permission(request),
            "inline_admin_formsets": [],
            "is_popup": popup,
            "is_popup_var": IS_POPUP_VAR,
            "to_field": request.POST.get(TO_FIELD_VAR, request.GET.get(TO_FIELD_VAR)),
            "to_field_var": TO_FIELD_VAR,
            "has_file_field": True,
        }
        request.current_app = self.admin_site.name
        return TemplateResponse(request, "admin/images/image/add.html", context)

    def several_view(self, request: HttpRequest) -> HttpResponse:
        """Take in many pictures; the page's script sends them one by one and asks for the outcome only."""
        if not self.has_add_permission(request):
            raise PermissionDenied
        form = SeveralForm(request.POST or None, request.FILES or None)
        outcomes: list[Outcome] = []
        if request.method == "POST" and form.is_valid():
            outcomes = _take_all(request, form)
        context = {
            **self.admin_site.each_context(request),
            "title": _("Upload several pictures"),
            "opts": self.opts,
            "form": form,
            "media": self.media,
            "outcomes": outcomes,
        }
        part = "outcomes" if request.POST.get("part") == "outcomes" and form.is_valid() else "several"
        return TemplateResponse(request, f"admin/images/image/{part}.html", context)

    def preview_view(self, request: HttpRequest, pk: int, name: str = "") -> HttpResponseBase:
        """A rendition for the desk, public or not; without a name, the one that fits a card."""
        return _preview(request, self, pk, name)


@require_safe
def _preview(request: HttpRequest, desk: KeyedAdmin, pk: int, name: str) -> HttpResponseBase:
    if not desk.has_view_permission(request):
        raise PermissionDenied
    image = get_object_or_404(Image, pk=pk)
    if not name:
        card = best(image, "3:2", 480)
        name = card["name"] if card else ""
    response = hidden(image, name)
    response.headers["Cache-Control"] = "private, max-age=3600"
    return response


def _take_all(request: HttpRequest, form: SeveralForm) -> list[Outcome]:
    chosen: list[UploadedFile[Any]] = form.cleaned_data["pictures"]
    outcomes = [_take(request, form, file) for file in chosen[:SEVERAL]]
    late = _("Not read: without script at most %(limit)s files are taken at a time.") % {"limit": SEVERAL}
    return outcomes + [Outcome(file.name or "", "refused", late) for file in chosen[SEVERAL:]]


def _take(request: HttpRequest, form: SeveralForm, file: UploadedFile[Any]) -> Outcome:
    try:
        image = add_image(file, actor=request.user, **form.rights())
    except DuplicateImage as known:
        return Outcome(file.name or "", "known", str(known), known.existing)
    except ImageRefused as refusal:
        return Outcome(file.name or "", "refused", str(refusal))
    return Outcome(file.name or "", "added", "", image)


def _linked(known: DuplicateImage) -> str:
    address = reverse("admin:images_image_change", args=[known.existing.pk])
    return format_html('{} <a href="{}">{}</a>', str(known), address, _("Open it"))
