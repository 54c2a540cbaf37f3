"""What the desk answers: parts of its page as JSON for the module, whole pages for everybody else."""

from collections.abc import Mapping
from typing import Any

from django.contrib import admin, messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.template.defaultfilters import date as format_date
from django.template.loader import render_to_string
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from articles.editor_words import editor_words
from articles.known import knows_all
from articles.models import Article, Section
from articles.permissions import Actor
from curation.desk.acting import ACTIONS, Done
from curation.desk.addresses import address_if_there, address_of, kind_of
from curation.desk.finding import Found, found_for
from curation.desk.showing import Desk, desk_of, state_of
from curation.models import CuratedList, Pick
from curation.places import Place
from curation.undo import undoable
from pagecache.admin import is_id

__all__ = ["colleague", "done", "fresh", "page", "refused", "results", "state_of", "wants_json"]

PARTS = ("bar", "list", "next")


def wants_json(request: HttpRequest) -> bool:
    """Whether the module asks."""
    return "application/json" in request.headers.get("Accept", "")


def page(
    request: HttpRequest, place: Place, *, problem: str = "", typed: Mapping[str, str] | None = None, status: int = 200
) -> HttpResponse:
    """The whole page; with ``problem``, what was ``typed`` still stands in its fields."""
    desk = desk_of(place, request.user)
    undo = request.GET.get("undo", "")
    context = {
        **admin.site.each_context(request),
        **context_of(request, desk, typed or {}),
        "title": _("Articles You May Like") if isinstance(place, Article) else _("What stands on top"),
        "subtitle": str(place),
        "found": found_for(desk, request.GET.get("q", ""), request.user),
        "problem": problem,
        "undo": undo if is_id(undo) and undoable(place, int(undo), actor=request.user) else "",
        "sections": Section.objects.all() if not isinstance(place, Article) else (),
        "is_page": True,
    }
    return TemplateResponse(request, "admin/curation/desk.html", context, status=status)


def context_of(request: HttpRequest, desk: Desk, typed: Mapping[str, str]) -> dict[str, Any]:
    """What every template of the desk needs."""
    place = desk.place
    for row in desk.rows:
        if row.pick:
            row.fields = fields_of(row.pick, typed)
    return {
        "desk": desk,
        "is_article": isinstance(place, Article),
        "kind": kind_of(place),
        "address": address_of(place),
        "addresses": {noun: address_of(place, noun) for noun in [*ACTIONS, "found"]},
        "links": _links(place, request.user),
        "typed": typed,
        "chooser": _chooser(),
        "user": request.user,
    }


def fresh(request: HttpRequest, place: Place, *, changed_by: str = "", **told: Any) -> dict[str, Any]:
    """The list as it stands, in parts; with the name of a colleague who changed it meanwhile."""
    desk = desk_of(place, request.user)
    context = context_of(request, desk, {})
    shown = ("whole",) if "whole" in request.GET else PARTS
    parts = {part: render_to_string(f"admin/curation/_{part}.html", context, request) for part in shown}
    if changed_by:
        told["notice"] = _("%(who)s changed this list; you see both.") % {"who": changed_by}
    return {"state": desk.state, "parts": parts, **told}


def results(request: HttpRequest, place: Place) -> dict[str, Any]:
    """What a search finds, as the part that shows it."""
    desk = desk_of(place, request.user)
    found: Found = found_for(desk, request.GET.get("q", ""), request.user)
    context = {**context_of(request, desk, {}), "found": found}
    return {"parts": {"found": render_to_string("admin/curation/_found.html", context, request)}}


def done(request: HttpRequest, place: Place, outcome: Done, before: CuratedList | None) -> HttpResponse:
    """What happened, and the list as it stands now; nothing where the module asked for nothing."""
    if "quiet" in request.POST:
        return HttpResponse(status=204)
    if wants_json(request):
        moved = request.POST.get("state", "") not in {"", state_of(before)}
        changed_by = colleague(before, request) if moved else ""
        told = {"said": outcome.said, "undo": outcome.entry}
        return JsonResponse(fresh(request, place, changed_by=changed_by, **told))
    messages.success(request, outcome.said)
    return HttpResponseRedirect(address_of(place) + (f"?undo={outcome.entry}" if outcome.entry else ""))


def refused(request: HttpRequest, place: Place, problem: str, status: int) -> HttpResponse:
    """Why not, in words; the list as it stands now, and what was typed."""
    if wants_json(request):
        return JsonResponse(fresh(request, place, problem=problem), status=status)
    return page(request, place, problem=problem, typed=request.POST.dict(), status=status)


def colleague(row: CuratedList | None, request: HttpRequest) -> str:
    """Who changed the list last, unless it was whoever asks."""
    if row is None or row.changed_by is None or row.changed_by == request.user:
        return ""
    return str(row.changed_by)


def fields_of(pick: Pick, typed: Mapping[str, str]) -> dict[str, str]:
    """What stands in the fields of a pick's details: what was typed, else what is stored."""
    stored = {
        "until": format_date(timezone.localtime(pick.until), "Y-m-d\\TH:i") if pick.until else "",
        "note": pick.note,
        "headline": pick.headline,
        "picture": str(pick.picture_id or ""),
    }
    return {name: typed.get(f"{name}-{pick.target_id}", value) for name, value in stored.items()}


def _chooser() -> dict[str, Any]:
    """What the library's chooser needs, as in the story's editor."""
    addresses = {
        "pictures": reverse("admin:articles_editor_pictures"),
        "upload": reverse("admin:images_image_add"),
    }
    return {**addresses, "words": editor_words()}


def _links(place: Place, actor: Actor) -> dict[str, str]:
    """Where to go from here; screens that name any article only for who knows all."""
    if not isinstance(place, Article):
        return {"site": place.get_absolute_url() if isinstance(place, Section) else "/"}
    links = {
        "site": place.get_absolute_url() if place.is_public() else "",
        "story": address_if_there("admin:articles_article_change", place.pk),
    }
    if knows_all(actor):
        links["inward"] = address_if_there("admin:curation_inward", place.pk)
        links["record"] = address_if_there("admin:curation_record", place.pk)
        links["exclusions"] = address_if_there("admin:curation_exclusion_changelist")
        links["apart"] = address_if_there("admin:curation_keptapart_changelist")
    return links
