"""Before an article goes out, on the desk: the checklist, what will happen, and the pages where lines are waived."""

from dataclasses import dataclass, replace
from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.admin import ModelAdmin
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from articles.models import Article, Revision, Status
from articles.outcomes import outcomes
from articles.permissions import Actor, may_edit, may_publish
from articles.readiness import check
from articles.readiness.waivers import (
    LONGEST_REASON,
    SHORTEST_REASON,
    finding_of,
    may_waive,
    waive,
    withdraw_waiver,
)
from articles.registries import Finding, Panel, Place
from articles.state import WorkingState
from articles.together.looking import Looked, looked_at

LONGEST_CODE = 60
SHOWN_AT_ONCE = 3
"""Outcomes shown unasked, beside the first; the fields below are not to be pushed out of sight."""

_MODULE: Any = forms.Script("desk/before/checklist.js", type="module")
_MEDIA = forms.Media(js=[_MODULE])
_LOOK = forms.Media(css={"all": ["desk/before/before.css"]})

Desk = ModelAdmin[Article]


@dataclass(frozen=True)
class Line:
    """A finding as one person sees it: what it stands in the way of, and whether they may answer for it."""

    finding: Finding
    label: str
    kind: str
    """``needed``, ``advice`` or ``waived``."""

    may_waive: bool


class ChecklistPanel(Panel):
    """What is needed and what is advised, of the words in the form."""

    template_name = "admin/articles/article/_checklist.html"
    place = Place.SIDE
    media = _MEDIA

    def context(self, request: HttpRequest, article: Article) -> dict[str, Any] | None:
        """The lines, what is needed first; nothing for whoever may not change the article."""
        if article.latest is None or not may_edit(request.user, article):
            return None
        looked = looked_at(request, article)
        lines = _lines(article, looked, request.user)
        order = ("needed", "advice", "waived")
        return {
            "article": article,
            "revision": article.latest,
            "unsaved": looked.unsaved,
            "lines": sorted(lines, key=lambda line: order.index(line.kind)),
            "needed": sum(line.kind == "needed" for line in lines),
            "advised": sum(line.kind == "advice" for line in lines),
            "shortest": SHORTEST_REASON,
            "longest": LONGEST_REASON,
        }


class OutcomesPanel(Panel):
    """What publishing the words in the form now would do."""

    template_name = "admin/articles/article/_outcomes.html"
    place = Place.SIDE

    def context(self, request: HttpRequest, article: Article) -> dict[str, Any] | None:
        """Sentences and places; nothing for whoever may not change the article, or where nothing would change."""
        if article.latest is None or not may_edit(request.user, article):
            return None
        looked = looked_at(request, article)
        if _is_out(article, article.latest) and not looked.unsaved:
            return None
        said = outcomes(article, looked.state, request.user)
        shown, more = said[1 : 1 + SHOWN_AT_ONCE], said[1 + SHOWN_AT_ONCE :]
        return {"article": article, "first": said[0].sentence, "outcomes": shown, "more": more}


def checklist_urls(desk: Desk) -> list[URLPattern]:
    """The panels alone, and the page on which a line is waived, behind the admin's own door."""

    def panels(request: HttpRequest, pk: int) -> HttpResponse:
        return checklist_view(request, pk, desk)

    def waiver(request: HttpRequest, pk: int) -> HttpResponse:
        return waiver_view(request, pk, desk)

    def withdrawal(request: HttpRequest, pk: int) -> HttpResponse:
        return withdrawal_view(request, pk, desk)

    door = desk.admin_site.admin_view
    return [
        path("<int:pk>/checklist/", door(panels), name="articles_article_checklist"),
        path("<int:pk>/waiver/", door(waiver), name="articles_article_waiver"),
        path("<int:pk>/waiver/withdrawal/", door(withdrawal), name="articles_article_waiver_withdrawal"),
    ]


@require_safe
def checklist_view(request: HttpRequest, pk: int, desk: Desk) -> HttpResponse:
    """Both panels as they are now, of the words kept for ``window``, for the module that puts them on the form."""
    article = _article(request, pk, desk)
    return HttpResponse("".join(panel.render(request, article) for panel in (ChecklistPanel(), OutcomesPanel())))


