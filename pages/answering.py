"""Which addresses have a page, and where those lead that have none."""

from collections.abc import Callable
from functools import wraps
from typing import Any, Concatenate, ParamSpec

from django.http import Http404, HttpRequest, HttpResponse, HttpResponsePermanentRedirect
from django.shortcuts import render
from django.urls import Resolver404, resolve
from django.utils.http import escape_leading_slashes
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_safe

from articles import redirects
from articles.models import Article, Section, Series, Tag
from articles.short_addresses import led_once
from pagecache.reading import ASKED, depends_on, reader_page
from pages.models import StaticPage
from people.models import Author

P = ParamSpec("P")

REDIRECT_SECONDS = 3600
"""A moved address may be remembered this long: a slug can change back."""

ELSEWHERE = "pages:elsewhere"


def answers(path: str) -> bool:
    """Whether a page stands at ``path`` now, or stood there and says that it is gone."""
    try:
        found = resolve(path)
    except Resolver404:
        return False
    slug = found.kwargs.get("slug", "")
    match found.view_name:
        case "pages:elsewhere":
            return False
        case "pages:article":
            story = Article.objects.filter(pk=int(found.kwargs["pk"])).first()
            return story is not None and story.once_public()
        case "pages:first_level":
            return any(rows.filter(slug=slug).exists() for rows in (Section.objects, StaticPage.objects))
        case "pages:tag" | "pages:author" | "pages:series":
            model: Any = {"pages:tag": Tag, "pages:author": Author, "pages:series": Series}[found.view_name]
            return bool(model._base_manager.filter(slug=slug).exists())
    return True


def moved(request: HttpRequest, address: str) -> HttpResponse:
    """301 to another address of ours, with what was asked for; remembered for an hour."""
    query = request.META.get(ASKED, request.META.get("QUERY_STRING", ""))
    return _remembered(address + (f"?{query}" if query else ""))


def _remembered(address: str) -> HttpResponse:
    response = HttpResponsePermanentRedirect(address)
    response.headers["Cache-Control"] = f"public, max-age={REDIRECT_SECONDS}"
    return response


def gone(request: HttpRequest) -> HttpResponse:
    """410, the same bytes for everything that is gone."""
    return render(request, "errors/410.html", status=410)


def short_addresses(view: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """Lead on whoever comes with a story's short address; outside of ``reader_page``, which sees no such query."""

    @wraps(view)
    def wrapper(request: HttpRequest, /) -> HttpResponse:
        address = led_once(request.META)
        return _remembered(address) if address is not None else view(request)

    return wrapper


def or_elsewhere(
    view: Callable[Concatenate[HttpRequest, P], HttpResponse],
) -> Callable[Concatenate[HttpRequest, P], HttpResponse]:
    """Where the view finds nothing, ask whether the address leads elsewhere; innermost, inside ``reader_page``."""

    @wraps(view)
    def wrapper(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        try:
            return view(request, *args, **kwargs)
        except Http404:
            found = _led(request)
            if found is None:
                raise
            return found

    return wrapper


@csrf_exempt
@require_safe
@reader_page()
def elsewhere(request: HttpRequest, path: str) -> HttpResponse:
    """Every address no other page has: it leads elsewhere, lacks its last slash, or is unknown."""
    found = _led(request)
    if found is not None:
        return found
    if not request.path.endswith("/") and _is_known(f"{request.path}/"):
        return moved(request, escape_leading_slashes(f"{request.path}/"))
    raise Http404


def _led(request: HttpRequest) -> HttpResponse | None:
    if request.path.split("/")[1].casefold() in redirects.OURS:
        return None  # no redirect is ever kept for these
    depends_on(f"redirect:{request.path[: redirects.MAX_PATH]}")
    row = redirects.find(request.path)
    address = redirects.destination(row) if row is not None else None
    if address is None or not _shows(address):
        return None
    return moved(request, address) if address else gone(request)


def _shows(address: str) -> bool:
    """Whether readers find something there: nothing tells that only drafts wait on a topic's or a series' page."""
    try:
        found = resolve(address)
    except Resolver404:
        return True
    public = Article.objects.public()
    match found.view_name:
        case "pages:tag":
            topic = Tag.objects.filter(slug=found.kwargs["slug"])
            return topic.exclude(description="").exists() or public.filter(tagged__tag__in=topic).exists()
        case "pages:series":
            return public.filter(series_entry__series__slug=found.kwargs["slug"]).exists()
    return True


def _is_known(path: str) -> bool:
    try:
        return resolve(path).view_name != ELSEWHERE
    except Resolver404:
        return False
