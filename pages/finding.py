"""Finding stories: the archive with its filters, and search."""

import re
from dataclasses import dataclass, field

from django.db.models import Exists, OuterRef, Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from articles import search as index
from articles.boundaries import next_change_of_all
from articles.folding import words
from articles.listing import is_public
from articles.models import Article, ArticleQuerySet, Section, Tag, TaggedArticle, tag_key
from articles.search import QueryTooLongError
from articles.search.spelling import FAR, distance
from articles.shown import show_articles
from pagecache.reading import depends_on, reader_page
from pages.filters import ArchiveFilter
from pages.keyset import PER_PAGE, Asked, Stories, stories

COUNTED_TO = 200
"""Beyond it the archive says “more than”: counting costs, and nobody needs the number."""

NEAREST = 8
"""Sections or tags offered when nothing was found."""

MAX_TYPED_WORDS = 5
LEAST_TAG_WORD = 3

_PAGE = re.compile(r"[1-9][0-9]{0,2}")


@dataclass(frozen=True)
class Nearest:
    """Where to look when nothing was found."""

    sections: list[Section] = field(default_factory=list)
    tags: list[Tag] = field(default_factory=list)


@require_safe
@reader_page(*ArchiveFilter.base_filters, "before", "after")
def archive(request: HttpRequest) -> HttpResponse:
    """All stories, newest first, narrowed by the filters in the address; 400 with words for one that means nothing."""
    depends_on("archive", until=next_change_of_all())
    filters = ArchiveFilter(request.GET)
    valid = filters.is_valid()
    found: ArticleQuerySet = filters.qs if valid else Article.objects.none()
    page = stories(request, Asked(found.cards())) if valid else Stories([])
    show_articles(page.articles)
    most = PER_PAGE if filters.asks_for_several() else COUNTED_TO
    context = {
        "filters": filters,
        "chips": filters.chips(),
        "page": page,
        "count": _count(found, page, most) if valid else 0,
        "counted_to": most,
        "looked_back_to": filters.looked_back_to() if valid else None,
        "further_back": filters.further_back() if valid else "",
    }
    return render(request, "pages/archive.html", context, status=200 if valid else 400)


@require_safe
@reader_page("q", "page")
def search(request: HttpRequest) -> HttpResponse:
    """Stories by relevance; 400 with words for a query that is too long, 404 for a page that is none."""
    typed = request.GET.get("q", "")
    number = _page_number(request)
    depends_on("archive", until=next_change_of_all())
    try:
        results = index.find(typed, limit=PER_PAGE, offset=(number - 1) * PER_PAGE)
    except QueryTooLongError as error:
        return render(request, "pages/search.html", {"typed": typed, "problem": str(error)}, status=400)
    if number > 1 and not results.hits:
        raise Http404
    show_articles(hit.article for hit in results.hits)
    context = {
        "typed": typed,
        "asked": bool(typed.strip()),
        "results": results,
        "number": number,
        "previous": number - 1,
        "next": number + 1 if number * PER_PAGE < results.total else 0,
        "nearest": _nearest(results.spelling or typed) if not results.total else None,
    }
    return render(request, "pages/search.html", context)


def _count(found: ArticleQuerySet, page: Stories, most: int) -> int:
    """How many stories there are, or one more than ``most``: one query, none when all stand on the page."""
    if page.first and not page.older:
        return len(page.articles)
    return found.order_by().values("pk")[: most + 1].count()


def _page_number(request: HttpRequest) -> int:
    raw = request.GET.get("page", "1")
    if _PAGE.fullmatch(raw) is None:
        raise Http404
    return int(raw)


def _nearest(text: str) -> Nearest:
    """Sections with a similar name, else the first ones; tags with one of the words: two queries."""
    depends_on("sections")
    readable = [word for word in text.split() if word.isprintable() and len(tag_key(word)) >= LEAST_TAG_WORD]
    typed = readable[:MAX_TYPED_WORDS]
    sections = list(Section.objects.all())
    wanted = words(" ".join(typed))
    near = [section for section in sections if _resembles(section.name, wanted)]
    return Nearest((near or sections)[:NEAREST], _tags_with(typed) if typed else [])


def _resembles(name: str, wanted: list[str]) -> bool:
    return any(
        part.startswith(word) or distance(word, part, 2 if len(word) > LEAST_TAG_WORD + 1 else 0) != FAR
        for part in words(name)
        for word in wanted
    )


def _tags_with(typed: list[str]) -> list[Tag]:
    """Tags readers can see something of; which depends on ``archive``, as the page does already."""
    public = TaggedArticle.objects.filter(is_public("content_object"), tag=OuterRef("pk"))
    either = Q()
    for word in typed:
        either |= Q(key__contains=tag_key(word))
    tags = list(Tag.objects.filter(either).filter(Exists(public)).order_by("name")[:NEAREST])
    depends_on("tags", *(f"tag:{tag.pk}" for tag in tags))
    return tags
