"""Desk health: what is amiss with the lists, and a button for it."""

from dataclasses import dataclass
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext as _

from articles.models import Article, Section
from articles.permissions import Actor
from curation import exclusions, looking, mending
from curation.desk.urls import desk_urls
from curation.models import Pick
from curation.screens import fixes
from curation.screens.addresses import desk_of, may_look
from curation.screens.base import CurationAdmin
from curation.screens.health_lists import MOST_COUNTED, ON_OVERVIEW, ON_OWN_PAGE, QUESTIONS, Question, is_counted
from curation.screens.health_rows import Row, row_of
from curation.screens.urls import screen_urls
from pagecache.admin import is_id

LAST_PAGE = MOST_COUNTED // ON_OWN_PAGE


@dataclass
class Answer:
    """A question with a page of its rows, and the buttons for whoever looks."""

    question: Question
    actor: Actor
    page: int = 1
    size: int = ON_OVERVIEW

    @cached_property
    def rows(self) -> list[Row]:
        """The rows in sight."""
        return [row_of(self.question.name, item) for item in self.found[: self.size]]

    @cached_property
    def count(self) -> int:
        """How many there are, ``MOST_COUNTED`` + 1 when there are more."""
        before = (self.page - 1) * self.size
        if len(self.found) <= self.size and (self.found or self.page == 1):
            return before + len(self.found)
        return self.question.rows(self.actor).order_by().values("pk")[: MOST_COUNTED + 1].count()

    @property
    def empty(self) -> Any:
        """What to say when there is nothing; nobody knows before the worker has counted."""
        if self.question.is_counted and not is_counted():
            return _("Not counted yet: the worker does that within a few minutes.")
        return self.question.empty

    @property
    def is_more(self) -> bool:
        """Whether the count was broken off."""
        return self.count > MOST_COUNTED

    @property
    def has_next(self) -> bool:
        """Whether a further page can be opened."""
        return len(self.found) > self.size and self.page < LAST_PAGE

    @property
    def mood(self) -> str:
        """How much the figure matters: ``calm``, ``told`` (nothing to do), or nothing for what wants a hand."""
        if not self.count:
            return "calm"
        return "" if self.fixes or self.row_fixes else "told"

    @property
    def fixes(self) -> tuple[tuple[str, Any], ...]:
        """Buttons for many rows."""
        return tuple(fix for fix in self.question.fixes if _may(self.actor, fix[0]))

    @property
    def row_fixes(self) -> tuple[tuple[str, Any], ...]:
        """Buttons for one row."""
        return tuple(fix for fix in self.question.row_fixes if _may(self.actor, fix[0]))

    @cached_property
    def found(self) -> list[Any]:
        """What the rows are made of, and one more where there are more."""
        start = (self.page - 1) * self.size
        return list(self.question.rows(self.actor)[start : start + self.size + 1])


