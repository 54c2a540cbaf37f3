"""``{% products "top" %}``, ``{% products "bottom" %}`` and ``{% affiliate_disclosure %}``."""

from typing import Any

from django import template

from products.affiliate_links import needs_disclosure
from products.boxes import boxes_on_page

register = template.Library()


@register.inclusion_tag("products/box.html", takes_context=True)
def products(context: template.Context, place: str) -> dict[str, Any]:
    """The box above (``top``) or below (``bottom``) the story; nothing at all when it is empty."""
    plan = context["plan"]
    cards = getattr(boxes_on_page(context["article"], plan), place)
    plan.product_ids |= {card.product.pk for card in cards}
    return {"cards": cards, "place": place}


@register.inclusion_tag("products/disclosure.html", takes_context=True)
def affiliate_disclosure(context: template.Context) -> dict[str, Any]:
    """The line that says so when a paid link stands anywhere on the page."""
    return {"paid": needs_disclosure(context["article"], context["plan"])}
