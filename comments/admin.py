"""Where the moderators' desk hangs in the admin."""

from typing import Any

from django.contrib import admin
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import URLPattern

from comments.desk.urls import desk_urls
from comments.models import Comment
from comments.screens import article as article  # noqa: PLC0414 - registers its screen
from comments.screens.admin import register_screens
from pagecache.admin import KeyedAdmin


@admin.register(Comment)
class CommentAdmin(KeyedAdmin):
    """Comments change only through ``comments.moderation``: the admin's own list and forms stand aside for the desk."""

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Comments come from readers, and from replies on the desk."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: Comment | None = None) -> bool:
        """What somebody wrote is changed at the desk, with its first words kept."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Comment | None = None) -> bool:
        """A refusal can be undone; a deletion cannot."""
        return False

    def change_view(self, request: HttpRequest, object_id: str, *args: Any, **kwargs: Any) -> HttpResponse:
        """The admin's own form would show addresses to those who may not see them; the desk has a page instead."""
        raise Http404

    def get_urls(self) -> list[URLPattern]:
        """The desk before the admin's own."""
        return [*desk_urls(self.admin_site), *super().get_urls()]


register_screens(admin.site)
