"""What did the box show then: the list at an instant, and everything that was done to it."""

from dataclasses import dataclass
from datetime import datetime, time
from typing import Any

from django.contrib.admin import AdminSite
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.dateparse import parse_date, parse_datetime
from django.utils.timezone import get_current_timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from articles.models import Article
from curation import history
from curation.audit_words import LIST_VERBS, ids_in, in_words
from curation.history import Then
from curation.related import FILL, PICK
from curation.screens.addresses import article_form, article_or_404, desk_of, inward_of, may_look
from curation.screens.moments import moment
from curation.screens.names import Names
from outbox.models import AuditEntry
from pagecache.admin import is_id

PER_PAGE = 30
LAST_PAGE = 200

NOON = time(12)
"""Who names only a day means its middle."""

FORMAT = "%Y-%m-%dT%H:%M"
"""As the browser's field for a date and a time writes it."""


@dataclass(frozen=True)
class Line:
    """One place of the list then."""

    headline: str
    url: str
    origin: str
    words: str


@dataclass(frozen=True)
class Deed:
    """One entry of the trail."""

    when: datetime
    words: str


@require_safe
def record_view(request: HttpRequest, pk: int, *, site: AdminSite) -> HttpResponse:
    """GET ``at`` (date and time in the site's zone) and ``p`` (page of the trail)."""
    if not may_look(request.user):
        raise PermissionDenied
    article = article_or_404(request.user, pk)
    typed = request.GET.get("at", "")
    asked, problem = read_moment(typed)
    page = request.GET.get("p", "")
    number = min(max(int(page), 1), LAST_PAGE) if is_id(page) else 1
    context = {
        **site.each_context(request),
        "title": _("What the list showed"),
        "article": article,
        "links": (article_form(article.pk), desk_of(article.pk), inward_of(article.pk)),
        "typed": typed if problem else timezone.localtime(asked).strftime(FORMAT),
        "problem": problem,
        "page": number,
        **_answer(request, article, asked, number, problem),
    }
    return TemplateResponse(request, "admin/curation/record.html", context, status=400 if problem else 200)


def read_moment(typed: str) -> tuple[datetime, str]:
    """The instant somebody typed, and what is wrong with it; without a word it is now."""
    now = timezone.now()
    if not typed:
        return now, ""
    try:
        day = parse_date(typed)
        read = datetime.combine(day, NOON) if day else parse_datetime(typed)
        if read is not None and read.tzinfo is None:
            read = read.replace(tzinfo=get_current_timezone())
        if read is not None:
            read.astimezone(timezone.get_default_timezone())
    except (ValueError, OverflowError):
        read = None
    if read is None:
        return now, _("That is no date and time. Write it like 2026-03-02T14:30.")
    if read > now:
        return now, _("That lies in the future; lists are kept once readers have seen them.")
    return read, ""


def _answer(request: HttpRequest, article: Article, asked: datetime, page: int, problem: str) -> dict[str, Any]:
    then = history.at(article, asked)
    start = (page - 1) * PER_PAGE
    trail = AuditEntry.objects.filter(object_type=Article._meta.label_lower, object_id=str(article.pk))
    entries = list(trail.filter(verb__in=LIST_VERBS).order_by("-at", "-id")[start : start + PER_PAGE + 1])
    names = Names(request.user, {one.target for one in then.shown} | ids_in(entries))
    first = history.first_record(article) if then.since is None else None
    return {
        "then": then,
        "lines": [] if problem else [_line(one, names) for one in then.shown],
        "asked": moment(asked),
        "answer": "" if problem else _said(then, first),
        "caveat": _caveat(then),
        "trail": [Deed(entry.at, in_words(entry, names)) for entry in entries[:PER_PAGE]],
        "has_next": len(entries) > PER_PAGE and page < LAST_PAGE,
    }


def _said(then: Then, first: datetime | None) -> str:
    if then.since is None and first is None:
        return _("Nothing was kept about this list yet: a list is kept as soon as something stands in it.")
    if then.since is None and first is not None:
        return _("Nothing was kept before %(first)s.") % {"first": moment(first)}
    if then.off:
        return _("The list was switched off.")
    return "" if then.shown else _("The list was empty.")


def _caveat(then: Then) -> str:
    """How sure it is which campaigns reached the article, in words."""
    if then.words is None:
        return ""
    if not then.words.is_known:
        return _(
            "Section and tags, which decide about campaigns, are taken as they are now: no earlier ones were kept."
        )
    if not then.words.lost:
        return _("Section and tags, which decide about campaigns, are those the article had then.")
    return _(
        "Section and tags, which decide about campaigns, are those the article had then; but no tag is called"
        " %(names)s any more, so a campaign for it is missing here."
    ) % {"names": ", ".join(_("“%(text)s”") % {"text": name} for name in then.words.lost)}


def _line(one: history.Shown, names: Names) -> Line:
    words = {PICK: _("picked"), FILL: _("suggested")}.get(one.origin, _("by campaign"))
    if one.campaign is not None:
        who = one.campaign.made_by or _("somebody who has left")
        words = _("by campaign of %(who)s, until %(ends)s") % {"who": who, "ends": moment(one.campaign.ends)}
    url = article_form(one.target) if one.target in names else ""
    return Line(names[one.target], url, one.origin, words)
