"""The Content-Security-Policy of every page, and the other headers Django has no setting for.

Both policies are constant: no nonce and no hash, because no page of ours, the
editor's included, holds an inline script or style.
"""

from collections.abc import Callable
from urllib.parse import unquote

from django.conf import settings
from django.core.exceptions import SuspiciousOperation
from django.http import Http404, HttpRequest, HttpResponse

ADMIN_PREFIX = "/admin/"

UNTOLD = "max-age=0, must-revalidate"
"""For whatever says nothing of its own, errors above all: an address that leads nowhere may lead to a story soon."""

AT_DESK = "private, no-store"
UTF_8 = frozenset({"utf-8", "utf8"})
FRAMED_VIEWS = frozenset({"admin:articles_article_preview_page", "admin:products_boxes"})
"""Readers' pages that the desk shows in a frame of its own; nobody sends anything from there."""


def _policy(directives: dict[str, str]) -> str:
    return "; ".join(f"{name} {value}" for name, value in directives.items())


def _media_source() -> str:
    url = str(settings.MEDIA_URL)
    return "" if url.startswith("/") else " " + "/".join(url.split("/")[:3])


def reader_policy(*, framed: bool = False) -> str:
    """What a reader's page may load: our own files, and frames of known providers after a click.

    ``framed``: our own pages may show it in a frame, and its forms send nothing.
    """
    frames = " ".join(f"https://{host}" for host in settings.EMBED_FRAME_HOSTS) or "'none'"
    return _policy(
        {
            "default-src": "'none'",
            "script-src": "'self'",
            "style-src": "'self'",
            "img-src": "'self'" + _media_source(),
            "font-src": "'self'",
            "connect-src": "'self'",
            "frame-src": frames,
            "manifest-src": "'self'",
            "form-action": "'none'" if framed else "'self'",
            "base-uri": "'none'",
            "frame-ancestors": "'self'" if framed else "'none'",
        }
    )


QR_CODE_PAGE = "mfa_activate_totp"
"""The one page with a picture in its own text: the QR code of a new authenticator app."""


def admin_policy(*, pictures: str = "") -> str:
    """What the admin may load: our own files, nothing else; ``blob:`` shows a picture before it is sent.

    ``pictures`` names further sources of pictures, each after a blank.
    """
    return _policy(
        {
            "default-src": "'none'",
            "script-src": "'self'",
            "style-src": "'self'",
            "img-src": "'self' blob:" + _media_source() + pictures,
            "font-src": "'self'",
            "connect-src": "'self'",
            "frame-src": "'self'",
            "form-action": "'self'",
            "base-uri": "'none'",
            "frame-ancestors": "'none'",
        }
    )


class SecurityHeaders:
    """Adds the policies, and for how long it may be kept, to every response that says nothing of its own."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response
        self.reader = reader_policy()
        self.framed = reader_policy(framed=True)
        self.admin = admin_policy()
        self.qr_code = admin_policy(pictures=" data:")

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        at_desk = request.path_info.startswith(ADMIN_PREFIX)
        response.headers.setdefault("Cache-Control", AT_DESK if at_desk else UNTOLD)
        response.headers.setdefault("Content-Security-Policy", self._policy_for(request))
        response.headers.setdefault(
            "Permissions-Policy", "camera=(), microphone=(), geolocation=(), browsing-topics=()"
        )
        return response

    def _policy_for(self, request: HttpRequest) -> str:
        match = request.resolver_match
        if match is not None and match.view_name in FRAMED_VIEWS:
            return self.framed
        if not request.path_info.startswith(ADMIN_PREFIX):
            return self.reader
        return self.qr_code if match and match.url_name == QR_CODE_PAGE else self.admin


class NoBinary:
    """Answers what no text of ours holds and no database takes, before anybody looks at it.

    A path with a NUL leads nowhere; a question to the desk with one makes no
    sense. Neither does a form in another coding than UTF-8, which browsers
    send: Python's own codings can make half characters, or fail.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if "\0" in request.path_info:
            raise Http404
        if request.path_info.startswith(ADMIN_PREFIX) and "\0" in unquote(request.META.get("QUERY_STRING", "")):
            raise SuspiciousOperation("NUL in a question to the desk")
        if (request.encoding or "utf-8").lower() not in UTF_8:
            raise SuspiciousOperation("A form in another coding than UTF-8")
        return self.get_response(request)
