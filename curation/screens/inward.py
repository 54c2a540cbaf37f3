"""The inward view: where an article stands, and what follows in each list if it is pulled."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.contrib.admin import AdminSite
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from articles.models import Article
from articles.permissions import Actor
from curation.campaigns import Reach
from curation.inward import MOST_SHOWN, Inward, OnPage, Standing, inward
from curation.models import Campaign, Pick
from curation.pinned import MOST_COUNTED, Reached
from curation.related import FILL, PICK, PIN
from curation.screens.addresses import article_form, article_or_404, desk_of, may_look, record_of
from curation.screens.moments import ends_in, moment, span, starts_in
from curation.screens.names import Names
from curation.signals import article_figures


@dataclass(frozen=True)
class Line:
    """One list that shows the article: what it is called, where its desk is, which place, and what follows."""

    words: str
    url: str
    place: str = ""
    follows: str = ""


@require_safe
def inward_view(request: HttpRequest, pk: int, *, site: AdminSite) -> HttpResponse:
    """GET: the page about one article."""
    if not may_look(request.user):
        raise PermissionDenied
    article = article_or_404(request.user, pk)
    found = inward(article)
    context = {
        **site.each_context(request),
        "title": _("Where it stands"),
        "article": article,
        "form_url": article_form(article.pk),
        "desk_url": desk_of(article.pk),
        "record_url": record_of(article.pk),
        "summary": summary(article, found),
        "readers": list(article_figures(article.pk).values()),
        **parts(found, request.user),
    }
    return TemplateResponse(request, "admin/curation/inward.html", context)


def parts(found: Inward, actor: Actor) -> dict[str, Any]:
    """The lists in words, for the page and for whoever is about to take the article down."""
    shown = found.standings[:MOST_SHOWN]
    names = Names(actor, [pk for one in shown for pk in (one.page, one.successor) if pk is not None])
    return {
        "picked": [_line(one, names) for one in shown if one.origin == PICK],
        "pinned": [_line(one, names) for one in shown if one.origin == PIN],
        "filled": [_line(one, names) for one in shown if one.origin == FILL],
        "pages": [_page_line(one) for one in found.pages],
        "campaigns": [_campaign_line(row, found.reached.get(row.pk)) for row in found.campaigns],
        "waiting": [_waiting_line(row) for row in found.waiting[:MOST_SHOWN]],
        "not_shown": len(found.by_pick) + found.pinned + len(found.by_engine) - len(shown),
    }


def summary(article: Article, found: Inward) -> str:
    """One sentence: in how many lists, by whom."""
    if not article.is_public():
        return _("Readers cannot see it at present, so it stands in no list.")
    told = {"picked": len(found.by_pick), "pinned": found.pinned, "filled": len(found.by_engine)}
    count = sum(told.values())
    if not count:
        return _("It stands in no list “Articles You May Like” at present.")
    if found.pinned:
        words = ngettext(
            "It stands in %(count)d list: %(picked)d by pick, %(pinned)d by campaign, %(filled)d by the engine.",
            "It stands in %(count)d lists: %(picked)d by pick, %(pinned)d by campaign, %(filled)d by the engine.",
            count,
        )
    else:
        words = ngettext(
            "It stands in %(count)d list: %(picked)d by pick, %(filled)d by the engine.",
            "It stands in %(count)d lists: %(picked)d by pick, %(filled)d by the engine.",
            count,
        )
    return " ".join([words % {**told, "count": count}, *_left_out(found)])


def _left_out(found: Inward) -> Iterator[str]:
    """What the figures leave out, in words."""
    if found.is_more:
        yield _("Campaigns reach more lists than the newest %(most)d that were looked at.") % {"most": MOST_COUNTED}
    if found.left_out:
        told = {"examined": found.examined, "estimate": max(found.estimate or 0, len(found.standings))}
        words = _(
            "These are the first %(examined)d lists that were looked at; the last count found about %(estimate)d."
        )
        yield words % told


def _line(one: Standing, names: Names) -> Line:
    follows = _("the list becomes shorter") if one.successor is None else names[one.successor]
    return Line(names[one.page], desk_of(one.page), _("place %(place)d") % {"place": one.place}, follows)


def _page_line(one: OnPage) -> Line:
    words = _("Section page: %(section)s") % {"section": one.section} if one.section else _("Front page")
    url = desk_of(section_id=one.section.pk if one.section else None)
    if not one.place:
        return Line(words, url, _("picked, but not shown there now"), _("nothing changes"))
    where = _("place %(place)d, by pick") if one.picked else _("place %(place)d, by itself")
    return Line(words, url, where % {"place": one.place}, _("what follows moves up"))


def _campaign_line(row: Campaign, reached: Reached | None) -> Line:
    """Which place, since or from when and until when, and in how many lists it stands now."""
    now = timezone.now()
    words = _("Place %(slot)d beside %(reach)s") % {"slot": row.slot, "reach": Reach.of(row)}
    url = reverse("admin:curation_campaign_change", args=[row.pk])
    if reached is None:
        return Line(words, url, f"{starts_in(row.starts, now)} · {span(row.starts, row.ends)}", _("it does not begin"))
    when = _("%(ends)s · until %(moment)s") % {"ends": ends_in(row.ends, now), "moment": moment(row.ends)}
    return Line(words, url, f"{lists_in_words(reached)} · {when}", _("the next suggestion joins each list"))


def lists_in_words(reached: Reached) -> str:
    """In how many lists a campaign stands."""
    number = len(reached.pages)
    if reached.is_more:
        return _("in %(count)d lists at least") % {"count": number}
    return ngettext("in %(count)d list", "in %(count)d lists", number) % {"count": number}


def _waiting_line(row: Pick) -> Line:
    article: Any = row.article
    until = row.until
    if not article.is_public():
        why = _("that article is not public")
    elif until is not None and until <= timezone.now():
        why = _("its time has passed")
    else:
        why = _("it is not shown at present")
    return Line(str(article), desk_of(article.pk), why)
