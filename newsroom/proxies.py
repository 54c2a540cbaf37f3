"""Which address, scheme and host a request really came with."""

import contextlib
import ipaddress
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse

FORWARDED = ("HTTP_X_FORWARDED_FOR", "HTTP_X_FORWARDED_PROTO", "HTTP_X_FORWARDED_HOST", "HTTP_FORWARDED")


class TrustedProxies:
    """Believes ``X-Forwarded-*`` only when it was set by a proxy of ours.

    ``TRUSTED_PROXIES`` names the networks of our proxies and
    ``TRUSTED_PROXY_HOPS`` how many of them stand in a row. The client is the
    entry that many places from the right; anything further left was written by
    the client itself. From everyone else the headers are removed.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        settle(request.META)
        return self.get_response(request)


def settle(meta: dict[str, Any]) -> None:
    """Write into a request's environment what is believed of it, and take out what is not."""
    forwarded = {name: meta.pop(name) for name in FORWARDED if name in meta}
    if forwarded and _is_trusted(str(meta.get("REMOTE_ADDR", ""))):
        _apply(meta, forwarded)


def _is_trusted(address: str) -> bool:
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return False
    if isinstance(parsed, ipaddress.IPv6Address) and parsed.ipv4_mapped:
        parsed = parsed.ipv4_mapped  # a server that listens on both sees IPv4 like this
    return any(parsed in network for network in settings.TRUSTED_PROXIES)


def _apply(meta: dict[str, Any], forwarded: dict[str, str]) -> None:
    hops = [hop.strip() for hop in forwarded.get("HTTP_X_FORWARDED_FOR", "").split(",") if hop.strip()]
    if len(hops) >= settings.TRUSTED_PROXY_HOPS:
        client = hops[-settings.TRUSTED_PROXY_HOPS]
        with contextlib.suppress(ValueError):
            meta["REMOTE_ADDR"] = str(ipaddress.ip_address(client))
    scheme = forwarded.get("HTTP_X_FORWARDED_PROTO", "").strip().lower()
    if scheme in {"http", "https"}:
        meta["wsgi.url_scheme"] = scheme
    host = forwarded.get("HTTP_X_FORWARDED_HOST", "").strip()
    if host:
        meta["HTTP_HOST"] = host
