"""What readers find on the site, under a section, a topic or an author, whatever lists it: page, feed, sitemap."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from django.db import connection
from django.db.models import BigAutoField, DateTimeField, Exists, F, Model, OuterRef, QuerySet, Subquery
from django.utils import timezone

from articles.boundaries import first_of, moments_ahead
from articles.models import Article, ArticleQuerySet, Byline, Section, Source, Tag, TaggedArticle
from articles.ways import Way, numbered, way_of
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
    SOURCE = "source"


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
    def way(self) -> Way:
        """How its lists are best read: one query for a tag or an author on SQLite."""
        numbered = _NUMBERED.get(self.kind)
        return way_of(numbered, [self.owner]) if numbered else Way.SOME

    @property
    def found(self) -> ArticleQuerySet:
        """The articles, public or not."""
        return FOUND[self.kind, self.way](self.owner)

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

    Of ``Exists`` over two tables PostgreSQL makes a join, and collects every row of an author before it looks at one.
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


def _everything(_site: Any) -> ArticleQuerySet:
    return Article.objects.all()


@dataclass(frozen=True)
class _Rows:
    """The rows that say which articles belong to what: to an owner named in ``field``, the one of a number."""

    model: type[Model]
    field: str
    number: str

    def of(self, owner: Any) -> QuerySet[Any]:
        return self.model._default_manager.filter(**{self.field: owner})

    def of_any(self, owners: Sequence[int]) -> QuerySet[Any]:
        return self.model._default_manager.filter(**{f"{self.field}__in": owners})


_ROWS = {
    Owner.TAG: _Rows(TaggedArticle, "tag", "content_object_id"),
    Owner.AUTHOR: _Rows(Byline, "author", "article_id"),
    Owner.SOURCE: _Rows(Article, "source", "pk"),
}


def _of(kind: Owner, way: Way) -> Callable[[Any], ArticleQuerySet]:
    rows = _ROWS[kind]
    return lambda owner: way.through(Article.objects.all(), rows.of(owner), rows.number)


FOUND: dict[tuple[Owner, Way], Callable[[Any], ArticleQuerySet]] = {
    (Owner.SITE, Way.SOME): _everything,
    (Owner.SECTION, Way.SOME): _in_section,
    **{(kind, way): _of(kind, way) for kind in (Owner.TAG, Owner.AUTHOR) for way in Way},
}
"""The articles of each kind of list, by the number of what it belongs to; each way of reading it finds the same."""

_NUMBERED = {
    Owner.TAG: numbered(Tag.objects.all(), _ROWS[Owner.TAG].of),
    Owner.AUTHOR: numbered(Author.objects.all(), _ROWS[Owner.AUTHOR].of),
    Owner.SOURCE: numbered(Source.objects.all(), _ROWS[Owner.SOURCE].of),
}
"""How many stories a tag, an author or a source has."""


def belonging(found: ArticleQuerySet, asked: Mapping[Owner, Sequence[int]]) -> ArticleQuerySet:
    """Those of ``found`` with one of the tags, one of the authors and one of the sources asked for.

    One query for each kind on SQLite. Of two that have many and may never
    meet, looking at one story after the other might be looking at all: the
    numbers of the one with fewer are noted.
    """
    ways = {kind: way_of(_NUMBERED[kind], owners) for kind, owners in asked.items()}
    if len(ways) > 1 and connection.vendor == "sqlite" and Way.FEW not in ways.values():
        least = min(ways, key=lambda kind: list(Way).index(ways[kind]))
        ways = {kind: Way.SOME if kind is least else Way.MANY for kind in ways}
    for kind, way in ways.items():
        found = way.through(found, _ROWS[kind].of_any(asked[kind]), _ROWS[kind].number)
    return found


def _coming_in_section(section: Any) -> ArticleQuerySet:
    """“+ 0” keeps SQLite from reading the whole section: it takes the indexes of what is to come instead."""
    return Article.objects.alias(own_section=F("section_id") + 0).filter(own_section=section)


def _ahead(found: Callable[[Any], ArticleQuerySet]) -> "Prepared[Any]":
    return Prepared(lambda owner, now: moments_ahead(found(owner), now), owner=BigAutoField(), now=DateTimeField())


_AHEAD = {
    Owner.SITE: _ahead(_everything),
    Owner.SECTION: _ahead(_coming_in_section),
    Owner.TAG: _ahead(FOUND[Owner.TAG, Way.MANY]),
    Owner.AUTHOR: _ahead(FOUND[Owner.AUTHOR, Way.MANY]),
}
"""What is still to come in each kind of list: of the few that come anywhere, each is asked whether it belongs there."""
