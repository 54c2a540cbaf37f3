"""The editorial calendar: month, week and day, with filters, and the list of what is late."""

from calendar import Calendar
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.contrib.admin import ModelAdmin
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.template.defaultfilters import date as format_date
from django.template.response import TemplateResponse
from django.urls import URLPattern, path
from django.utils import timezone
from django.utils.dateparse import parse_date
from django.utils.formats import get_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from articles.known import knows_all
from articles.models import Article, Section, Status
from articles.permissions import Actor
from articles.schedule.entries import WORDS, Wanted, days
from articles.schedule.late import late
from pagecache.admin import is_id
from people.models import User

VIEWS = {"month": gettext_lazy("Month"), "week": gettext_lazy("Week"), "day": gettext_lazy("Day")}
CAPS = {"month": 6, "week": 12, "day": 300}
"""Entries of one day; what is beyond is counted, and stands in the day's own view."""

YEARS = (1600, 9000)
"""Outside them there is nothing to page to."""

PEOPLE = 300
"""Names the filter offers."""

Desk = ModelAdmin[Article]


@dataclass(frozen=True)
class Asked:
    """What the address asks for."""

    view: str
    on: date
    wanted: Wanted


def calendar_urls(desk: Desk) -> list[URLPattern]:
    """Behind the admin's own door."""

    def view(request: HttpRequest) -> HttpResponse:
        return calendar_view(request, desk)

    return [path("calendar/", desk.admin_site.admin_view(view), name="articles_article_calendar")]


@require_safe
def calendar_view(request: HttpRequest, desk: Desk) -> HttpResponse:
    """``?view=month|week|day&on=2026-11-27``, narrowed by ``section``, ``person`` and ``status``."""
    if not desk.has_view_permission(request):
        raise PermissionDenied
    try:
        asked, problem = _asked(request), ""
    except ValueError:
        asked = Asked("month", timezone.localdate(), Wanted())
        problem = _("This address asks for a day or a filter that does not exist. Here is the present month.")
    context = {**desk.admin_site.each_context(request), "opts": desk.opts, "problem": problem}
    context |= _shown(request.user, asked)
    template = "admin/articles/schedule/calendar.html"
    return TemplateResponse(request, template, context, status=400 if problem else 200)


def _asked(request: HttpRequest) -> Asked:
    """Raises ``ValueError`` for what means nothing."""
    values = request.GET
    view, status = values.get("view") or "month", values.get("status") or ""
    on = parse_date(values["on"]) if values.get("on") else timezone.localdate()
    if view not in VIEWS or status not in {"", *Status.values} or on is None:
        raise ValueError(view)
    if not YEARS[0] < on.year < YEARS[1]:
        raise ValueError(on)
    return Asked(view, on, Wanted(_number(values.get("section")), _number(values.get("person")), status))


def _number(text: str | None) -> int:
    if text and not is_id(text):
        raise ValueError(text)
    return int(text or 0)


def _shown(actor: Any, asked: Asked) -> dict[str, Any]:
    first, count = _stretch(asked)
    made = days(first, count, actor, asked.wanted, CAPS[asked.view])
    return {
        "title": _title(asked, first, count),
        "asked": asked,
        "weeks": [made[start : start + 7] for start in range(0, count, 7)],
        "days": made,
        "weekdays": made[:7] if count > 1 else [],
        "empty": not any(day.total for day in made),
        "views": [(name, words, name == asked.view) for name, words in VIEWS.items()],
        "previous": _step(asked, -1),
        "next": _step(asked, 1),
        "today": timezone.localdate(),
        "late": late(actor),
        "words": WORDS,
        "zone": timezone.get_current_timezone_name(),
        **_choices(actor),
    }


def _choices(actor: Actor) -> dict[str, Any]:
    """What the filters offer; only who knows all may ask for somebody else."""
    people = User.objects.filter(is_staff=True, is_active=True).order_by("name", "email")
    if not knows_all(actor):
        people = people.filter(pk=getattr(actor, "pk", 0))
    shown = [state for state in Status if state not in (Status.ARCHIVED, Status.KILLED)]
    return {"sections": Section.objects.all(), "people": people[:PEOPLE], "statuses": shown}


def _first_weekday() -> int:
    """0 for Monday, as Python counts; Django's formats begin with Sunday."""
    return (int(get_format("FIRST_DAY_OF_WEEK")) - 1) % 7


def _stretch(asked: Asked) -> tuple[date, int]:
    """The first day shown, and how many."""
    if asked.view == "day":
        return asked.on, 1
    if asked.view == "week":
        return asked.on - timedelta(days=(asked.on.weekday() - _first_weekday()) % 7), 7
    weeks = Calendar(_first_weekday()).monthdatescalendar(asked.on.year, asked.on.month)
    return weeks[0][0], 7 * len(weeks)


def _step(asked: Asked, way: int) -> date:
    """The day by which the stretch before or after is asked for."""
    if asked.view != "month":
        return asked.on + timedelta(days=way * (7 if asked.view == "week" else 1))
    return (asked.on.replace(day=15) + timedelta(days=30 * way)).replace(day=1)


def _title(asked: Asked, first: date, count: int) -> str:
    if asked.view == "day":
        return format_date(asked.on, "l j F Y")
    if asked.view == "week":
        last = first + timedelta(days=count - 1)
        ends = {"first": format_date(first, "j F"), "last": format_date(last, "j F Y")}
        return _("%(first)s to %(last)s") % ends
    return format_date(asked.on, "F Y")
