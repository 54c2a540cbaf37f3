"""Feeds on the desk: where wires come from, and whether they come."""

from pathlib import PurePosixPath
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import Count, Q, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.loader import render_to_string
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from pagecache.admin import KeyedAdmin, row_or_404
from syndication.models import Feed
from syndication.models.wire import WireState
from syndication.wires import looking
from syndication.wires.links import web_address


class FeedForm(forms.ModelForm[Feed]):
    """An address or a folder."""

    class Meta:
        widgets = {"address": forms.URLInput(attrs={"class": "vURLField", "size": 70})}

    def clean_address(self) -> str:
        """On the web, and without a password, which everybody who opens this form would read."""
        address = str(self.cleaned_data["address"] or "").strip()
        if address and not web_address(address):
            raise forms.ValidationError(_("Write an http or https address without user name and password."))
        return address

    def clean_folder(self) -> str:
        """Below the operator's folder."""
        folder = str(self.cleaned_data["folder"] or "").strip().strip("/")
        if ".." in PurePosixPath(folder).parts or "\\" in folder or "\0" in folder:
            raise forms.ValidationError(_("Name a folder below the one for wires, such as reuters/text."))
        return folder

    def clean(self) -> dict[str, Any]:
        """One of the two."""
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        if not self.errors and bool(cleaned.get("address")) == bool(cleaned.get("folder")):
            raise forms.ValidationError(_("Name either an address or a folder."))
        return cleaned


class FeedAdmin(KeyedAdmin):
    """Set up by those who lead the desk; editors may look."""

    form = FeedForm
    change_form_template = "admin/syndication/feed_form.html"
    list_display = ("name", "place", "health", "items", "is_on")
    list_filter = ("is_on",)
    search_fields = ("name", "address", "folder")
    actions = None
    autocomplete_fields = ("source", "section")
    fieldsets = (
        (None, {"fields": ("name", "address", "folder", "is_on", "every_minutes")}),
        (gettext_lazy("What becomes of its items"), {"fields": ("source", "section", "tags", "drafts")}),
    )

    class Media:
        css = {"all": ("desk/wires.css",)}

    def get_queryset(self, request: HttpRequest) -> QuerySet[Feed]:
        """With what waits and what failed of each."""
        waiting = Count("items", Q(items__state=WireState.WAITING))
        failed = Count("items", Q(items__state=WireState.FAILED))
        return Feed.objects.annotate(waiting=waiting, failed=failed).order_by("name")

    def save_model(self, request: HttpRequest, obj: Feed, form: Any, change: bool) -> None:
        """Save; what the server of a former address said of its document means nothing at the new one."""
        if "address" in form.changed_data:
            obj.etag = obj.last_modified = ""
        super().save_model(request, obj, form, change)

    def has_delete_permission(self, request: HttpRequest, obj: Feed | None = None) -> bool:
        """Only what brought nothing yet; others are switched off, as articles tell which feed they came from."""
        return super().has_delete_permission(request, obj) and (obj is None or not obj.items.exists())

    def get_urls(self) -> list[URLPattern]:
        """With the look that somebody asks for."""
        view = self.admin_site.admin_view(require_POST(self.look_view))
        return [path("<int:pk>/look/", view, name="syndication_feed_look"), *super().get_urls()]

    def look_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """POST: have a worker look now."""
        if not self.has_change_permission(request):
            raise PermissionDenied
        feed = row_or_404(Feed.objects.all(), pk)
        looking.ask(feed, actor=request.user)
        messages.success(request, _("A worker looks at “%(feed)s” now; reload this page in a moment.") % {"feed": feed})
        return HttpResponseRedirect(reverse("admin:syndication_feed_change", args=[pk]))

    @admin.display(description=gettext_lazy("place"))
    def place(self, row: Feed) -> str:
        """Address or folder."""
        return row.address or _("folder %(name)s") % {"name": row.folder}

    @admin.display(description=gettext_lazy("health"))
    def health(self, row: Feed) -> str:
        """When it was read last, or what is wrong."""
        return render_to_string("admin/syndication/_health.html", {"feed": row})

    @admin.display(description=gettext_lazy("items"))
    def items(self, row: Any) -> str:
        """How many wait, how many failed."""
        return render_to_string("admin/syndication/_counts.html", {"feed": row})
