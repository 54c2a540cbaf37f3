"""Where a reader's page tells what was seen. No cookie, no session, no answer beyond a number."""

from django.http import HttpRequest, HttpResponse, UnreadablePostError
from django.utils.cache import add_never_cache_headers
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from curation import beacons
from curation.counting import count
from people import visitors
from people.origin import Provenance, provenance

FORM = "application/x-www-form-urlencoded"

DIGITS = 8
"""Of a length worth reading as a number."""


@csrf_exempt
@require_POST
def seen(request: HttpRequest) -> HttpResponse:
    """Count a beacon: 204. What our own script would not send from one of our own pages gets a 4xx."""
    response = HttpResponse(status=_answer(request))
    add_never_cache_headers(response)
    return response


def _answer(request: HttpRequest) -> int:
    if provenance(request) is not Provenance.OURS:
        return 403
    try:
        beacon = beacons.parse(_body(request))
        if visitors.counts(request):
            count(beacon, address=str(request.META.get("REMOTE_ADDR", "")))
    except beacons.RefusedError as refusal:
        return refusal.status
    return 204


def _body(request: HttpRequest) -> bytes:
    if request.content_type != FORM:
        raise beacons.RefusedError(415)
    length = request.headers.get("Content-Length") or "0"
    if not length.isdecimal():
        raise beacons.RefusedError(400)
    if len(length) > DIGITS or int(length) > beacons.MAX_BODY:
        raise beacons.RefusedError(413)
    try:
        return request.body
    except UnreadablePostError as error:  # they hung up
        raise beacons.RefusedError(400) from error
