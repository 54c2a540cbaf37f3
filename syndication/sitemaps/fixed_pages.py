"""The part of the sitemap for pages of which there are few: what the rooms with pages say of themselves."""

from articles.registries import reader_pages
from syndication.addresses import absolute
from syndication.sitemaps.parts import Place


def fixed_pages() -> list[Place]:
    """Front page, sections, series, static pages; their keys noted."""
    return [Place(absolute(path), changed) for ask in reader_pages for path, changed in ask()]
