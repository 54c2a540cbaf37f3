"""Sitemaps as XML; lines are put together as text, because a part holds thousands of addresses."""

from collections.abc import Iterable
from datetime import datetime
from xml.sax.saxutils import escape

from django.utils import timezone

from syndication.sitemaps.news import NewsStory
from syndication.sitemaps.parts import Place
from syndication.text import legal
from syndication.xml import NAMESPACES

HEAD = '<?xml version="1.0" encoding="UTF-8"?>\n'
SITEMAP = "http://www.sitemaps.org/schemas/sitemap/0.9"


def index(addresses: Iterable[str]) -> str:
    """The index of all parts."""
    lines = "".join(f"<sitemap><loc>{escape(address)}</loc></sitemap>\n" for address in addresses)
    return f'{HEAD}<sitemapindex xmlns="{SITEMAP}">\n{lines}</sitemapindex>\n'


def part(places: Iterable[Place]) -> str:
    """One part."""
    return _urlset("image", "".join(map(_place, places)))


def news(stories: Iterable[NewsStory], name: str, language: str) -> str:
    """The part for Google News."""
    about = (
        f"<news:publication><news:name>{_words(name)}</news:name>"
        f"<news:language>{_words(language)}</news:language></news:publication>"
    )
    return _urlset("news", "".join(_news_story(story, about) for story in stories))


def _urlset(prefix: str, lines: str) -> str:
    return f'{HEAD}<urlset xmlns="{SITEMAP}" xmlns:{prefix}="{NAMESPACES[prefix]}">\n{lines}</urlset>\n'


def _place(place: Place) -> str:
    changed = f"<lastmod>{_instant(place.changed)}</lastmod>" if place.changed else ""
    picture = f"<image:image><image:loc>{escape(place.picture)}</image:loc></image:image>" if place.picture else ""
    return f"<url><loc>{escape(place.address)}</loc>{changed}{picture}</url>\n"


def _news_story(story: NewsStory, about: str) -> str:
    return (
        f"<url><loc>{escape(story.address)}</loc><news:news>{about}"
        f"<news:publication_date>{_instant(story.published)}</news:publication_date>"
        f"<news:title>{_words(story.title)}</news:title></news:news></url>\n"
    )


def _instant(moment: datetime) -> str:
    return timezone.localtime(moment).isoformat(timespec="seconds")


def _words(text: str) -> str:
    return escape(legal(text))
