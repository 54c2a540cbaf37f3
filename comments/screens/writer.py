"""The page of one writer, addressed by any of their comments: no e-mail address stands in an address bar or a log."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext as _

from comments import rules, writers
from comments.models import Comment, WriterNote
from comments.pipeline import findings
from comments.plain_text import encodable, neutral
from comments.screens.base import READ, WRITE, ScreenAdmin, page_asked, staff
from pagecache.admin import row_or_404


class WriterAdmin(ScreenAdmin):
    """Writers have no list of their own: they are reached from their comments."""

    def has_module_permission(self, request: HttpRequest) -> bool:
        """Not in the navigation."""
        return False

    def addresses(self) -> list[URLPattern]:
        """The page, its notes."""
        return [
            path("", self.door(self.closed, *READ), name="comments_writernote_changelist"),
            path("<int:pk>/", self.door(self.page, *READ), name="comments_writer"),
            path("<int:pk>/notes/", self.door(self.note, *WRITE), name="comments_writer_note"),
            path("note/<int:pk>/removal/", self.door(self.unnote, *WRITE), name="comments_writer_unnote"),
        ]

    def page(self, request: HttpRequest, pk: int) -> HttpResponse:
        """All that is known of whoever wrote this comment."""
        return self._page(request, _comment(pk))

    def note(self, request: HttpRequest, pk: int) -> HttpResponse:
        """POST ``text``: a note for the other moderators."""
        comment, text = _comment(pk), request.POST.get("text", "")
        try:
            writers.add_note(comment, text, actor=staff(request))
        except ValidationError as error:
            return self._page(request, comment, note=encodable(text), problem=" ".join(error.messages), status=422)
        messages.success(request, _("The note stands on this page."))
        return redirect("admin:comments_writer", pk)

    def unnote(self, request: HttpRequest, pk: int) -> HttpResponse:
        """POST: take one's own note away."""
        note = row_or_404(WriterNote.objects.all(), pk)
        writers.delete_note(note, actor=staff(request))
        messages.success(request, _("The note is gone."))
        newest = Comment.objects.filter(email=note.email, staff__isnull=True).order_by("-pk").first()
        return redirect("admin:comments_writer", newest.pk) if newest else redirect("admin:index")

    def _page(self, request: HttpRequest, comment: Comment, *, status: int = 200, **extra: Any) -> HttpResponse:
        writer = writers.of(comment)
        number = page_asked(request)
        rows, has_next = writers.comments_of(writer, number)
        for row in rows:
            row.found = [one.in_words() for one in findings.read(row.findings)]  # type: ignore[attr-defined]
        context = {
            "title": neutral(comment.name),
            "writer": writer,
            "rows": rows,
            "page": number,
            "has_next": has_next,
            "may_ban": rules.may_set(staff(request)),
            "ban_url": f"{reverse('admin:comments_ban_add')}?comment={comment.pk}",
            **extra,
        }
        return self.screen(request, "writer", status=status, tab="queue", comments=rows, **context)


def _comment(pk: int) -> Comment:
    comment = row_or_404(Comment.objects.all(), pk)
    if comment.staff_id:
        raise PermissionDenied(_("A colleague is no writer to keep notes about."))
    return comment
