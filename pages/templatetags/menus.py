"""The menus, for the page frame."""

from django import template

from pages.menus import Menus
from pages.menus import menus as read_menus

register = template.Library()


@register.simple_tag
def menus() -> Menus:
    """``{% menus as links %}``: the links of the main menu and the footer."""
    return read_menus()
