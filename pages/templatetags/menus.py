"""The menus, for the page frame."""

from typing import NamedTuple

from django import template

from pagecache.addresses import address
from pages.menus import Link
from pages.menus import menus as read_menus

register = template.Library()


class Frame(NamedTuple):
    """What the frame of a page leads to. ``present``: the page's own address where that is one of these, else empty."""

    main: tuple[Link, ...]
    footer: tuple[Link, ...]
    present: str


@register.simple_tag(takes_context=True)
def menus(context: template.Context) -> Frame:
    """``{% menus as links %}``: the links of the main menu and the footer."""
    found = read_menus()
    path = context["request"].path if "request" in context else ""
    known = {address(name) for name in ("pages:archive", "pages:search", "pages:corrections", "syndication:feeds")}
    known |= {link.href for link in (*found.main, *found.footer)}
    return Frame(found.main, found.footer, path if path in known else "")
