"""What readers find on the site, under a section, a topic or an author, whatever lists it: page, feed, sitemap."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from django.db.models import BigAutoField, DateTimeField, Exists, F, OuterRef, QuerySet, Subquery
from django.utils import timezone

from articles.boundaries import first_of, moments_ahead
from articles.models import Article, ArticleQuerySet, Byline, Section, Source, Tag, TaggedArticle
from pagecache.prepared import Prepared
from people.models import Author

ARCHIVE = "archive"
"""The key that rises when any story joins or leaves the site."""


class Owner(StrEnum):
    """What a list belongs to."""

    SITE = "site"
    SECTION = "section"
    TAG = "tag"
    AUTHOR = "author"


@dataclass(frozen=True)
class Scope:
    """Which articles a page lists, and the key that rises when one joins or leaves."""

    kind: Owner
    owner: int = 0

    @property
    def key(self) -> str:
        """The key of the list."""
        return ARCHIVE if self.kind is Owner.SITE else f"{self.kind}-list:{self.owner}"

    @property
    def found(self) -> ArticleQuerySet:
        """The articles, public or not."""
        return FOUND[self.kind](self.owner)

    def next_change(self) -> datetime | None:
        """The next instant at which the clock alone changes what readers find there."""
        return first_of(_AHEAD[self.kind].rows(owner=self.owner, now=timezone.now()))


def everything() -> Scope:
    """All stories."""
    return Scope(Owner.SITE)


def of_section(section: Section) -> Scope:
    """Everything in a section."""
    return Scope(Owner.SECTION, section.pk)


def of_tag(tag: Tag) -> Scope:
    """Everything that carries a tag."""
    return Scope(Owner.TAG, tag.pk)


def of_author(author: Author) -> Scope:
    """Everything an author has a byline on, once."""
    return Scope(Owner.AUTHOR, author.pk)


def shown_tags() -> QuerySet[Tag]:
    """Tags that something public carries; what only hidden stories carry is as if it did not exist."""
    carried = TaggedArticle.objects.filter(is_public("content_object"), tag=OuterRef("pk"))
    return Tag.objects.alias(newest=_first(carried.order_by("-content_object_id"))).filter(newest__isnull=False)


def shown_authors() -> QuerySet[Author]:
    """Authors who signed something public."""
    signed = Byline.objects.filter(is_public("article"), author=OuterRef("pk"))
    return Author.objects.alias(newest=_first(signed.order_by("-article_id"))).filter(newest__isnull=False)


def _first(rows: QuerySet[Any]) -> Subquery:
    """The first of ``rows``, in the order of an index, or nothing.

    Of ``Exists`` over two tables PostgreSQL makes a join, and collects every row of a busy author or tag before it looks at one.
    """
    return Subquery(rows.values("pk")[:1])


def shown_sources() -> QuerySet[Source]:
    """Agencies that something public comes from."""
    return Source.objects.filter(Exists(Article.objects.public().filter(source=OuterRef("pk"))))


def is_public(article: str) -> Exists:
    """Whether readers may see the article a row names in its field ``article``.

    Asked of one row after the other: of ``article__in``, SQLite makes a list of all that is public first.
    """
    return Exists(Article.objects.public().filter(pk=OuterRef(article)))


def _in_section(section: Any) -> ArticleQuerySet:
    return Article.objects.filter(section=section)


def _with_tag(tag: Any) -> ArticleQuerySet:
    return Article.objects.among(TaggedArticle.objects.filter(tag=tag).values("content_object_id"))


def _by_author(author: Any) -> ArticleQuerySet:
    return Article.objects.among(Byline.objects.filter(author=author).values("article_id"))


def _everything(_site: Any) -> ArticleQuerySet:
    return Article.objects.all()


FOUND: dict[Owner, Callable[[Any], ArticleQuerySet]] = {
    Owner.SITE: _everything,
    Owner.SECTION: _in_section,
    Owner.TAG: _with_tag,
    Owner.AUTHOR: _by_author,
}
"""The articles of each kind of list, by the number of what it belongs to."""


def _coming_in_section(section: Any) -> ArticleQuerySet:
    """“+ 0” keeps SQLite from reading the whole section: it takes the indexes of what is to come instead."""
    return Article.objects.alias(own_section=F("section_id") + 0).filter(own_section=section)


def _ahead(found: Callable[[Any], ArticleQuerySet]) -> "Prepared[Any]":
    return Prepared(lambda owner, now: moments_ahead(found(owner), now), owner=BigAutoField(), now=DateTimeField())


_AHEAD = {kind: _ahead(_coming_in_section if kind is Owner.SECTION else found) for kind, found in FOUND.items()}
"""What is still to come in each kind of list."""
