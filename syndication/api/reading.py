"""Articles, sections, tags, authors, what stands beside a story, and search: what readers see, as data."""

from collections.abc import Callable
from typing import Any

from django.db.models import Prefetch
from django.http import Http404, HttpRequest
from ninja import Query, Router
from ninja.decorators import decorate_view

from articles import search as index
from articles.boundaries import next_change
from articles.listing import shown_authors, shown_tags
from articles.models import Article, ArticleQuerySet, Byline, Section, TaggedArticle
from articles.shown import show_articles
from articles.stories import GoneError
from curation.related import related_list
from pagecache.reading import depends_on
from syndication.api import asked, shapes, telling
from syndication.api.asked import ArticlesAsked, Id, Paged, SearchAsked, Slug, names_of
from syndication.api.door import public
from syndication.api.filters import narrowed
from syndication.api.keyset import Order, page_of, read, write
from syndication.api.problems import Problem, ProblemError
from syndication.terms import handed_on, kept_back, kept_silent, may_hand_on

router = Router(tags=["reading"])

REFUSED = {400: Problem}
MISSING = REFUSED | {404: Problem}

NEWEST = Order(("publish_at", "id"), falling=True)
BY_ADDRESS = Order(("slug",))
AS_ON_SITE = Order(("position", "name", "id"))


def shown_story(pk: int, found: Callable[[int], Article] = handed_on) -> Article:
    """The story, its keys noted, or a problem in words: 410 for what readers saw once, 404 for all else."""
    try:
        return found(pk)
    except GoneError:
        raise ProblemError(410) from None
    except Http404:
        raise ProblemError(404) from None


@router.get("articles/", response={200: shapes.Articles} | REFUSED, url_name="api_articles", operation_id="articles")
@decorate_view(public(*names_of(ArticlesAsked)))
def articles(request: HttpRequest, question: Query[ArticlesAsked]) -> dict[str, Any]:
    """Public articles, newest first, narrowed by filters; none of an agency that lets us hand on nothing."""
    depends_on("archive", until=next_change(Article.objects.all()))
    found = narrowed(may_hand_on(Article.objects.public()), question)
    page = page_of(
        with_names(found.cards()), NEWEST, scope=_scope(question), cursor=question.cursor, limit=question.limit
    )
    show_articles(page.rows)
    return {"items": [telling.listed(article) for article in page.rows], "next": page.next}


@router.get(
    "articles/{pk}/",
    response={200: shapes.Story, 404: Problem, 410: Problem} | REFUSED,
    url_name="api_article",
    operation_id="article",
)
@decorate_view(public())
def article(request: HttpRequest, pk: Id) -> dict[str, Any]:
    """One public article, whole."""
    return telling.story(shown_story(pk))


@router.get(
    "articles/{pk}/related/",
    response={200: shapes.Related, 404: Problem, 410: Problem} | REFUSED,
    url_name="api_related",
    operation_id="related",
)
@decorate_view(public())
def related(request: HttpRequest, pk: Id) -> dict[str, Any]:
    """Articles You May Like beside a public article."""
    items = related_list(shown_story(pk))
    silent = kept_silent(item.article for item in items)
    told = [item for item in items if item.article.pk not in silent]
    return {"items": [telling.card(item.article) | _own_words(item.headline) for item in told]}


@router.get("sections/", response={200: shapes.Sections} | REFUSED, url_name="api_sections", operation_id="sections")
@decorate_view(public(*names_of(Paged)))
def sections(request: HttpRequest, question: Query[Paged]) -> dict[str, Any]:
    """The site's sections in their order."""
    depends_on("sections")
    return _paged(Section.objects.select_related("picture"), AS_ON_SITE, "sections", question, telling.section)


@router.get(
    "sections/{slug}/", response={200: shapes.Section} | MISSING, url_name="api_section", operation_id="section"
)
@decorate_view(public())
def section(request: HttpRequest, slug: Slug) -> dict[str, Any]:
    """One section."""
    depends_on("sections")
    return telling.section(_one(Section.objects.select_related("picture"), slug))


