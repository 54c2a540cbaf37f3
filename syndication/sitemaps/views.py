"""Sitemaps, and the files that stand at known places for machines."""

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_safe

from articles.boundaries import next_change
from articles.models import Article
from pagecache.reading import depends_on, reader_page
from syndication.addresses import absolute
from syndication.answers import document, led
from syndication.sitemaps import files, writing
from syndication.sitemaps.fixed_pages import fixed_pages
from syndication.sitemaps.news import language, news_stories
from syndication.sitemaps.parts import KINDS, numbers, places
from syndication.text import plain

XML = "application/xml"
TEXT = "text/plain"


@require_safe
@reader_page()
def index(request: HttpRequest) -> HttpResponse:
    """The index of the sitemap's parts."""
    _open_to_search_engines()
    depends_on("archive", "tags", "authors", "sources", until=next_change(Article.objects.all()))
    parts = [reverse("syndication:sitemap_part", args=[kind, number]) for kind in KINDS for number in numbers(kind)]
    addresses = [reverse("syndication:sitemap_pages"), *parts]
    return document(writing.index(map(absolute, addresses)), XML)


@require_safe
@reader_page()
def part(request: HttpRequest, kind: str, number: str) -> HttpResponse:
    """One part; unknown while nothing stands in it."""
    _open_to_search_engines()
    found = places(kind, int(number))
    if not found:
        raise Http404
    return document(writing.part(found), XML)


@require_safe
@reader_page()
def pages(request: HttpRequest) -> HttpResponse:
    """The part with the front page, sections, series and static pages."""
    _open_to_search_engines()
    return document(writing.part(fixed_pages()), XML)


@require_safe
@reader_page()
def news(request: HttpRequest) -> HttpResponse:
    """The part for Google News."""
    _open_to_search_engines()
    return document(writing.news(news_stories(), plain(settings.SITE_NAME), language()), XML)


@require_safe
@reader_page()
def robots(request: HttpRequest) -> HttpResponse:
    """What crawlers may look at."""
    depends_on("robots")
    return document(files.robots(), TEXT)


@require_safe
@reader_page()
def security(request: HttpRequest) -> HttpResponse:
    """Whom to tell of a hole (RFC 9116); unknown where nobody is named, or once it has expired."""
    text = files.security()
    if not text:
        raise Http404
    depends_on("security", until=settings.SECURITY_EXPIRES)
    return document(text, TEXT)


@require_safe
@reader_page()
def llms(request: HttpRequest) -> HttpResponse:
    """What the site is, for language models; unknown unless it is switched on."""
    if not settings.LLMS_TXT:
        raise Http404
    return document(files.llms(), "text/markdown")


@require_safe
@reader_page()
def moved_sitemap(request: HttpRequest) -> HttpResponse:
    """Where WordPress and its extensions keep the sitemap."""
    return led(reverse("syndication:sitemap"))


@require_safe
@reader_page()
def moved_security(request: HttpRequest) -> HttpResponse:
    """The older place of ``security.txt``."""
    return led(reverse("syndication:security"))


def _open_to_search_engines() -> None:
    if not settings.SEARCH_ENGINES:
        raise Http404
