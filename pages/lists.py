"""A page of what a section, a topic or an author lists."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import BigAutoField, DateTimeField, F
from django.http import HttpRequest
from django.utils import timezone

from articles.boundaries import first_of, moments_ahead
from articles.listing import FOUND, Owner, Scope
from articles.models import Article, ArticleQuerySet
from articles.shown import show_signed
from pagecache.prepared import Kind, Prepared
from pagecache.reading import depends_on
from pages.keyset import Cursor, Stories, newer, newest, older, stories

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
        self.newest = Prepared(lambda owner, now: newest(found(owner).public(now).cards()), **cards)
        self.older = Prepared(lambda owner, now, at, pk: older(found(owner).public(now).cards(), at, pk), **place)
        self.newer = Prepared(lambda owner, now, at, pk: newer(found(owner).public(now).cards(), at, pk), **place)
        self.ahead: Prepared[Any] = Prepared(lambda owner, now: moments_ahead((ahead or found)(owner), now), **cards)


@dataclass(frozen=True)
class Listed:
    """One list, read by its prepared queries."""

    listing: Listing
    owner: int

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


def listed(request: HttpRequest, scope: Scope) -> Stories:
    """The page of ``scope`` the request asks for, its keys noted: four queries at most."""
    found = read(scope)
    page = stories(request, found)
    show_signed(page.articles)
    depends_on(scope.key, until=found.next_change())
    return page


def read(scope: Scope) -> Listed:
    """The list as pages read it."""
    return Listed(_LISTINGS[scope.kind], scope.owner)


def _coming_in_section(section: Any) -> ArticleQuerySet:
    """“+ 0” keeps SQLite from reading the whole section: it takes the indexes of what is to come instead."""
    return Article.objects.alias(own_section=F("section_id") + 0).filter(own_section=section)


_LISTINGS: dict[Owner, Listing] = {
    kind: Listing(found, _coming_in_section if kind is Owner.SECTION else None) for kind, found in FOUND.items()
}
