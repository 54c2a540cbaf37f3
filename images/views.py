"""Pictures as readers fetch them."""

import logging
from mimetypes import types_map

from django.db import DatabaseError
from django.http import FileResponse, Http404, HttpRequest, HttpResponseNotModified
from django.http.response import HttpResponseBase
from django.utils.http import parse_etags
from django.views.decorators.http import require_safe

from images import files, publicity
from images.models import Image, RenditionName

CONTENT_TYPES = {"jpg": types_map[".jpg"], "webp": "image/webp", "avif": "image/avif"}

logger = logging.getLogger("images")


@require_safe
def media(request: HttpRequest, name: str) -> HttpResponseBase:
    """A public rendition; for anything else the same 404 as for an address that never was.

    A name always means the same bytes, so browsers may keep them for ever.
    """
    storage = files.public()
    if not storage.exists(name):
        storage = files.private()
        if not _bring_out(name):
            raise Http404
    etag = f'"{name}"'
    if etag in parse_etags(request.headers.get("If-None-Match", "")):
        response: HttpResponseBase = HttpResponseNotModified()
    else:
        try:
            response = FileResponse(storage.open(name), content_type=CONTENT_TYPES[name.rpartition(".")[2]])
        except FileNotFoundError:
            raise Http404 from None  # withdrawn this very moment
        response.headers["Content-Disposition"] = "inline"
    return _kept_for_ever(response, etag)


def hidden(image: Image, name: str) -> FileResponse:
    """One of the picture's renditions, public or not; the caller has asked who may see it. Raises ``Http404``."""
    if all(made["name"] != name for made in image.renditions) or not files.private().exists(name):
        raise Http404
    response = FileResponse(files.private().open(name), content_type=CONTENT_TYPES[name.rpartition(".")[2]])
    response.headers["X-Content-Type-Options"] = "nosniff"
    return response


def _bring_out(name: str) -> bool:
    """Whether a public page shows this rendition now, though nobody brought it out: no worker ran at its minute."""
    known = RenditionName.objects.filter(stem=name.rpartition(".")[0]).select_related("image").first()
    if known is None or not publicity.shown_now({known.image_id}):
        return False
    if all(made["name"] != name for made in known.image.renditions) or not files.private().exists(name):
        return False
    try:
        publicity.show({known.image_id})
        publicity.bring_out(known.image)
    except (DatabaseError, OSError):
        logger.warning("a public picture could not be brought out; served from private storage", exc_info=True)
    return True


def _kept_for_ever(response: HttpResponseBase, etag: str) -> HttpResponseBase:
    response.headers["ETag"] = etag
    response.headers["Cache-Control"] = "public, max-age=31536000, immutable"
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return response