@router.get("tags/", response={200: shapes.Tags} | REFUSED, url_name="api_tags", operation_id="tags")
@decorate_view(public(*names_of(Paged)))
def tags(request: HttpRequest, question: Query[Paged]) -> dict[str, Any]:
    """The tags that public articles carry."""
    return _paged(_tags(), BY_ADDRESS, "tags", question, telling.tag)


@router.get("tags/{slug}/", response={200: shapes.Tag} | MISSING, url_name="api_tag", operation_id="tag")
@decorate_view(public())
def tag(request: HttpRequest, slug: Slug) -> dict[str, Any]:
    """One tag."""
    return telling.tag(_one(_tags(), slug))


@router.get("authors/", response={200: shapes.Authors} | REFUSED, url_name="api_authors", operation_id="authors")
@decorate_view(public(*names_of(Paged)))
def authors(request: HttpRequest, question: Query[Paged]) -> dict[str, Any]:
    """Everybody who signed a public article."""
    return _paged(_authors(), BY_ADDRESS, "authors", question, telling.author)


@router.get("authors/{slug}/", response={200: shapes.Author} | MISSING, url_name="api_author", operation_id="author")
@decorate_view(public())
def author(request: HttpRequest, slug: Slug) -> dict[str, Any]:
    """One author."""
    return telling.author(_one(_authors(), slug))


@router.get("search/", response={200: shapes.Found} | REFUSED, url_name="api_search", operation_id="search")
@decorate_view(public(*names_of(SearchAsked)))
def search(request: HttpRequest, question: Query[SearchAsked]) -> dict[str, Any]:
    """Public articles by relevance."""
    depends_on("archive", until=next_change(Article.objects.all()))
    scope = f"search:{question.q}"
    start = int(read(scope, question.cursor)[0]) if question.cursor else 0
    try:
        results = index.find(question.q, limit=question.limit, offset=start, within=may_hand_on)
    except index.QueryTooLongError as error:
        raise ProblemError(400, str(error), errors=[("query.q", str(error))]) from None
    shown = [hit.article for hit in results.hits]
    show_articles(shown)
    silent = kept_back(shown)
    end = start + question.limit
    return {
        "items": [
            {
                "article": telling.card(hit.article),
                "snippet_html": "" if hit.article.pk in silent else str(hit.snippet),
            }
            for hit in results.hits
        ],
        "next": write(scope, [end]) if end < results.total else "",
        "total": results.total,
        "more": results.more,
        "spelling": results.spelling,
    }


def with_names(rows: ArticleQuerySet) -> ArticleQuerySet:
    """Cards with names and tags: two more queries."""
    return rows.prefetch_related(
        Prefetch("bylines", Byline.objects.select_related("author")),
        Prefetch("tagged", TaggedArticle.objects.select_related("tag").order_by("tag__name")),
    )


def _tags() -> Any:
    depends_on("tags", "archive", until=next_change(Article.objects.all()))
    return shown_tags().select_related("picture")


def _authors() -> Any:
    depends_on("authors", "archive", until=next_change(Article.objects.all()))
    return shown_authors().select_related("portrait")


def _paged(rows: Any, order: Order, scope: str, question: asked.Paged, tell: Any) -> dict[str, Any]:
    page = page_of(rows, order, scope=scope, cursor=question.cursor, limit=question.limit)
    return {"items": [tell(row) for row in page.rows], "next": page.next}


def _one(rows: Any, slug: str) -> Any:
    found = rows.filter(slug=slug).first()
    if found is None:
        raise ProblemError(404)
    return found


def _own_words(headline: str) -> dict[str, str]:
    """An editor's own headline for this very list."""
    return {"headline": headline} if headline else {}


def _scope(question: ArticlesAsked) -> str:
    filters = question.model_dump(mode="json", exclude={"cursor", "limit"})
    return "articles:" + "&".join(f"{name}={value}" for name, value in sorted(filters.items()) if value)
