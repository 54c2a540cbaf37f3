"""Behind proxies: whose word is believed about the client's address, scheme and host."""

import ipaddress
from typing import Any

import pytest
from django.http import HttpRequest, HttpResponse
from django.test import RequestFactory

from newsroom.proxies import TrustedProxies

CLIENT = "203.0.113.9"


def seen(settings: Any, *, peer: str, trusted: str = "10.0.0.0/8,2001:db8::/32", hops: int = 1, **headers: Any) -> Any:
    """The request as the views see it."""
    settings.TRUSTED_PROXIES = [ipaddress.ip_network(network) for network in trusted.split(",") if network]
    settings.TRUSTED_PROXY_HOPS = hops
    settings.ALLOWED_HOSTS = ["*"]
    requests: list[HttpRequest] = []

    def view(request: HttpRequest) -> HttpResponse:
        requests.append(request)
        return HttpResponse()

    TrustedProxies(view)(RequestFactory().get("/", REMOTE_ADDR=peer, **headers))
    return requests[0]


FORWARDED: dict[str, Any] = {
    "HTTP_X_FORWARDED_FOR": CLIENT,
    "HTTP_X_FORWARDED_PROTO": "https",
    "HTTP_X_FORWARDED_HOST": "news.example.org",
}


@pytest.mark.parametrize("peer", ["10.1.2.3", "2001:db8::1", "::ffff:10.1.2.3"])
def test_a_proxy_of_ours_is_believed(settings: Any, peer: str) -> None:
    request = seen(settings, peer=peer, **FORWARDED)
    assert request.META["REMOTE_ADDR"] == CLIENT
    assert request.is_secure()
    assert request.get_host() == "news.example.org"


@pytest.mark.parametrize(("peer", "trusted"), [("198.51.100.7", "10.0.0.0/8"), ("10.1.2.3", ""), ("", "10.0.0.0/8")])
def test_nobody_else_is_believed_and_their_headers_are_removed(settings: Any, peer: str, trusted: str) -> None:
    request = seen(settings, peer=peer, trusted=trusted, **FORWARDED, HTTP_FORWARDED="for=1.2.3.4")
    assert request.META["REMOTE_ADDR"] == peer
    assert not request.is_secure()
    assert request.get_host() == "testserver"
    assert not [name for name in request.META if "FORWARDED" in name]


@pytest.mark.parametrize(
    ("hops", "chain", "client"),
    [
        (1, f"1.1.1.1, {CLIENT}", CLIENT),
        (2, f"1.1.1.1, {CLIENT}, 10.0.0.2", CLIENT),
        (2, CLIENT, "10.1.2.3"),
        (1, "", "10.1.2.3"),
        (1, "not an address", "10.1.2.3"),
        (1, "1.1.1.1, <script>", "10.1.2.3"),
        (1, "2001:0db8:0:0::5", "2001:db8::5"),
    ],
)
def test_the_client_stands_as_far_from_the_right_as_there_are_proxies(
    settings: Any, hops: int, chain: str, client: str
) -> None:
    request = seen(settings, peer="10.1.2.3", hops=hops, HTTP_X_FORWARDED_FOR=chain)
    assert request.META["REMOTE_ADDR"] == client


@pytest.mark.parametrize(("said", "secure"), [("HTTPS", True), ("http", False), ("javascript", False), ("", False)])
def test_the_scheme_is_taken_only_when_it_is_one(settings: Any, said: str, secure: bool) -> None:
    assert seen(settings, peer="10.1.2.3", HTTP_X_FORWARDED_PROTO=said).is_secure() is secure
