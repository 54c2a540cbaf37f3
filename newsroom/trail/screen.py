"""The screen of the site's history, in the admin's navigation of those who may read it."""

from typing import Any, cast
from urllib.parse import urlencode

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.template.response import TemplateResponse
from django.urls import URLPattern, path
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from newsroom.trail import export
from newsroom.trail.question import Question, after, read, written
from newsroom.trail.telling import kinds, searchable, tell
from outbox import audit
from outbox.models import AuditEntry
from outbox.spreadsheets import MOST_ROWS, csv_answer
from people.models import User

PAGE = 50


class TrailAdmin(admin.ModelAdmin[AuditEntry]):
    """Rows are read here; nobody adds, changes or deletes one."""

    def has_module_permission(self, request: HttpRequest) -> bool:
        """In the navigation of those who may read it."""
        return self.has_view_permission(request)

    def has_view_permission(self, request: HttpRequest, obj: AuditEntry | None = None) -> bool:
        """Whether they may read the whole history."""
        return bool(request.user.has_perm("outbox.view_auditentry"))

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Verbs leave the rows."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: AuditEntry | None = None) -> bool:
        """A row stays as it is."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: AuditEntry | None = None) -> bool:
        """A row stays."""
        return False

    def get_urls(self) -> list[URLPattern]:
        """The list and the file."""
        door = self.admin_site.admin_view
        return [
            path("", door(require_safe(self.page)), name="outbox_auditentry_changelist"),
            path("export/", door(require_POST(self.file)), name="outbox_auditentry_export"),
            path("add/", door(self.closed)),
        ]

    def closed(self, request: HttpRequest) -> HttpResponse:
        """Nothing is added here."""
        raise PermissionDenied

    def asked(self, request: HttpRequest, values: Any) -> tuple[Question, Any]:
        """The question, and the rows that answer it for this person."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        question = Question(values, kinds=kinds())
        rows = question.rows()
        allowed = searchable(request)
        if allowed is not None and question.is_valid() and question.cleaned_data["q"]:
            rows = rows.filter(object_type__in=allowed)
        return question, rows

    def page(self, request: HttpRequest) -> HttpResponse:
        """Fifty rows, newest first, and the way to the next fifty."""
        question, rows = self.asked(request, request.GET)
        found = list(after(rows, read(request.GET.get("before", "")))[: PAGE + 1])
        context = {
            **self.admin_site.each_context(request),
            "title": _("History of the site"),
            "opts": self.opts,
            "question": question,
            "rows": tell(found[:PAGE], request, self.admin_site),
            "older": _older(request, found) if len(found) > PAGE else "",
            "asked": [(name, value) for name, value in request.GET.items() if name in question.fields],
            "most": MOST_ROWS,
        }
        status = 200 if question.is_valid() else 400
        return TemplateResponse(request, "admin/trail/list.html", context, status=status)

    def file(self, request: HttpRequest) -> HttpResponseBase:
        """The same rows as a file; who takes it away stands in the history too."""
        question, rows = self.asked(request, request.POST)
        if not question.is_valid():
            return HttpResponse(_("This question makes no sense."), status=400, content_type="text/plain")
        told = {name: str(value) for name, value in question.cleaned_data.items() if value}
        audit.record(request.user, "exported the history", cast("User", request.user), asked=told)
        lines = export.lines(rows, lambda chunk: tell(chunk, request, self.admin_site, linked=False))
        return csv_answer(f"history-{timezone.localdate().isoformat()}.csv", lines)


def _older(request: HttpRequest, found: list[AuditEntry]) -> str:
    asked = {name: value for name, value in request.GET.items() if value and name != "before"}
    return "?" + urlencode(asked | {"before": written(found[PAGE - 1])})
