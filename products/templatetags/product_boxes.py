"""``{% products "top" %}`` and ``"bottom"``, ``{% product_groups groups %}`` and ``{% affiliate_disclosure %}``."""

from collections.abc import Iterable, Sequence
from html import escape
from typing import Any

from django import template
from django.utils.safestring import SafeString, mark_safe

from pagecache.templatetags.pieces import piece
from products.affiliate_links import needs_disclosure
from products.boxes import ProductCard, boxes_on_page, groups
from products.markup import card_markup
from products.structured import told

register = template.Library()


@register.inclusion_tag("products/box.html", takes_context=True)
def products(context: template.Context, place: str) -> dict[str, Any]:
    """The box above (``top``) or below (``bottom``) the story; nothing at all when it is empty."""
    plan = context["plan"]
    cards = getattr(boxes_on_page(context["article"], plan), place)
    plan.product_ids |= {card.product.pk for card in cards}
    return box_context(cards, place)


def box_context(cards: Sequence[ProductCard], place: str) -> dict[str, Any]:
    """What a box's template needs: its cards by layout, and what they tell machines."""
    return {
        "cards": cards,
        "groups": groups(cards),
        "place": place,
        "paid": any(card.merchant.affiliate for card in cards),
        "data": told(cards),
    }


@register.simple_tag(takes_context=True)
def affiliate_disclosure(context: template.Context) -> SafeString:
    """The line that says so when a paid link stands anywhere on the page."""
    return piece("products/disclosure.html", paid=needs_disclosure(context["article"], context["plan"]))


@register.simple_tag
def product_groups(groups: Iterable[tuple[str, Sequence[ProductCard]]]) -> SafeString:
    """The lists of a box, those of one layout together."""
    return mark_safe("".join(_list(layout, together) for layout, together in groups))  # noqa: S308 - cards are escaped


def _list(layout: str, cards: Sequence[ProductCard]) -> str:
    lines = "".join(f'<li class="product-box__item">{card_markup(card)}</li>\n        ' for card in cards)
    kinds = f"product-box__list--{escape(layout)} product-box__list--{len(cards)}"
    return f'\n      <ul class="product-box__list {kinds}">\n        {lines}\n      </ul>\n    '
