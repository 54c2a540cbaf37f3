"""What editors do to many articles at once: the same verbs as for one, each answer in words."""

from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy, ngettext

from articles import publishing, revisions
from articles.models import Article
from articles.taking_down import confirm_many


class BulkVerbs(admin.ModelAdmin[Article]):
    """The actions above the list of articles."""

    actions = ("publish_selected", "submit_selected", "approve_selected", "take_down_selected", "duplicate_selected")

    @admin.action(description=gettext_lazy("Publish"))
    def publish_selected(self, request: HttpRequest, queryset: QuerySet[Article]) -> None:
        """Publish each that is ready, say why the others are not."""
        self._each(request, queryset, publishing.publish)

    @admin.action(description=gettext_lazy("Submit for review"), permissions=["change"])
    def submit_selected(self, request: HttpRequest, queryset: QuerySet[Article]) -> None:
        """Hand drafts to an editor."""
        self._each(request, queryset, publishing.submit_for_review)

    @admin.action(description=gettext_lazy("Approve"))
    def approve_selected(self, request: HttpRequest, queryset: QuerySet[Article]) -> None:
        """Say of each that waits for review that it may go out."""
        self._each(request, queryset, publishing.approve)

    @admin.action(description=gettext_lazy("Take down"))
    def take_down_selected(self, request: HttpRequest, queryset: QuerySet[Article]) -> HttpResponse | None:
        """Archive, once somebody has seen what readers will miss."""
        if "confirmed" not in request.POST:
            return confirm_many(request, queryset, self)
        self._each(request, queryset, publishing.take_down)
        return None

    @admin.action(description=gettext_lazy("Duplicate as draft"), permissions=["add"])
    def duplicate_selected(self, request: HttpRequest, queryset: QuerySet[Article]) -> None:
        """A new draft of each."""
        self._each(request, queryset, revisions.duplicate)

    def _each(self, request: HttpRequest, queryset: QuerySet[Article], verb: Any) -> None:
        done = 0
        for article in queryset:
            try:
                verb(article, actor=request.user)
                done += 1
            except (publishing.NotReadyError, ValidationError, PermissionDenied) as error:
                reasons = " ".join(getattr(error, "messages", [str(error)]))
                messages.error(request, f"{article}: {reasons}")
        if done:
            text = ngettext("%(count)d article done.", "%(count)d articles done.", done) % {"count": done}
            messages.success(request, text)
