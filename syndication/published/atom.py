"""Atom (RFC 4287) with Media RSS for the pictures."""

from datetime import datetime
from xml.etree.ElementTree import Element

from django.conf import settings

from syndication.published.feed import Entry, Feed, Person
from syndication.published.media import add_picture
from syndication.text import plain
from syndication.xml import NAMESPACES, add, written


def write(feed: Feed) -> bytes:
    """The feed as an Atom document."""
    root = Element("feed", {"xml:lang": settings.LANGUAGE_CODE})
    add(root, "title", plain(feed.title))
    add(root, "subtitle", plain(feed.about))
    add(root, "id", feed.own_address)
    add(root, "updated", _date(feed.updated))
    add(root, "link", rel="self", href=feed.own_address, type="application/atom+xml")
    add(root, "link", rel="alternate", href=feed.page_address, type="text/html")
    if feed.hub:
        add(root, "link", rel="hub", href=feed.hub)
    _add_author(root, Person(settings.SITE_NAME, settings.BASE_URL))
    for entry in feed.entries:
        _add_entry(root, entry)
    return written(root, default=NAMESPACES["atom"])


def _add_entry(root: Element, entry: Entry) -> None:
    item = add(root, "entry")
    add(item, "title", entry.title)
    add(item, "id", entry.identity)
    add(item, "published", _date(entry.published))
    add(item, "updated", _date(entry.updated))
    add(item, "link", rel="alternate", href=entry.url, type="text/html")
    if entry.original:
        add(item, "link", rel="via", href=entry.original)
    for person in entry.people:
        _add_author(item, person)
    for category in entry.categories:
        add(item, "category", term=plain(category))
    if entry.summary:
        add(item, "summary", entry.summary)
    if entry.html:
        add(item, "content", entry.html, type="html")
    if entry.rights:
        add(item, "rights", entry.rights)
    add_picture(item, entry.picture)


def _add_author(parent: Element, person: Person) -> None:
    author = add(parent, "author")
    add(author, "name", plain(person.name))
    if person.url:
        add(author, "uri", person.url)


def _date(moment: datetime) -> str:
    return moment.isoformat(timespec="seconds")
