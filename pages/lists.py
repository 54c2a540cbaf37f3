"""What the pages of a section, a topic and an author list."""

from dataclasses import dataclass

from django.db.models import Prefetch
from django.http import HttpRequest

from articles.boundaries import next_change
from articles.models import Article, ArticleQuerySet, Byline, Section, Tag, TaggedArticle
from articles.shown import show_articles, show_bylines
from pagecache.reading import depends_on
from pages.keyset import Stories, stories
from people.models import Author


@dataclass(frozen=True)
class Scope:
    """Which articles a page lists, and the key that rises when one joins or leaves."""

    found: ArticleQuerySet
    key: str


def of_section(section: Section) -> Scope:
    """Everything in a section."""
    return Scope(Article.objects.filter(section=section), f"section-list:{section.pk}")


def of_tag(tag: Tag) -> Scope:
    """Everything that carries a tag."""
    tagged = TaggedArticle.objects.filter(tag=tag).values("content_object_id")
    return Scope(Article.objects.among(tagged), f"tag-list:{tag.pk}")


def of_author(author: Author) -> Scope:
    """Everything an author has a byline on, once."""
    written = Byline.objects.filter(author=author).values("article_id")
    return Scope(Article.objects.among(written), f"author-list:{author.pk}")


def listed(request: HttpRequest, scope: Scope) -> Stories:
    """The page of ``scope`` the request asks for, its keys noted: four queries at most."""
    bylines = Prefetch("bylines", Byline.objects.select_related("author"))
    page = stories(request, scope.found.public().cards().prefetch_related(bylines))
    show_articles(page.articles)
    for article in page.articles:
        show_bylines(article.bylines.all())
    depends_on(scope.key, until=next_change(scope.found))
    return page