class PickAdmin(CurationAdmin):
    """All picks at once are a matter of their health; single ones are changed at their list's desk."""

    def has_module_permission(self, request: HttpRequest) -> bool:
        """In the navigation for those who look after everybody's lists."""
        return may_look(request.user)

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """For those who look after everybody's lists."""
        return may_look(request.user)

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Picks are made at a list's desk."""
        return False

    def get_urls(self) -> list[URLPattern]:
        """The page itself, a pick's own address, the desks, and the other screens."""
        wrap = self.admin_site.admin_view
        return [
            path("", wrap(self.changelist_view), name="curation_pick_changelist"),
            path("add/", wrap(self.add_view), name="curation_pick_add"),
            *desk_urls(self.admin_site),
            *screen_urls(self.admin_site),
            path("<int:pk>/change/", wrap(self.leave_for_desk), name="curation_pick_change"),
        ]

    def leave_for_desk(self, request: HttpRequest, pk: int) -> HttpResponse:
        """A pick is changed at the desk of its list."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        row = Pick.objects.filter(pk=pk).first() if is_id(str(pk)) else None
        url = desk_of(row.article_id, row.section_id) if row else ""
        if not url:
            raise Http404
        return HttpResponseRedirect(url)

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        """GET: every question, or one (``question``, ``p``); POST: a button of one."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        chosen = next((one for one in QUESTIONS if one.name == request.GET.get("question")), None)
        if request.method == "POST":
            return self._fix(request)
        page = request.GET.get("p", "")
        number = min(max(int(page), 1), LAST_PAGE) if is_id(page) else 1
        return self._page(request, chosen, number)

    def _fix(self, request: HttpRequest) -> HttpResponse:
        if "undo" in request.POST:
            fixes.take_back(request)
            return _back(request, request.GET.get("question", ""))
        question = next((one for one in QUESTIONS if one.name == request.POST.get("question")), None)
        if question is None:
            raise Http404
        return _back(request, question.name, fixes.apply(request, question))

    def _page(self, request: HttpRequest, chosen: Question | None, number: int) -> HttpResponse:
        answers = [Answer(question, request.user) for question in QUESTIONS]
        if chosen is not None:
            answers = [Answer(chosen, request.user, number, ON_OWN_PAGE)]
        _give_articles(answers)
        context = {
            **self.admin_site.each_context(request),
            "title": chosen.title if chosen else _("Desk health"),
            "opts": self.opts,
            "media": self.media,
            "answers": answers,
            "only": chosen,
            "page": number,
            "now": timezone.now(),
            "undo": _undoable(request),
            "places": [] if chosen else _places(request.user),
        }
        return TemplateResponse(request, "admin/curation/health.html", context)


def _give_articles(answers: list[Answer]) -> None:
    """The article of each row that is about one, in one query for all; without one, it was deleted this moment.

    Of a join, SQLite reads all articles first.
    """
    about = [answer for answer in answers if not any(isinstance(row, Pick) for row in answer.found)]
    articles = Article.objects.for_desk().in_bulk([row.article_id for answer in about for row in answer.found])
    for answer in about:
        answer.found = [row for row in answer.found if row.article_id in articles]
        for row in answer.found:
            row.article = articles[row.article_id]


def _back(request: HttpRequest, question: str, undo: int | None = None) -> HttpResponse:
    """To the page as it was asked for, with the button that undoes what was just done."""
    query = request.GET.copy()
    query.pop("undo", None)
    if undo is not None:
        query["undo"] = str(undo)
    asked = f"?{query.urlencode()}" if query else ""
    known = {one.name for one in QUESTIONS}
    return HttpResponseRedirect(f"{request.path}{asked}{f'#{question}' if question in known else ''}")


def _undoable(request: HttpRequest) -> dict[str, Any]:
    """The fix that can be taken back, and how many rows that concerns; nothing where there is none."""
    entry = request.GET.get("undo", "")
    rows = mending.rows_fixed(int(entry), actor=request.user) if is_id(entry) else 0
    return {"entry": entry, "rows": rows} if rows else {}


def _places(actor: Actor) -> list[tuple[str, str]]:
    """The lists that stand beside no article: words and address, where they have a desk."""
    if actor is not None and not actor.has_perm("curation.curate_front"):
        return []
    front = [(_("Front page"), desk_of())]
    sections = [(section.name, desk_of(section_id=section.pk)) for section in Section.objects.all()]
    return [place for place in front + sections if place[1]]


def _may(actor: Actor, fix: str) -> bool:
    """Whether ``actor`` may press the button at all; the verb asks again for every row."""
    if actor is None:
        return True
    needed = {"unpick": "curation.delete_pick", "extend": "curation.change_pick", "keep": "curation.change_pick"}
    if fix in needed:
        return actor.has_perm(needed[fix])
    return exclusions.may_exclude(actor) if fix == "exclude" else looking.may_tend(actor)
