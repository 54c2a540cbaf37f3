"""Network addresses of visitors, as we count them."""

import ipaddress


def address_block(address: str) -> str:
    """The network a client counts as: one IPv4 address, or the /64 of an IPv6 address.

    Raises ``ValueError`` when ``address`` is none.
    """
    parsed = ipaddress.ip_address(address)
    if isinstance(parsed, ipaddress.IPv6Address):
        if parsed.ipv4_mapped:
            return str(parsed.ipv4_mapped)
        return str(ipaddress.ip_network((parsed, 64), strict=False))
    return str(parsed)
