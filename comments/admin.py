"""The moderators' desk."""

import uuid
from collections.abc import Iterable
from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect
from django.template.loader import render_to_string
from django.template.response import TemplateResponse
from django.urls import URLPattern, path
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_POST

from comments import moderation
from comments.forms import ReplyForm
from comments.models import Comment, ModerationEntry, State
from comments.plain_text import encodable, neutral
from comments.queue import ArticleFilter, Queue, SectionFilter, StateFilter, add_background
from comments.screens import article as article  # noqa: PLC0414 - registers its screen
from comments.screens.admin import register_screens
from pagecache.admin import KeyedAdmin


@admin.register(Comment)
class CommentAdmin(KeyedAdmin):
    """One queue: what waits first, the longest wait on top. Comments change only through ``comments.moderation``."""

    list_display_links = None
    list_filter = (StateFilter, SectionFilter, ArticleFilter)
    list_select_related = ("article__section", "answers")
    list_per_page = 50
    show_full_result_count = False
    show_facets = admin.ShowFacets.NEVER
    search_fields = ("name", "text")
    search_help_text = gettext_lazy("Words of the comment or its writer's name; moderators also find e-mail addresses.")
    actions = ("approve", "refuse", "mark_as_spam", "return_to_queue")

    class Media:
        css = {"all": ("desk/comments/queue.css",)}

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Comments come from readers, and from replies on the desk."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: Comment | None = None) -> bool:
        """What somebody wrote is not rewritten."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Comment | None = None) -> bool:
        """A refusal can be undone; a deletion cannot."""
        return False

    def has_moderate_permission(self, request: HttpRequest) -> bool:
        """For the list's actions."""
        return moderation.may_moderate(request.user)

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[Queue]:
        """The list that knows each row's background."""
        return Queue

    def get_ordering(self, request: HttpRequest) -> tuple[str, ...]:
        """What waits: the longest wait first. What is decided: the newest first."""
        waiting = request.GET.get(StateFilter.parameter_name) in {None, "", State.PENDING}
        return ("created_at", "id") if waiting else ("-created_at", "-id")

    def get_search_fields(self, request: HttpRequest) -> tuple[str, ...]:
        """An address can be searched for only by those who may see it."""
        return (*self.search_fields, "email") if self.has_moderate_permission(request) else self.search_fields

    def get_list_display(self, request: HttpRequest) -> tuple[Any, ...]:
        """The columns, drawn for whoever looks."""
        may_moderate = self.has_moderate_permission(request)

        @admin.display(description=_("Comment"))
        def what_was_written(comment: Comment) -> SafeString:
            return _draw("row", comment, may_moderate)

        @admin.display(description=_("Decision"))
        def decisions(comment: Comment) -> SafeString:
            return _draw("decisions", comment, may_moderate)

        return (what_was_written, decisions) if may_moderate else (what_was_written,)

    @admin.action(description=gettext_lazy("Approve"), permissions=["moderate"])
    def approve(self, request: HttpRequest, queryset: QuerySet[Comment]) -> None:
        """Let readers see them."""
        self._decide(request, queryset, State.APPROVED)

    @admin.action(description=gettext_lazy("Refuse"), permissions=["moderate"])
    def refuse(self, request: HttpRequest, queryset: QuerySet[Comment]) -> None:
        """Not published; their writers can see that."""
        self._decide(request, queryset, State.REJECTED)

    @admin.action(description=gettext_lazy("Mark as spam"), permissions=["moderate"])
    def mark_as_spam(self, request: HttpRequest, queryset: QuerySet[Comment]) -> None:
        """Not published."""
        self._decide(request, queryset, State.SPAM)

    @admin.action(description=gettext_lazy("Return to the queue"), permissions=["moderate"])
    def return_to_queue(self, request: HttpRequest, queryset: QuerySet[Comment]) -> None:
        """To be decided again."""
        self._decide(request, queryset, State.PENDING)

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        """The list; a row's button and *Undo* in a message are answered here, as they stand in the list's form."""
        if request.method == "POST" and "undo" in request.POST:
            return self._undo(request)
        if request.method == "POST" and "decide" in request.POST:
            return self._decide_row(request)
        return super().changelist_view(request, {"title": _("Comments"), **(extra_context or {})})

    def change_view(self, request: HttpRequest, object_id: str, *args: Any, **kwargs: Any) -> HttpResponse:
        """One comment with all that was decided about it, and a place to answer."""
        return self._detail(request, self._comment(request, object_id))

    def get_urls(self) -> list[URLPattern]:
        """What can be posted about one comment."""
        wrap = self.admin_site.admin_view
        return [
            path("<int:pk>/decision/", wrap(require_POST(self.decision)), name="comments_comment_decision"),
            path("<int:pk>/reply/", wrap(require_POST(self.reply)), name="comments_comment_reply"),
            *super().get_urls(),
        ]

    def decision(self, request: HttpRequest, pk: int) -> HttpResponse:
        """A decision with a reason for the comment's writer."""
        comment = self._comment(request, str(pk))
        try:
            state = State(request.POST.get("state", ""))
            reason = request.POST.get("reason", "")
            self._decide(request, [comment], state, reason)
        except ValueError as error:
            raise Http404 from error
        except ValidationError as error:
            messages.error(request, " ".join(error.messages))
            return redirect("admin:comments_comment_change", pk)
        return redirect("admin:comments_comment_changelist")

    def reply(self, request: HttpRequest, pk: int) -> HttpResponse:
        """A colleague's answer; with something amiss the text stays in the form."""
        comment = self._comment(request, str(pk))
        form = ReplyForm({"text": request.POST.get("text", "")})
        try:
            moderation.reply_as_staff(comment, request.POST.get("text", ""), _staff(request))
        except ValidationError as error:
            if form.is_valid():
                form.add_error(None, error)
            form.data = {"text": encodable(form.data["text"])}
            return self._detail(request, comment, form, status=422)
        messages.success(request, _("Your reply stands under the article."))
        return redirect("admin:comments_comment_change", pk)

    def _comment(self, request: HttpRequest, object_id: str) -> Comment:
        if not self.has_view_permission(request):
            raise PermissionDenied
        comment: Comment | None = self.get_object(request, object_id)
        if comment is None:
            raise Http404
        return comment

    def _detail(
        self, request: HttpRequest, comment: Comment, form: ReplyForm | None = None, status: int = 200
    ) -> HttpResponse:
        add_background([comment])
        context = {
            **self.admin_site.each_context(request),
            "title": _("Comment by %(name)s") % {"name": neutral(comment.name)},
            "opts": self.opts,
            "media": self.media,
            "comment": comment,
            "entries": comment.decisions.select_related("by"),
            "reply_form": form or ReplyForm(),
            "may_moderate": self.has_moderate_permission(request),
        }
        return TemplateResponse(request, "admin/comments/comment/detail.html", context, status=status)

    def _decide(self, request: HttpRequest, comments: Iterable[Comment], state: State, reason: str = "") -> None:
        """Decide about comments as they stood on the moderator's screen, and say what happened."""
        asked = _as_seen(request, comments)
        entries = moderation.decide(asked, state, actor=_staff(request), reason=reason)
        if entries:
            messages.success(request, _said(entries, state))
        moved = {entry.comment_id for entry in entries}
        left = [comment for comment in asked if comment.pk not in moved and comment.state != state]
        for comment, entry in ((comment, moderation.last_decisions(left).get(comment.pk)) for comment in left):
            messages.warning(request, _overtaken(comment, entry))

    def _decide_row(self, request: HttpRequest) -> HttpResponse:
        value, _colon, pk = request.POST["decide"].partition(":")
        if value not in State.values:
            raise Http404
        self._decide(request, [self._comment(request, pk)], State(value))
        return HttpResponseRedirect(request.get_full_path())

    def _undo(self, request: HttpRequest) -> HttpResponse:
        try:
            batch = uuid.UUID(request.POST["undo"])
        except ValueError as error:
            raise Http404 from error
        undone, overtaken = moderation.undo_batch(batch, _staff(request))
        if undone:
            words = ngettext("%d decision was taken back.", "%d decisions were taken back.", undone)
            messages.success(request, words % undone)
        if overtaken:
            words = ngettext(
                "%d comment was decided anew in the meantime and stays as it is.",
                "%d comments were decided anew in the meantime and stay as they are.",
                overtaken,
            )
            messages.warning(request, words % overtaken)
        return HttpResponseRedirect(request.get_full_path())


