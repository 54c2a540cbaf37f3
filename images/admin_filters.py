"""Questions an editor asks of the picture library."""

from collections.abc import Iterable
from datetime import timedelta
from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from images.models import Image
from images.uses import used

SOON = timedelta(days=30)

Choices = Iterable[tuple[str, Any]]


class AltFilter(admin.SimpleListFilter):
    """Which pictures cannot go out as they are?"""

    title = _("alternative text")
    parameter_name = "alt_text"

    def lookups(self, request: HttpRequest, model_admin: Any) -> Choices:
        """Missing or written."""
        return [("missing", _("Missing")), ("written", _("Written"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Image]) -> QuerySet[Image]:
        """The answer."""
        match self.value():
            case "missing":
                return queryset.filter(alt="")
            case "written":
                return queryset.exclude(alt="")
        return queryset


class LicenceFilter(admin.SimpleListFilter):
    """Which licences must I renew?"""

    title = _("licence")
    parameter_name = "licence_end"

    def lookups(self, request: HttpRequest, model_admin: Any) -> Choices:
        """By the licence's end."""
        return [("soon", _("Ends within 30 days")), ("ended", _("Has ended")), ("open", _("Does not end"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Image]) -> QuerySet[Image]:
        """The answer."""
        now = timezone.now()
        match self.value():
            case "soon":
                return queryset.filter(usable_until__gt=now, usable_until__lte=now + SOON)
            case "ended":
                return queryset.filter(usable_until__lte=now)
            case "open":
                return queryset.filter(usable_until__isnull=True)
        return queryset


class UseFilter(admin.SimpleListFilter):
    """What is shown, and what lies about?"""

    title = _("use")
    parameter_name = "use"

    def lookups(self, request: HttpRequest, model_admin: Any) -> Choices:
        """By what links to the picture."""
        return [
            ("none", _("Unused (drafts aside)")),
            ("linked", _("Used")),
            ("public", _("Public now")),
        ]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Image]) -> QuerySet[Image]:
        """The answer."""
        match self.value():
            case "none":
                return queryset.filter(~used())
            case "linked":
                return queryset.filter(used())
            case "public":
                return queryset.filter(public_since__isnull=False)
        return queryset


class UploaderFilter(admin.SimpleListFilter):
    """Where is what I brought in?"""

    title = _("person")
    parameter_name = "by"

    def lookups(self, request: HttpRequest, model_admin: Any) -> Choices:
        """Me, or everybody."""
        return [("me", _("Me"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Image]) -> QuerySet[Image]:
        """The answer."""
        return queryset.filter(uploaded_by=request.user.pk) if self.value() == "me" else queryset


class DayFilter(admin.DateFieldListFilter):
    """What came in lately?"""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.title = _("day of upload")
