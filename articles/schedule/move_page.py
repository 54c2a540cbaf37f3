"""Moving one entry of the calendar: a page that asks, and the answer that dragging waits for."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from functools import partial
from typing import Any

from django.contrib import messages
from django.contrib.admin import ModelAdmin
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.dateparse import parse_date
from django.utils.html import format_html
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from articles.known import known_to, knows_newest
from articles.models import Article
from articles.permissions import Actor, may_publish, require
from articles.readiness import NotReadyError
from articles.schedule import later, moments, moving
from articles.schedule.overlay import waiting
from pagecache.admin import is_id, row_or_404

Desk = ModelAdmin[Article]


@dataclass(frozen=True)
class Movable:
    """One thing with a time: an article that goes out, or a later change."""

    article: Article
    moment: datetime | None
    change: int = 0
    move: Callable[..., Any] | None = None


def move_urls(desk: Desk) -> list[URLPattern]:
    """Behind the admin's own door."""

    def view(request: HttpRequest, pk: int) -> HttpResponse:
        return move_view(request, pk, desk)

    return [path("<int:pk>/move/", desk.admin_site.admin_view(view), name="articles_article_move")]


def move_view(request: HttpRequest, pk: int, desk: Desk) -> HttpResponse:
    """GET: ask for the time. POST ``when``, or ``day`` for the same time of day; ``seen`` is the time it had.

    ``change`` names a later change of the article, where that is what moves.
    Whoever accepts JSON gets it: what was done and how to undo it, or the
    ``problem`` with 400, 409 where somebody else was faster.
    """
    thing = _thing(request, row_or_404(known_to(request.user), pk))
    if request.method != "POST":
        return _ask(request, thing, desk)
    try:
        when = _wanted(request, thing)
        _move(thing, when, request)
    except (ValidationError, NotReadyError) as error:
        words = getattr(error, "messages", [str(error)])
        status = 409 if getattr(error, "code", "") == moving.MOVED else 400
        if _wants_json(request):
            return JsonResponse({"problem": " ".join(words)}, status=status)
        return _ask(request, thing, desk, words, status)
    return _done(request, thing, when)


def _thing(request: HttpRequest, article: Article) -> Movable:
    """What is to be moved. ``PermissionDenied`` for those who may not, ``Http404`` for a change that is none."""
    asked = request.POST.get("change") or request.GET.get("change") or ""
    if not asked:
        require(may_ever_move(request.user, article), _("move this article"))
        return Movable(article, moving.planned_moment(article), move=partial(moving.move, article))
    require(may_publish(request.user, article), _("move later changes"))
    change = waiting().filter(article=article.pk, pk=int(asked) if is_id(asked) else 0).first()
    if change is None:
        raise Http404
    return Movable(article, change.due_at, change.pk, partial(later.move_change, change))


def may_ever_move(actor: Actor, article: Article) -> bool:
    """Whether the page opens: a live article opens for publishers, who are told that it cannot move."""
    return knows_newest(actor, article) and (moving.may_move(actor, article) or may_publish(actor, article))


def _wanted(request: HttpRequest, thing: Movable) -> datetime:
    """The moment asked for. Raises ``ValidationError`` in words."""
    if "day" not in request.POST:
        return moments.read(request.POST.get("when", ""))
    day = _day(request.POST["day"])
    if thing.moment is None:
        raise ValidationError(_("It has no time yet: give day and time."))
    return moments.in_site_zone(datetime.combine(day, timezone.localtime(thing.moment).time()))


def _day(text: str) -> date:
    try:
        day = parse_date(text)
    except ValueError:
        day = None
    if day is None:
        raise ValidationError(_("Give a day, such as 2026-11-27."))
    return day


def _move(thing: Movable, when: datetime, request: HttpRequest) -> None:
    typed = request.POST.get("seen", "")
    seen = moments.read(typed) if typed else None
    if thing.move is not None:
        thing.move(when, actor=request.user, seen=seen)


def _done(request: HttpRequest, thing: Movable, when: datetime) -> HttpResponse:
    words = _("“%(article)s” moved to %(when)s.") % {"article": thing.article, "when": moments.in_words(when)}
    back = thing.moment.isoformat() if thing.moment else ""
    if _wants_json(request):
        return JsonResponse({"done": words, "back": back, "seen": when.isoformat(), "change": _change_now(thing)})
    undo = format_html('<a href="{}">{}</a>', _address(thing, back), _("Undo")) if back else ""
    messages.success(request, format_html("{} {}", words, undo))
    day = timezone.localtime(when).date()
    return HttpResponseRedirect(f"{reverse('admin:articles_article_calendar')}?on={day:%Y-%m-%d}")


def _change_now(thing: Movable) -> int:
    """The id of the later change that waits now, as moving one replaces it."""
    found = waiting().filter(article=thing.article.pk).first() if thing.change else None
    return found.pk if found else 0


def _address(thing: Movable, when: str) -> str:
    query = urlencode({"when": when, "change": _change_now(thing) or ""})
    return f"{reverse('admin:articles_article_move', args=[thing.article.pk])}?{query}"


def _ask(
    request: HttpRequest, thing: Movable, desk: Desk, problems: list[str] | None = None, status: int = 200
) -> HttpResponse:
    typed = request.POST.get("when") or request.GET.get("when") or ""
    context = {
        **desk.admin_site.each_context(request),
        "opts": desk.opts,
        "title": _("Move to another time"),
        "thing": thing,
        "seen": thing.moment.isoformat() if thing.moment else "",
        "when": _for_input(typed, thing.moment),
        "note": moments.note(thing.moment),
        "problems": problems or [],
        "zone": timezone.get_current_timezone_name(),
    }
    return TemplateResponse(request, "admin/articles/schedule/move.html", context, status=status)


def _for_input(typed: str, moment: datetime | None) -> str:
    """What stands in the input: what was typed, as far as it is a moment, else the time it has."""
    try:
        moment = moments.read(typed) if typed else moment
    except ValidationError:
        return typed.replace("\0", "")[: moments.MOST_TYPED]
    return f"{timezone.localtime(moment):%Y-%m-%dT%H:%M}" if moment else ""


def _wants_json(request: HttpRequest) -> bool:
    return request.headers.get("Accept", "") == "application/json"
