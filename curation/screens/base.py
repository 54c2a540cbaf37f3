"""What the screens of curation have in common."""

from typing import Any

from django.contrib import messages
from django.contrib.admin.widgets import RelatedFieldWidgetWrapper
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import URLPattern
from django.utils.html import format_html

from articles.known import knows_all
from pagecache.admin import KeyedAdmin


class CurationAdmin(KeyedAdmin):
    """For those who know every article, as these screens name any. What is made here is ended, not deleted."""

    list_per_page = 50
    show_full_result_count = False

    class Media:
        css = {"all": ("desk/curation/screens.css",)}

    def has_module_permission(self, request: HttpRequest) -> bool:
        """In the navigation for those who may look."""
        return knows_all(request.user) and super().has_module_permission(request)

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Whether they may look."""
        return knows_all(request.user) and super().has_view_permission(request, obj)

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Whether they may make one."""
        return knows_all(request.user) and super().has_add_permission(request)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Whether they may change it."""
        return knows_all(request.user) and super().has_change_permission(request, obj)

    def get_urls(self) -> list[URLPattern]:
        """Without Django's deletion, which knows nothing of our verbs."""
        return [entry for entry in super().get_urls() if not (entry.name or "").endswith("_delete")]

    def get_actions(self, request: HttpRequest, action_location: Any = None) -> dict[str, Any]:
        """Without Django's deletion. Django 6.1 says where on the screen they stand."""
        actions = super().get_actions(request, *([] if action_location is None else [action_location]))
        actions.pop("delete_selected", None)
        return actions

    def formfield_for_dbfield(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        """Here rows are chosen, not made or changed."""
        field = super().formfield_for_dbfield(db_field, request, **kwargs)
        if field is not None and isinstance(field.widget, RelatedFieldWidgetWrapper):
            for may in ("can_add_related", "can_change_related", "can_delete_related", "can_view_related"):
                setattr(field.widget, may, False)
        return field

    def changeform_view(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        """The form; what a verb refuses because somebody else was faster is said in its words."""
        try:
            return super().changeform_view(request, *args, **kwargs)
        except ValidationError as error:
            messages.error(request, " ".join(error.messages))
            return HttpResponseRedirect(request.path)

    def answered(self, request: HttpRequest) -> HttpResponse:
        """Back to the list as it was asked for."""
        return HttpResponseRedirect(request.get_full_path())


def row_button(name: str, row: Any, words: str) -> str:
    """A button in a row of a list, which sends ``name`` with the row's id."""
    about = format_html('<span class="visually-hidden">: {}</span>', row)
    return format_html(
        '<button class="fix" type="submit" name="{}" value="{}">{}{}</button>', name, row.pk, words, about
    )


def said(error: PermissionDenied | ValidationError) -> str:
    """What a verb's refusal says."""
    return " ".join(getattr(error, "messages", [str(error)]))
