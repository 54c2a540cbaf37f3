"""The base of every admin screen that changes what readers see."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest, HttpResponseBase

from pagecache.writing import writing


class KeyedAdmin(admin.ModelAdmin[Any]):
    """Runs each changing request in one ``writing()`` block: all its page keys rise last, in one order."""

    def changeform_view(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        """Add and change."""
        with writing():
            return super().changeform_view(request, *args, **kwargs)

    def delete_view(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        """Delete one."""
        with writing():
            return super().delete_view(request, *args, **kwargs)

    def changelist_view(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """The list; its bulk actions write."""
        if request.method != "POST":
            return super().changelist_view(request, *args, **kwargs)
        with writing():
            return super().changelist_view(request, *args, **kwargs)

    def delete_queryset(self, request: HttpRequest, queryset: Any) -> None:
        """Delete row by row, so that each names its keys."""
        for row in queryset:
            row.delete()
