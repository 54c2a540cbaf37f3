"""Where WordPress keeps its feeds: readers who subscribed there are led to ours."""

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import Resolver404, resolve, reverse
from django.views.decorators.http import require_safe

from articles import redirects
from articles.models import Article
from pagecache.reading import reader_page
from syndication.addresses import SITE, feed_path
from syndication.answers import led
from syndication.published.channels import channel_of_page

CATEGORY = "category"


@require_safe
@reader_page()
def old_feed(request: HttpRequest, form: str = "", path: str = "") -> HttpResponse:
    """``/feed/``, and ``/feed/`` behind the address of a section, a tag, an author or a story."""
    ours = "atom.xml" if form == "atom" else "rss.xml"
    if not path:
        return led(feed_path(ours, SITE))
    for page in _pages(path):
        kept = channel_of_page(page)
        if kept is not None:
            return led(feed_path(ours, *kept))
        pk = _story_at(page)
        if pk is not None:
            return led(reverse("syndication:comments", args=[pk, ours]))
    raise Http404


def _pages(path: str) -> list[str]:
    """The pages of ours that an address may mean: itself, where it leads, and for a category its section."""
    page = f"/{path}/"
    row = redirects.find(page)
    onward = redirects.destination(row) if row is not None else None
    parts = path.split("/")
    section = [reverse("pages:first_level", args=[parts[-1]])] if parts[0] == CATEGORY and _is_slug(parts[-1]) else []
    return [page, *([onward] if onward else []), *section]


def _story_at(page: str) -> int | None:
    """The id of the public story whose page is there."""
    try:
        match = resolve(page)
    except Resolver404:
        return None
    if match.view_name != "pages:article":
        return None
    pk = int(match.kwargs["pk"])
    return pk if Article.objects.public().filter(pk=pk).exists() else None


def _is_slug(word: str) -> bool:
    return bool(word) and word.replace("-", "").replace("_", "").isalnum() and word.isascii()
