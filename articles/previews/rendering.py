"""Exactly the reader's page, for a revision that readers do not see."""

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.cache import add_never_cache_headers

from articles.models import Article, Revision
from articles.previews.working_story import own_pictures, working_story
from articles.registries import story_pages
from images.markup import fetched_from
from images.models import Image
from images.renditions import Address, Rendition, preview_address, public_address


@dataclass(frozen=True)
class Preview:
    """What a page says and offers as a preview.

    ``framed``: the desk shows it in a frame, links open beside it. ``notice``:
    the line on top, from ``shown``. ``instead_of_comments`` names a template.
    """

    framed: bool = False
    notice: bool = False
    instead_of_comments: str = ""
    shown: Any = None


def preview_response(
    request: HttpRequest,
    article: Article,
    revision: Revision,
    *,
    preview: Preview | None = None,
    address: Address = preview_address,
) -> HttpResponse:
    """The page readers would get if ``revision`` were published now; whoever calls has asked who may see it.

    The story's own pictures are fetched from ``address``, as they may not be
    public; all others from where readers fetch them. Nothing is written,
    counted or kept: no store, no index.
    """
    own = own_pictures(revision)

    def where(image: Image, made: Rendition) -> str:
        return (address if image.pk in own else public_address)(image, made)

    with fetched_from(where):
        story = working_story(article, revision)
        (story_page,) = story_pages
        response = story_page(request, story, preview or Preview(framed=True))
    return unstored(response)


def unstored(response: HttpResponse) -> HttpResponse:
    """Told to nobody else: kept by no cache, found by no search engine, named to no other site."""
    add_never_cache_headers(response)
    response.headers["X-Robots-Tag"] = "noindex"
    response.headers["Referrer-Policy"] = "no-referrer"
    return response
