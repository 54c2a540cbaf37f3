"""Which addresses of the network our own requests may go to: the public ones, as they resolve, once."""

import ipaddress
import socket
import threading
from typing import Any
from urllib.parse import SplitResult, urlsplit

from django.conf import settings
from django.utils.translation import gettext as _

Address = ipaddress.IPv4Address | ipaddress.IPv6Address

LONGEST_URL = 2000
"""Characters; what browsers and servers agree on."""

USUAL_PORTS = frozenset({80, 443})
FIRST_FREE_PORT = 1024
"""Ports below it other than the two of the web belong to mail, files and remote shells."""

TRANSLATED = ipaddress.IPv6Network("64:ff9b::/96")
"""IPv6 addresses that a gateway turns into the IPv4 address in their last four bytes (RFC 6052)."""

NEVER_PUBLIC = tuple(map(ipaddress.ip_network, ("192.0.0.0/24", "64:ff9b:1::/48", "fec0::/10", "5f00::/16")))
"""Networks of special purpose (IANA) that not every version of Python counts as such."""


class FetchRefused(Exception):  # noqa: N818 - it says what happened, as ``PermissionDenied`` does
    """Why nothing was fetched, in the words of the site's language."""


def checked(url: str) -> SplitResult:
    """The parts of an address of the web that may be asked for. Raises ``FetchRefused``."""
    if len(url) > LONGEST_URL or any(character <= " " or character in "\\\x7f" for character in url):
        raise FetchRefused(_("The address is too long, or holds blanks or control characters."))
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        raise FetchRefused(_("This is not an address of the web.")) from None
    if parts.scheme.lower() not in {"http", "https"} or not parts.hostname:
        raise FetchRefused(_("Only addresses that begin with https:// or http:// are fetched."))
    if "@" in parts.netloc:
        raise FetchRefused(_("The address holds a name or a password; such addresses are not fetched."))
    if port is not None and port not in USUAL_PORTS and port < FIRST_FREE_PORT:
        raise FetchRefused(_("Port %(port)d does not belong to the web.") % {"port": port})
    return parts


def public_addresses(host: str, port: int, *, seconds: float) -> list[Any]:
    """What ``host`` resolves to, once, as ``socket.getaddrinfo`` gives it.

    Raises ``FetchRefused`` unless every address is public.
    """
    found = _resolved(host, port, seconds)
    for _family, _kind, _protocol, _name, place in found:
        if not may_reach(str(place[0])):
            raise FetchRefused(
                _("%(host)s leads to %(address)s, which is not a public address.") % {"host": host, "address": place[0]}
            )
    return found


def may_reach(address: str) -> bool:
    """Whether it is a public address, or one that the setting ``FETCH_ALLOWED_PRIVATE`` names."""
    try:
        meant = _meant(ipaddress.ip_address(address.partition("%")[0]))
    except ValueError:
        return False
    allowed = any(meant in network for network in settings.FETCH_ALLOWED_PRIVATE)
    special = meant.is_multicast or meant.is_reserved or any(meant in network for network in NEVER_PUBLIC)
    return allowed or (meant.is_global and not special)


def _meant(address: Address) -> Address:
    """The IPv4 address that an IPv6 address carries in itself, where it does; otherwise the address."""
    if isinstance(address, ipaddress.IPv4Address):
        return address
    if address in TRANSLATED:
        return ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)
    tunnelled = address.teredo[1] if address.teredo else None
    return address.ipv4_mapped or address.sixtofour or tunnelled or address


def _resolved(host: str, port: int, seconds: float) -> list[Any]:
    """The system's answer, waited for no longer than ``seconds``: the call itself knows no limit."""
    found: list[Any] = []

    def ask() -> None:
        try:
            found.extend(socket.getaddrinfo(host, port, type=socket.SOCK_STREAM))
        except (OSError, UnicodeError):
            found.clear()

    asking = threading.Thread(target=ask, daemon=True)
    asking.start()
    asking.join(max(seconds, 0))
    if asking.is_alive() or not found:
        raise FetchRefused(_("No address was found for %(host)s.") % {"host": host})
    return list(found)