def _staff(request: HttpRequest) -> Any:
    """Who decides: always the person signed in, never the system."""
    return request.user


def _draw(part: str, comment: Comment, may_moderate: bool) -> SafeString:
    context = {"comment": comment, "may_moderate": may_moderate}
    return render_to_string(f"admin/comments/comment/_{part}.html", context)


def _as_seen(request: HttpRequest, comments: Iterable[Comment]) -> list[Comment]:
    """The comments in the state their row or page showed, which the form sends along."""
    pairs = (value.partition(":") for value in request.POST.getlist("seen"))
    seen = {pk: state for pk, _colon, state in pairs if state in State.values}
    asked = list(comments)
    for comment in asked:
        comment.state = seen.get(str(comment.pk), comment.state)
    return asked


def _said(entries: list[ModerationEntry], state: State) -> SafeString:
    """What was done, with a button in the list's form that undoes it."""
    words = {
        State.APPROVED: ngettext("%d comment approved.", "%d comments approved.", len(entries)),
        State.REJECTED: ngettext("%d comment refused.", "%d comments refused.", len(entries)),
        State.SPAM: ngettext("%d comment marked as spam.", "%d comments marked as spam.", len(entries)),
        State.PENDING: ngettext("%d comment waits again.", "%d comments wait again.", len(entries)),
    }[state]
    return format_html(
        '{} <button type="submit" class="message-undo" form="changelist-form" name="undo" value="{}">{}</button>',
        words % len(entries),
        entries[0].batch,
        _("Undo"),
    )


def _overtaken(comment: Comment, entry: ModerationEntry | None) -> str:
    return _("The comment by %(name)s was decided by %(who)s in the meantime: %(state)s. Nothing was changed.") % {
        "name": neutral(comment.name),
        "who": (entry and entry.by) or _("somebody else"),
        "state": entry.get_after_display() if entry else _("changed"),
    }


register_screens(admin.site)
