"""Where the room's screens hang in the admin."""

from typing import Any

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import URLPattern, reverse

from curation.desk.urls import desk_urls
from curation.models import Pick
from curation.screens.urls import screen_urls
from pagecache.admin import KeyedAdmin


@admin.register(Pick)
class PickAdmin(KeyedAdmin):
    """Picks have no forms of their own: they are made at the desk of their list, and looked at on the screens."""

    def get_urls(self) -> list[URLPattern]:
        """The desk of each list and the screens about many, before Django's own."""
        return [*desk_urls(self.admin_site), *screen_urls(self.admin_site), *super().get_urls()]

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Picks are made at the desk."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: Pick | None = None) -> bool:
        """Picks are changed at the desk."""
        return False

    has_delete_permission = has_change_permission

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        """The front page's list: the one that belongs to no article."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        return HttpResponseRedirect(reverse("admin:curation_desk_front"))

    def change_view(self, request: HttpRequest, object_id: str, *args: Any, **kwargs: Any) -> HttpResponse:
        """The same: a list of picks tells of articles that not everybody may know of."""
        return self.changelist_view(request)

    def history_view(self, request: HttpRequest, object_id: str, extra_context: Any = None) -> HttpResponse:
        """The same."""
        return self.changelist_view(request)
