"""The base of admin screens whose objects go into the bin."""

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _

from pagecache.admin import SAFE, KeyedAdmin
from wastebin import bin  # noqa: A004 - nothing here counts in binary
from wastebin.holding import Line, forbidding, shown
from wastebin.models import Binned


class BinnedAdmin(KeyedAdmin):
    """Deletes by the verb, one or many; the answer can be undone on the spot."""

    delete_confirmation_template = "admin/wastebin/delete.html"
    delete_selected_confirmation_template = "admin/wastebin/delete_selected.html"

    def get_deleted_objects(
        self, objs: Any, request: HttpRequest
    ) -> tuple[list[Any], dict[Any, int], set[Any], list[Any]]:
        """The objects themselves, and what forbids deleting them: in words, with links, and never a whole archive."""
        rows = list(objs)
        lacking = set() if self.has_delete_permission(request) else {str(self.opts.verbose_name)}
        held = [linked(line) for line in forbidding(rows, request)]
        return [str(row) for row in rows], {self.opts.verbose_name_plural: len(rows)}, lacking, held

    def delete_view(self, request: HttpRequest, object_id: str, *args: Any, **kwargs: Any) -> HttpResponse:
        """Delete one; what came into use this very moment is kept, and the page says so."""
        try:
            response: HttpResponse = super().delete_view(request, object_id, self._told(request, object_id))
        except ValidationError as refused:
            messages.error(request, " ".join(refused.messages))
            return HttpResponseRedirect(request.path)
        return response

    def _told(self, request: HttpRequest, object_id: str) -> dict[str, Any]:
        """Where the object is shown, for the page that asks."""
        row = self.get_object(request, object_id) if request.method in SAFE else None
        if row is None or not self.has_delete_permission(request, row):
            return {"shown": [], "days": settings.BIN_DAYS}
        return {"shown": shown(row, request), "days": settings.BIN_DAYS}

    def delete_model(self, request: HttpRequest, obj: Any) -> None:
        """By the verb."""
        bin.put(obj, actor=request.user)

    def delete_queryset(self, request: HttpRequest, queryset: Any) -> None:
        """By the verb, one by one; what is in use is kept and named."""
        for row in queryset:
            try:
                self.delete_model(request, row)
            except ValidationError as refused:
                messages.warning(request, " ".join(refused.messages))

    def response_delete(self, request: HttpRequest, obj_display: str, obj_id: Any) -> HttpResponse:
        """Back to the list, with a way to take it back."""
        binned = Binned.objects.filter(object_type=self.opts.label_lower, object_id=str(obj_id)).first()
        messages.success(request, undo_message(request, obj_display, binned))
        return HttpResponseRedirect(reverse(f"admin:{self.opts.app_label}_{self.opts.model_name}_changelist"))


def linked(line: Line) -> str:
    """A use as the page that asks shows it."""
    return format_html('<a href="{}">{}</a>', line.url, line.text) if line.url else line.text


def undo_message(request: HttpRequest, name: str, binned: Binned | None) -> str:
    """“…” is in the bin, with a button that brings it back."""
    if binned is None:
        return _("“%(name)s” is deleted.") % {"name": name}
    return render_to_string("admin/wastebin/_undo.html", {"name": name, "binned": binned}, request)
