"""The page of one comment: what it says, all that was ever done about it, and what can be done."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _

from comments import moderation
from comments.desk.acting import mark_of
from comments.desk.asked import Asked
from comments.desk.rows import Row, rows_of
from comments.desk.showing import may_moderate, user_of
from comments.forms import ReplyForm
from comments.models import Comment, Reason
from comments.plain_text import encodable, neutral


@dataclass(frozen=True)
class Event:
    """One thing in a comment's life. ``kind`` names the partial that tells it."""

    at: datetime
    kind: str
    about: Any


def page(
    request: HttpRequest,
    comment: Comment,
    *,
    reply_form: ReplyForm | None = None,
    edit_problem: str = "",
    typed: str | None = None,
) -> HttpResponse:
    """The whole page; where a form was refused, with what was typed and a 422."""
    moderates = may_moderate(request)
    [row], _known = rows_of([comment], Asked(cluster=comment.pk), actor=user_of(request), by_email=moderates)
    context = {
        **admin.site.each_context(request),
        "title": _("Comment by %(name)s") % {"name": neutral(comment.name)},
        "opts": Comment._meta,
        "row": row,
        "comment": comment,
        "events": sorted(_events(row), key=lambda event: event.at),
        "reply_form": reply_form or ReplyForm(),
        "edit_problem": edit_problem,
        "typed": neutral(comment.text) if typed is None else encodable(typed),
        "seen": mark_of(comment.text),
        "reasons": list(enumerate(Reason.choices, start=1)),
        "may_moderate": moderates,
        "is_page": True,
    }
    amiss = bool(edit_problem or (reply_form and reply_form.is_bound))
    return TemplateResponse(request, "admin/comments/desk/detail.html", context, status=422 if amiss else 200)


def reply(request: HttpRequest, comment: Comment) -> HttpResponse:
    """A colleague's answer; with something amiss the text stays in the form."""
    text = request.POST.get("text", "")
    try:
        moderation.reply_as_staff(comment, text, user_of(request))
    except ValidationError as error:
        form = ReplyForm({"text": text})
        if form.is_valid():
            form.add_error(None, error)
        form.data = {"text": encodable(text)}
        return page(request, comment, reply_form=form)
    messages.success(request, _("Your reply stands under the article."))
    return redirect("admin:comments_comment_change", comment.pk)


def _events(row: Row) -> Iterator[Event]:
    comment = row.comment
    yield Event(comment.created_at, "written", comment)
    for entry in comment.decisions.select_related("by"):
        yield Event(entry.at, "entry", entry)
    for former in comment.former_words.select_related("by"):
        yield Event(former.until, "former", former)
    for report in comment.reports.all():
        yield Event(report.at, "report", report)
    appeal = getattr(comment, "appeal", None)
    if appeal:
        yield Event(appeal.at, "appeal", appeal)
    for look in comment.second_looks.select_related("by"):
        yield Event(look.at, "look", look)
