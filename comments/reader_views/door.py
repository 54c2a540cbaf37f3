"""The door of every private page: no store, no index, no referrer, and one answer to whatever is not let in.

A guessed address, a forged or spent token and a form on somebody else's page
are refused alike: the same statements are run, the same page is shown, and
what was typed is in it, to be sent again by whoever was refused by mistake.
"""

from collections.abc import Callable
from functools import wraps
from typing import Any, Concatenate, ParamSpec, TypeVar

from django.db.models import Model, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.cache import add_never_cache_headers
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from comments import tokens
from comments.plain_text import encodable
from people.origin import Provenance, provenance

P = ParamSpec("P")
M = TypeVar("M", bound=Model)
View = Callable[Concatenate[HttpRequest, P], HttpResponse]

MAX_BODY = 200_000
"""Bytes; twice the longest comment in its longest encoding. More is not read at all."""

REFUSED = 403

WORDS = gettext_lazy(
    "This could not be done: the link is not right or no longer good, or this form was sent already, or it came "
    "from another page. If you pressed a button twice, all is well and there is nothing to do."
)


class NotAdmittedError(Exception):
    """Whoever sent the form is not let in; which of the reasons it was is not told."""


def personal(view: View[P]) -> View[P]:
    """A page for one person: stored nowhere, found by no search engine."""

    @wraps(view)
    def wrapper(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        response = view(request, *args, **kwargs)
        add_never_cache_headers(response)
        response.headers["X-Robots-Tag"] = "noindex"
        return response

    return wrapper


def private(view: View[P]) -> View[P]:
    """A personal page whose address is told to nobody, either."""

    @personal
    @wraps(view)
    def wrapper(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        response = view(request, *args, **kwargs)
        response.headers["Referrer-Policy"] = "no-referrer"
        return response

    return wrapper


def guarded(*kept: str, back: str) -> Callable[[View[P]], View[P]]:
    """For what takes a form on the page ``back``: the fields ``kept`` come back when it is refused."""

    def decorate(view: View[P]) -> View[P]:
        @csrf_exempt
        @private
        @require_POST
        @wraps(view)
        def wrapper(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
            if body_length(request) > MAX_BODY:
                return render(request, "comments/own/too_long.html", status=413)
            try:
                return view(request, *args, **kwargs)
            except (NotAdmittedError, tokens.TokenRefusedError):
                return _refuse(request, kept, reverse(back, kwargs=dict(kwargs)))

        return wrapper

    return decorate


def admit(request: HttpRequest, rows: QuerySet[M]) -> M:
    """The one row a form is about, if its token is ours and unspent and it came from a page of ours.

    Two statements, whatever is wrong. Raises ``NotAdmittedError``.
    """
    row = rows.first()
    token = tokens.unspent(request.POST.get("token", ""))
    if row is None or not _is_ours(request, token):
        raise NotAdmittedError
    return row


def admit_form(request: HttpRequest) -> None:
    """As ``admit``, for a form about no row."""
    if not _is_ours(request, tokens.unspent(request.POST.get("token", ""))):
        raise NotAdmittedError


def fresh_token() -> str:
    """For a form on one of these uncached pages."""
    return tokens.issue(tokens.Origin.PREVIEW)


def client(request: HttpRequest) -> str:
    """The address of whoever asks."""
    return str(request.META.get("REMOTE_ADDR", ""))


def body_length(request: HttpRequest) -> int:
    """Bytes, as the request says itself; 0 where it says nothing that is a number."""
    try:
        return int(request.META.get("CONTENT_LENGTH") or 0)
    except ValueError:
        return 0


def wants_json(request: HttpRequest) -> bool:
    """Whether a script of ours asks."""
    return request.get_preferred_type(["text/html", "application/json"]) == "application/json"


def see_other(name: str, *args: Any, said: str = "") -> HttpResponse:
    """To a page, by GET; ``said`` names what it shall say was done."""
    query = f"?said={said}" if said else ""
    return HttpResponseRedirect(reverse(name, args=args) + query, status=303)


def _is_ours(request: HttpRequest, token: tokens.Token | None) -> bool:
    source = provenance(request)
    if token is None or source is Provenance.FOREIGN:
        return False
    return source is Provenance.OURS or token.origin is tokens.Origin.PREVIEW


def _refuse(request: HttpRequest, kept: tuple[str, ...], back: str) -> HttpResponse:
    if wants_json(request):
        return JsonResponse({"message": str(WORDS), "token": fresh_token()}, status=REFUSED)
    typed = {name: encodable(request.POST.get(name, "")) for name in kept}
    context = {
        "words": WORDS,
        "text": typed.pop("text", ""),
        "typed": typed,
        "path": request.path,
        "back": back,
        "token": fresh_token(),
        "label": _("Your text"),
    }
    return render(request, "comments/own/refused.html", context, status=REFUSED)
