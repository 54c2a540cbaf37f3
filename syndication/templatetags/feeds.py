"""``{% feed_links %}`` and ``{% feed_address %}``: where a page's feeds are."""

from django import template

from syndication.addresses import feed_path

register = template.Library()


@register.simple_tag
def feed_address(form: str, kind: str = "site", slug: str = "") -> str:
    """The path of a feed: ``{% feed_address "rss.xml" "section" section.slug %}``."""
    return feed_path(form, kind, slug)
