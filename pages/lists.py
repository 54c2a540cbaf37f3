"""A page of what a section, a topic or an author lists."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db.models import BigAutoField, DateTimeField
from django.http import HttpRequest
from django.utils import timezone

from articles.listing import FOUND, Scope
from articles.models import Article, ArticleQuerySet
from articles.shown import show_signed
from pagecache.prepared import Kind, Prepared
from pagecache.reading import depends_on
from pages.keyset import Cursor, Stories, newer, newest, older, stories

_ID: BigAutoField[int, int] = BigAutoField()


class Listing:
    """The queries of one kind of page, each built once; ``found`` says what such a page lists."""

    def __init__(self, found: Callable[[Any], ArticleQuerySet]) -> None:
        cards: dict[str, Kind] = {"owner": _ID, "now": DateTimeField()}
        place: dict[str, Kind] = {**cards, "at": DateTimeField(), "pk": _ID}
        self.newest = Prepared(lambda owner, now: newest(found(owner).public(now).cards()), **cards)
        self.older = Prepared(lambda owner, now, at, pk: older(found(owner).public(now).cards(), at, pk), **place)
        self.newer = Prepared(lambda owner, now, at, pk: newer(found(owner).public(now).cards(), at, pk), **place)


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


def listed(request: HttpRequest, scope: Scope) -> Stories:
    """The page of ``scope`` the request asks for, its keys noted: five queries at most."""
    depends_on(scope.key, until=scope.next_change())  # asked first: a moment that passes while we read counts
    page = stories(request, read(scope))
    show_signed(page.articles)
    return page


def read(scope: Scope) -> Listed:
    """The list as pages read it."""
    return Listed(_LISTINGS[scope.kind, scope.way], scope.owner)


_LISTINGS = {how: Listing(found) for how, found in FOUND.items()}
