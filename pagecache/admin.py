"""The base of every admin screen that changes what readers see."""

from contextlib import AbstractContextManager, nullcontext
from typing import Any

from django.contrib import admin
from django.db import models
from django.http import HttpRequest, HttpResponse

from pagecache.writing import writing

SAFE = {"GET", "HEAD", "OPTIONS"}


class KeyedAdmin(admin.ModelAdmin[Any]):
    """Runs each changing request in one ``writing()`` block: all its page keys rise last, in one order.

    Looking takes no transaction: on SQLite it would take the one write lock.
    """

    def changeform_view(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        """Add and change."""
        with _writing_unless_safe(request):
            return super().changeform_view(request, *args, **kwargs)

    def delete_view(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        """Delete one."""
        with _writing_unless_safe(request):
            return super().delete_view(request, *args, **kwargs)

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        """The list; its bulk actions write."""
        with _writing_unless_safe(request):
            return super().changelist_view(request, extra_context)

    def delete_queryset(self, request: HttpRequest, queryset: Any) -> None:
        """Delete row by row, so that each names its keys."""
        for row in queryset:
            row.delete()


def _writing_unless_safe(request: HttpRequest) -> AbstractContextManager[Any]:
    return nullcontext() if request.method in SAFE else writing()
