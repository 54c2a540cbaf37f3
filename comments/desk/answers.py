"""What the desk answers: JSON for the module, whole pages and messages for everybody else."""

import uuid
from typing import Any

from django.contrib import admin, messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse, QueryDict
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from comments.desk import showing
from comments.desk.acting import Done
from comments.desk.asked import Asked
from comments.models import Comment
from pagecache.admin import is_id


def wants_json(request: HttpRequest) -> bool:
    """Whether the module asks."""
    return "application/json" in request.headers.get("Accept", "")


def queue(request: HttpRequest, asked: Asked) -> HttpResponse:
    """The list: as a page, or its rows for the module."""
    if wants_json(request):
        since, shown = timezone.now(), showing.listed(request, asked)
        answer = {"next": shown.next, "since": since.isoformat(), "counts": showing.counts_in_words()}
        return JsonResponse({**answer, **showing.drawn(request, asked, shown.rows)})
    context = {
        **admin.site.each_context(request),
        **showing.page_context(request, asked),
        "title": _("Comments"),
        "opts": Comment._meta,
    }
    return TemplateResponse(request, "admin/comments/desk/queue.html", context)


def done(request: HttpRequest, outcome: Done, *, redraw: bool = False) -> HttpResponse:
    """What happened; for the module with rows drawn: those to read again, or with ``redraw`` all that changed."""
    asked = Asked.read(QueryDict(request.POST.get("back", "")))
    if not wants_json(request):
        _tell(request, outcome)
        return HttpResponseRedirect(_back(request, asked))
    anew = outcome.changed if redraw else outcome.rewritten
    shown = showing.listed(request, asked, only=anew) if anew else showing.Listed([])
    answer: dict[str, Any] = {
        "said": outcome.said,
        "notices": outcome.notices,
        "batch": outcome.batch and str(outcome.batch),
        "changed": outcome.changed,
        "left": outcome.left,
        "counts": showing.counts_in_words(),
        "more": bool(shown.next),
    }
    return JsonResponse({**answer, **showing.drawn(request, asked, shown.rows)})


def refused(request: HttpRequest, problem: str, status: int) -> HttpResponse:
    """Why not, in words; nothing was changed."""
    if wants_json(request):
        return JsonResponse({"problem": problem}, status=status)
    asked = Asked.read(QueryDict(request.POST.get("back", "")))
    context = {
        **admin.site.each_context(request),
        "title": _("Nothing was changed"),
        "problem": problem,
        "back": _back(request, asked),
        "typed": request.POST.get("reason", ""),
    }
    return TemplateResponse(request, "admin/comments/desk/refused.html", context, status=status)


def with_undo(said: str, batch: uuid.UUID, *, form: str) -> SafeString:
    """What was done, with a button of the page's form with the id ``form`` that takes all of ``batch`` back."""
    button = '{} <button type="submit" class="message-undo" form="{}" name="batch" value="{}">{}</button>'
    return format_html(button, said, form, batch, _("Undo"))


def _back(request: HttpRequest, asked: Asked) -> str:
    """The list as it was asked for, or the page of the comment it was posted from."""
    page = request.POST.get("page", "")
    if is_id(page):
        return reverse("admin:comments_comment_change", args=[page])
    query = asked.query(after=asked.after)
    return reverse("admin:comments_comment_changelist") + (f"?{query}" if query else "")


def _tell(request: HttpRequest, outcome: Done) -> None:
    if outcome.said and outcome.batch:
        messages.success(request, with_undo(outcome.said, outcome.batch, form="desk-undo"))
    elif outcome.said:
        messages.success(request, outcome.said)
    for notice in outcome.notices:
        messages.warning(request, notice)
