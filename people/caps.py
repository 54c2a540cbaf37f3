"""How much of what one part of the network sends is counted.

A block of addresses (IPv4 /24, IPv6 /64) is remembered for a day at most, in
the cache alone, as a keyed hash under a random salt that lives as long: nobody
can tell from what is stored who read what. Without a shared cache each process
keeps its own caps. A cache that does not answer counts nothing, since then no
cap would hold.
"""

import hashlib
import hmac
import ipaddress
import logging
import secrets

from django.core.cache import cache
from django.utils import timezone

BEACONS_AN_HOUR = 600
"""Of one block: some two hundred page views, an office full of readers."""

MOST_A_DAY = {"shown": 5, "clicked": 2, "read": 5, "offer": 3}
"""Of one block, for one article beside another; reads of one article; one offer chosen beside an article."""

HOUR, DAY = 3600, 86_400

logger = logging.getLogger("people.caps")


def block_of(address: str) -> str:
    """The network an address counts as; all that have none count as one."""
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return ""
    if isinstance(parsed, ipaddress.IPv6Address) and parsed.ipv4_mapped:
        parsed = parsed.ipv4_mapped
    return str(ipaddress.ip_network((parsed, 24 if parsed.version == 4 else 64), strict=False))  # noqa: PLR2004


def admits_beacon(address: str) -> bool:
    """Whether one more beacon of this address is looked at; it counts as looked at."""
    return _admits(f"hour {timezone.now():%H} {block_of(address)}", BEACONS_AN_HOUR, HOUR)


def admits(address: str, kind: str, page: int, target: int = 0) -> bool:
    """Whether one more of this kind is counted for this address today; it counts as counted."""
    return _admits(f"{kind} {page} {target} {block_of(address)}", MOST_A_DAY[kind], DAY)


def _admits(what: str, most: int, seconds: int) -> bool:
    try:
        return _next(_key(what), seconds) <= most
    except Exception as error:  # noqa: BLE001 - each kind of cache has errors of its own
        logger.warning("nothing is counted while the cache does not answer: %s", error)
        return False


def _key(what: str) -> str:
    today = timezone.localdate().isoformat()
    salt = cache.get_or_set(f"seen:salt:{today}", lambda: secrets.token_hex(32), DAY)
    digest = hmac.new(str(salt).encode(), f"{today} {what}".encode(), hashlib.sha256)
    return f"seen:{digest.hexdigest()}"


def _next(key: str, seconds: int) -> int:
    """Count under ``key`` and return the number this one got."""
    try:
        return cache.incr(key)
    except ValueError:  # nobody before
        return 1 if cache.add(key, 1, seconds) else cache.incr(key)
