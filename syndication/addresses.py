"""Whole addresses of this site, as machines elsewhere need them."""

from typing import Any

from django.conf import settings

from pagecache.addresses import address

FORMATS = {
    "rss.xml": "application/rss+xml",
    "atom.xml": "application/atom+xml",
    "feed.json": "application/feed+json",
    "ninjs.json": "application/json",
}
"""The last part of a feed's address, and its media type."""

SITE = "site"


def absolute(path: str) -> str:
    """The whole address of a path of ours; one that is whole already stays."""
    return f"{settings.BASE_URL}{path}" if path.startswith("/") and not path.startswith("//") else path


def feed_path(form: str, kind: str = SITE, slug: str = "") -> str:
    """The path of a feed of the whole site, or of one section, tag or author."""
    if kind == SITE:
        return address("syndication:site_feed", form)
    return address("syndication:feed", kind, slug, form)


def story_path(pk: Any) -> str:
    """The path of a story in ninjs; it stays whatever the story is called, so it is its identity elsewhere, too."""
    return address("syndication:story", pk)
