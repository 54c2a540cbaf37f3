"""What readers find under a section, a topic or an author, whatever lists it: a page, a feed, a sitemap."""

from dataclasses import dataclass

from articles.models import Article, ArticleQuerySet, Byline, Section, Tag, TaggedArticle
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
