"""What the pages of a section, a topic and an author list."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import BigAutoField, DateTimeField, F
from django.http import HttpRequest
from django.utils import timezone

from articles.models import Article, ArticleQuerySet, Byline, Section, Tag, TaggedArticle
from articles.page_parts import lend_bylines
from pagecache.prepared import Kind, Prepared
from pagecache.reading import depends_on
from pages.boundaries import first_of, moments_ahead
from pages.keyset import Cursor, Stories, newer, newest, older, stories
from pages.shown import show_articles, show_bylines
from people.models import Author

_ID: BigAutoField[int, int] = BigAutoField()


class Listing:
    """The queries of one kind of page, each built once; ``found`` says what such a page lists.

    ``ahead`` says the same in other words, for the few that are still to come.
    """

    def __init__(
        self, found: Callable[[Any], ArticleQuerySet], ahead: Callable[[Any], ArticleQuerySet] | None = None
    ) -> None:
        cards: dict[str, Kind] = {"owner": _ID, "now": DateTimeField()}
        place: dict[str, Kind] = {**cards, "at": DateTimeField(), "pk": _ID}
        self.found = found
        self.newest = Prepared(lambda owner, now: newest(found(owner).public(now).cards()), **cards)
        self.older = Prepared(lambda owner, now, at, pk: older(found(owner).public(now).cards(), at, pk), **place)
        self.newer = Prepared(lambda owner, now, at, pk: newer(found(owner).public(now).cards(), at, pk), **place)
        self.ahead: Prepared[Any] = Prepared(lambda owner, now: moments_ahead((ahead or found)(owner), now), **cards)


@dataclass(frozen=True)
class Scope:
    """Which articles a page lists, and the key that rises when one joins or leaves."""

    listing: Listing
    owner: int
    key: str

    @property
    def found(self) -> ArticleQuerySet:
        """The articles, public or not."""
        return self.listing.found(self.owner)

    def newest(self) -> list[Article]:
        """Cards from the newest on."""
        return self.listing.newest.rows(owner=self.owner, now=timezone.now())

    def older(self, cursor: Cursor) -> list[Article]:
        """Cards from the place on, newest first."""
        return self.listing.older.rows(owner=self.owner, now=timezone.now(), at=cursor.at, pk=cursor.pk)

    def newer(self, cursor: Cursor) -> list[Article]:
        """Cards from the place on to the newest, oldest first."""
        return self.listing.newer.rows(owner=self.owner, now=timezone.now(), at=cursor.at, pk=cursor.pk)

    def next_change(self) -> datetime | None:
        """When the clock alone changes what readers see of it."""
        return first_of(self.listing.ahead.rows(owner=self.owner, now=timezone.now()))


def of_section(section: Section) -> Scope:
    """Everything in a section."""
    return Scope(_IN_SECTION, section.pk, f"section-list:{section.pk}")


def of_tag(tag: Tag) -> Scope:
    """Everything that carries a tag."""
    return Scope(_WITH_TAG, tag.pk, f"tag-list:{tag.pk}")


def of_author(author: Author) -> Scope:
    """Everything an author has a byline on, once."""
    return Scope(_BY_AUTHOR, author.pk, f"author-list:{author.pk}")


def listed(request: HttpRequest, scope: Scope) -> Stories:
    """The page of ``scope`` the request asks for, its keys noted: four queries at most."""
    page = stories(request, scope)
    lend_bylines(page.articles)
    show_articles(page.articles)
    for article in page.articles:
        show_bylines(article.bylines.all())
    depends_on(scope.key, until=scope.next_change())
    return page


def _with_tag(tag: Any) -> ArticleQuerySet:
    return Article.objects.among(TaggedArticle.objects.filter(tag=tag).values("content_object_id"))


def _by_author(author: Any) -> ArticleQuerySet:
    return Article.objects.among(Byline.objects.filter(author=author).values("article_id"))


def _coming_in_section(section: Any) -> ArticleQuerySet:
    """“+ 0” keeps SQLite from reading the whole section: it takes the indexes of what is to come instead."""
    return Article.objects.alias(own_section=F("section_id") + 0).filter(own_section=section)


_IN_SECTION = Listing(lambda section: Article.objects.filter(section=section), _coming_in_section)
_WITH_TAG = Listing(_with_tag)
_BY_AUTHOR = Listing(_by_author)
