"""My decisions: what I did, and a way back for each of it."""

import uuid
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import URLPattern, path, reverse
from django.utils.dateparse import parse_date
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from comments import own_decisions
from comments.models import ModerationEntry, State
from comments.screens.base import READ, WRITE, ScreenAdmin, page_asked, row_asked, staff

LIST = "admin:comments_moderationentry_changelist"

MOST_AT_ONCE = 200

KINDS = (
    ("", gettext_lazy("all")),
    (State.APPROVED, gettext_lazy("approved")),
    (State.REJECTED, gettext_lazy("refused")),
    (State.SPAM, gettext_lazy("spam")),
    (State.PENDING, gettext_lazy("returned to the queue")),
    (ModerationEntry.Kind.EDIT, gettext_lazy("edited")),
    (ModerationEntry.Kind.FEATURE, gettext_lazy("staff picks")),
)


class DecisionAdmin(ScreenAdmin):
    """One's own entries only, whoever looks."""

    def addresses(self) -> list[URLPattern]:
        """The list, and the way back."""
        return [
            path("", self.door(self.list_view, *READ), name="comments_moderationentry_changelist"),
            path("undo/", self.door(self.undo, *WRITE), name="comments_moderationentry_undo"),
        ]

    def list_view(self, request: HttpRequest) -> HttpResponse:
        """GET ``day``, ``kind``, ``p``."""
        typed, kind, page = request.GET.get("day", ""), request.GET.get("kind", ""), page_asked(request)
        day = _day(typed)
        problem = _("That is no day. Write it like 2026-03-02.") if typed and day is None else ""
        rows, has_next = own_decisions.page_of(own_decisions.of(staff(request), day=day, kind=kind), page)
        context = {"rows": rows, "page": page, "has_next": has_next, "day": typed, "kind": kind, "kinds": KINDS}
        query = urlencode({name: value for name, value in (("day", typed), ("kind", kind)) if value})
        return self.screen(
            request,
            "decisions",
            title=_("My decisions"),
            tab="decisions",
            query=query,
            problem=problem,
            status=400 if problem else 200,
            comments=[row.entry.comment for row in rows],
            **context,
        )

    def undo(self, request: HttpRequest) -> HttpResponse:
        """POST ``one`` (an entry), ``entry`` (many) or ``batch``, of one's own."""
        undone, overtaken = _take_back(request)
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
        if not undone and not overtaken:
            messages.warning(request, _("Nothing was chosen."))
        return redirect(_back(request))


def _take_back(request: HttpRequest) -> tuple[int, int]:
    """How many came back, and how many had changed anew."""
    if "batch" not in request.POST:
        return own_decisions.undo_some(_asked(request), staff(request))
    try:
        batch = uuid.UUID(request.POST["batch"])
    except ValueError as error:
        raise Http404 from error
    return own_decisions.undo_batch(batch, staff(request))


def _asked(request: HttpRequest) -> list[ModerationEntry]:
    """The chosen entries that are one's own and take nothing back themselves."""
    mine = ModerationEntry.objects.filter(by=staff(request), undoes__isnull=True).order_by("-at", "-id")
    raw = [request.POST["one"]] if "one" in request.POST else request.POST.getlist("entry")[:MOST_AT_ONCE]
    return list(mine.filter(pk__in=[row_asked(number) for number in raw]))


def _day(raw: str) -> Any:
    try:
        return parse_date(raw)
    except ValueError:
        return None


def _back(request: HttpRequest) -> str:
    """Where the list stood, if that is a page of ours."""
    wanted = request.POST.get("back", "")
    return wanted if url_has_allowed_host_and_scheme(wanted, None) else reverse(LIST)
