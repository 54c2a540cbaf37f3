"""Addresses in what a wire sends: made whole, and only those of the web kept."""

import html
import re
from urllib.parse import urljoin, urlsplit

from outbox.inert import is_storable

LONGEST = 500
"""Characters of an article's ``source_url``."""

_REFERENCE = re.compile(r"""(?<=[\s"'])(href|cite)\s*=\s*(?:"([^"<>]{0,2000})"|'([^'<>]{0,2000})')""", re.IGNORECASE)


def web_address(raw: str) -> str:
    """``raw`` if it is an address of the web that an article can name as its origin, else nothing."""
    raw = raw.strip()
    try:
        parts = urlsplit(raw)
        whole = parts.scheme.lower() in {"http", "https"} and bool(parts.hostname) and parts.port != 0
    except ValueError:
        return ""
    hostile = any(char.isspace() or ord(char) < 0x20 for char in raw) or "@" in (parts.netloc if whole else "")  # noqa: PLR2004
    return raw if whole and not hostile and len(raw) <= LONGEST and is_storable(raw) else ""


def absolute(raw: str, base: str) -> str:
    """The same of an address that may be relative to ``base``."""
    raw = raw.strip()
    if not raw:
        return ""
    try:
        return web_address(urljoin(base, raw))
    except ValueError:
        return ""


def with_whole_links(markup: str, base: str) -> str:
    """Markup whose links lead where they led on the page it came from; one that leads nowhere is left without."""
    return _REFERENCE.sub(lambda match: _whole(match, base), markup)


def _whole(match: re.Match[str], base: str) -> str:
    raw = html.unescape(match[2] if match[2] is not None else match[3])
    if raw.strip().lower().startswith(("mailto:", "tel:")):
        return match[0]
    address = absolute(raw, base) if not raw.strip().startswith("#") else ""
    return f'{match[1]}="{html.escape(address)}"' if address else ""
