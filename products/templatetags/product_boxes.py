"""``{% products "top" %}`` and ``"bottom"``, ``{% product_card card %}`` and ``{% affiliate_disclosure %}``."""

from typing import Any

from django import template
from django.utils.safestring import SafeString

from products.affiliate_links import needs_disclosure
from products.boxes import ProductCard, boxes_on_page
from products.markup import card_markup

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


@register.simple_tag
def product_card(card: ProductCard) -> SafeString:
    """One product in a box."""
    return card_markup(card)
