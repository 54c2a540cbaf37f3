"""By what the wire desk is narrowed."""

from typing import Any

from django.contrib import admin
from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from pagecache.admin import is_id
from syndication.models import Feed, WireItem
from syndication.models.wire import WireState


class StateFilter(admin.SimpleListFilter):
    """What waits, unless something else is asked for; copies stand with the item they repeat."""

    title = gettext_lazy("state")
    parameter_name = "state"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        """Every state, and all."""
        return [
            (WireState.DRAFTED, _("Taken")),
            (WireState.IGNORED, _("Ignored")),
            (WireState.ASIDE, _("No story in it")),
            (WireState.FAILED, _("Failed")),
            (WireState.KILLED, _("Killed by the agency")),
            ("all", _("All")),
        ]

    def choices(self, changelist: Any) -> Any:
        """The first is what stands there unasked."""
        for choice in super().choices(changelist):
            if choice["query_string"] == changelist.get_query_string(remove=[self.parameter_name]):
                choice["display"] = _("Waiting")
            yield choice

    def queryset(self, request: HttpRequest, queryset: QuerySet[WireItem]) -> QuerySet[WireItem]:
        """An unknown word shows what waits."""
        if self.value() == "all":
            return queryset
        if self.value() in WireState.values and self.value() != WireState.WAITING:
            return queryset.filter(state=self.value())
        return queryset.filter(state=WireState.WAITING, copy_of=None)


class FeedFilter(admin.SimpleListFilter):
    """From one feed."""

    title = gettext_lazy("feed")
    parameter_name = "feed"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        """Every feed by name."""
        return [(str(pk), name) for pk, name in Feed.objects.order_by("name").values_list("pk", "name")]

    def queryset(self, request: HttpRequest, queryset: QuerySet[WireItem]) -> QuerySet[WireItem]:
        """Of that feed; what is no number shows all."""
        value = self.value() or ""
        return queryset.filter(feed=int(value)) if is_id(value) else queryset


class PlaceFilter(admin.SimpleListFilter):
    """What is urgent, or must not go out yet."""

    title = gettext_lazy("marked")
    parameter_name = "marked"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        """Two marks."""
        return [("urgent", _("Urgent")), ("embargo", _("Embargoed"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet[WireItem]) -> QuerySet[WireItem]:
        """Items with the mark; an unknown word shows all."""
        marks = {"urgent": Q(is_urgent=True), "embargo": Q(embargo_until__isnull=False)}
        return queryset.filter(marks[self.value() or ""]) if self.value() in marks else queryset
