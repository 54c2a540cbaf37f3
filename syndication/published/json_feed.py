"""JSON Feed 1.1."""

from typing import Any

from django.conf import settings

from syndication.json import filled, written
from syndication.published.feed import Entry, Feed
from syndication.text import plain

VERSION = "https://jsonfeed.org/version/1.1"


def write(feed: Feed) -> bytes:
    """The feed as a JSON Feed document."""
    document = filled(
        version=VERSION,
        title=plain(feed.title) or settings.BASE_URL,
        home_page_url=feed.page_address,
        feed_url=feed.own_address,
        description=plain(feed.about),
        language=settings.LANGUAGE_CODE,
        authors=[{"name": plain(settings.SITE_NAME), "url": settings.BASE_URL}],
        hubs=[{"type": "WebSub", "url": feed.hub}] if feed.hub else [],
    )
    return written({**document, "items": [_item(entry) for entry in feed.entries]})


def _item(entry: Entry) -> dict[str, Any]:
    return filled(
        id=entry.identity,
        url=entry.url,
        external_url=entry.original,
        title=entry.title,
        content_html=entry.html,
        content_text="" if entry.html else entry.summary or entry.title or entry.url,
        summary=entry.summary,
        image=entry.picture.url if entry.picture else "",
        date_published=entry.published.isoformat(timespec="seconds"),
        date_modified=entry.updated.isoformat(timespec="seconds"),
        authors=[filled(name=plain(person.name), url=person.url) for person in entry.people],
        tags=[plain(category) for category in entry.categories],
        language=settings.LANGUAGE_CODE,
        _newsroom={"rights": entry.rights} if entry.rights else {},
    )
