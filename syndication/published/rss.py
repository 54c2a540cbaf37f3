"""RSS 2.0 with the modules that readers know: content, Dublin Core, Media RSS, Atom's links and dates."""

from datetime import datetime
from email.utils import format_datetime
from xml.etree.ElementTree import Element

from django.conf import settings

from syndication.published.feed import Entry, Feed
from syndication.published.media import add_picture
from syndication.text import plain
from syndication.xml import add, written


def write(feed: Feed) -> bytes:
    """The feed as an RSS document."""
    root = Element("rss", version="2.0")
    channel = add(root, "channel")
    add(channel, "title", plain(feed.title))
    add(channel, "link", feed.page_address)
    add(channel, "description", plain(feed.about) or plain(feed.title))
    add(channel, "language", settings.LANGUAGE_CODE)
    add(channel, "lastBuildDate", _date(feed.updated))
    add(channel, "docs", "https://www.rssboard.org/rss-specification")
    add(channel, "atom:link", rel="self", href=feed.own_address, type="application/rss+xml")
    if feed.hub:
        add(channel, "atom:link", rel="hub", href=feed.hub)
    for entry in feed.entries:
        _add_entry(channel, entry)
    return written(root)


def _add_entry(channel: Element, entry: Entry) -> None:
    item = add(channel, "item")
    add(item, "title", entry.title)
    add(item, "link", entry.url)
    add(item, "guid", entry.identity, isPermaLink="false")
    add(item, "pubDate", _date(entry.published))
    add(item, "atom:updated", entry.updated.isoformat(timespec="seconds"))
    for person in entry.people:
        add(item, "dc:creator", plain(person.name))
    for category in entry.categories:
        add(item, "category", plain(category))
    if entry.summary:
        add(item, "description", entry.summary)
    if entry.html:
        add(item, "content:encoded", entry.html)
    if entry.rights:
        add(item, "dc:rights", entry.rights)
    if entry.original:
        add(item, "dc:source", entry.original)
    add_picture(item, entry.picture)


def _date(moment: datetime) -> str:
    return format_datetime(moment)