def waiver_view(request: HttpRequest, pk: int, desk: Desk) -> HttpResponse:
    """GET ``?code=``: the page that asks for a reason. POST ``code`` and ``reason``: waive."""
    article = _article(request, pk, desk)
    code = (request.POST if request.method == "POST" else request.GET).get("code", "")[:LONGEST_CODE]
    try:
        finding = finding_of(article, code)
    except ValidationError as error:
        return _answer(request, article, " ".join(error.messages), level=messages.WARNING, status=409)
    if not may_waive(request.user, article, finding):
        raise PermissionDenied(_("You may not waive this."))
    if request.method != "POST":
        return _ask(request, article, finding, desk)
    try:
        waive(article, code, request.POST.get("reason", ""), actor=request.user)
    except ValidationError as error:
        return _refused(request, article, finding, desk, " ".join(error.messages))
    return _answer(request, article, _("Waived, with your name and reason."), level=messages.SUCCESS)


@require_POST
def withdrawal_view(request: HttpRequest, pk: int, desk: Desk) -> HttpResponse:
    """The line ``code`` counts again."""
    article = _article(request, pk, desk)
    withdraw_waiver(article, request.POST.get("code", "").replace("\0", "")[:LONGEST_CODE], actor=request.user)
    return _answer(request, article, _("The waiver is withdrawn: the line counts again."), level=messages.SUCCESS)


def _article(request: HttpRequest, pk: int, desk: Desk) -> Article:
    """The article, for those who may change it. Raises ``Http404`` or ``PermissionDenied``."""
    article = desk.get_queryset(request).filter(pk=pk).first() if pk < 2**63 else None
    if article is None:
        raise Http404
    if not may_edit(request.user, article):
        raise PermissionDenied
    return article


def _lines(article: Article, looked: Looked, actor: Actor) -> list[Line]:
    """Of unsaved words; only a line that is saved too can be waived, as a waiver stands beside a revision."""
    lines = [_line(finding, article, actor) for finding in check(article, looked.state)]
    if not looked.unsaved:
        return lines
    saved = {finding.code for finding in check(article, WorkingState.of(article))}
    return [replace(line, may_waive=line.may_waive and line.finding.code in saved) for line in lines]


def _line(finding: Finding, article: Article, actor: Actor) -> Line:
    if finding.waiver is not None:
        return Line(finding, "", "waived", may_publish(actor, article))
    if not finding.required and not finding.for_review:
        return Line(finding, "", "advice", may_waive=False)
    label = _("Needed:")
    if not may_publish(actor, article) and article.status == Status.DRAFT:
        label = _("Needed for review:") if finding.for_review else _("Needed before it is published:")
    return Line(finding, label, "needed", may_waive(actor, article, finding))


def _is_out(article: Article, newest: Revision) -> bool:
    return article.live_id == newest.pk and article.is_public()


def _wants_json(request: HttpRequest) -> bool:
    return "application/json" in request.headers.get("Accept", "")


def _answer(request: HttpRequest, article: Article, words: str, *, level: int, status: int = 200) -> HttpResponse:
    """To the module in JSON, to everybody else on the form."""
    if _wants_json(request):
        return JsonResponse({"said" if status < 400 else "error": words}, status=status)  # noqa: PLR2004
    messages.add_message(request, level, words)
    return HttpResponseRedirect(reverse("admin:articles_article_change", args=[article.pk]))


def _refused(request: HttpRequest, article: Article, finding: Finding, desk: Desk, problem: str) -> HttpResponse:
    if _wants_json(request):
        return JsonResponse({"error": problem}, status=400)
    return _ask(request, article, finding, desk, problem)


def _ask(request: HttpRequest, article: Article, finding: Finding, desk: Desk, problem: str = "") -> HttpResponse:
    context = {
        **desk.admin_site.each_context(request),
        "opts": desk.opts,
        "media": desk.media + _LOOK,
        "title": _("Let it stay?"),
        "article": article,
        "finding": finding,
        "problem": problem,
        "reason": request.POST.get("reason", "").replace("\0", ""),
        "shortest": SHORTEST_REASON,
        "longest": LONGEST_REASON,
    }
    status = 400 if problem else 200
    return TemplateResponse(request, "admin/articles/article/waiver.html", context, status=status)
