"""Which page a post came from, as far as the visitor's browser says."""

from enum import Enum
from urllib.parse import urlsplit

from django.conf import settings
from django.http import HttpRequest


class Provenance(Enum):
    """The browser's word about where a post came from."""

    OURS = "ours"
    FOREIGN = "foreign"
    UNKNOWN = "unknown"


def provenance(request: HttpRequest) -> Provenance:
    """Judge ``Origin`` and ``Sec-Fetch-Site``, which no page can set for itself.

    A foreign word in either is foreign. ``Origin: null`` says nothing, as
    browsers send it from pages with ``Referrer-Policy: no-referrer``. Without
    any word (old browsers, programs) it is unknown.
    """
    site = request.headers.get("Sec-Fetch-Site", "")
    origin = request.headers.get("Origin", "")
    if site not in {"", "same-origin", "none"} or (origin not in {"", "null"} and not _is_ours(origin, request)):
        return Provenance.FOREIGN
    if site == "same-origin" or origin not in {"", "null"}:
        return Provenance.OURS
    return Provenance.FOREIGN if origin == "null" else Provenance.UNKNOWN


def _is_ours(origin: str, request: HttpRequest) -> bool:
    try:
        parts = urlsplit(origin)
    except ValueError:
        return False
    return f"{parts.scheme}://{parts.netloc}" in {settings.BASE_URL, f"{request.scheme}://{request.get_host()}"}
