"""The page that Prometheus asks."""

import ipaddress
from collections.abc import Iterable

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.crypto import constant_time_compare
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from newsroom.metrics import counting, standing
from newsroom.metrics.text import CONTENT_TYPE, exposition


@never_cache
@require_safe
def metrics(request: HttpRequest) -> HttpResponse:
    """All figures as text, for whoever has the token or is in an allowed network; nothing here while neither is set."""
    if not counting.is_on():
        raise Http404
    if not (_has_token(request) or _is_near(request)):
        return HttpResponse("Not for you: see METRICS_TOKEN and METRICS_NETWORKS.\n", CONTENT_TYPE, 403)
    text = exposition(counting.desk.gather(), standing.standing(), counting.ABOUT | standing.ABOUT)
    return HttpResponse(text, CONTENT_TYPE)


def _has_token(request: HttpRequest) -> bool:
    sent = request.headers.get("Authorization", "").removeprefix("Bearer ")
    return bool(settings.METRICS_TOKEN) and constant_time_compare(sent, settings.METRICS_TOKEN)


def _is_near(request: HttpRequest) -> bool:
    networks: Iterable[ipaddress.IPv4Network | ipaddress.IPv6Network] = settings.METRICS_NETWORKS
    try:
        address = ipaddress.ip_address(request.META.get("REMOTE_ADDR", ""))
    except ValueError:
        return False
    if isinstance(address, ipaddress.IPv6Address) and address.ipv4_mapped:
        address = address.ipv4_mapped
    return any(address in network for network in networks)
