"""The card of a product, written without a template for each."""

from collections.abc import Iterable
from functools import lru_cache
from html import escape
from math import cos, pi, sin
from typing import NamedTuple

from django.utils import timezone
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from articles.page_markup import moment_text
from images.markup import image_markup
from products.boxes import ProductCard
from products.models import BEST_RATING, Layout

RATIO = "1:1"
SIZES = {Layout.SINGLE: "(min-width: 48rem) 16rem, 7rem", Layout.LIST: "3.25rem"}
USUAL_SIZES = "(min-width: 48rem) 14rem, 6rem"


class Words(NamedTuple):
    """What stands on every card in one language, as HTML; ``…_of`` and ``…_at`` take what they speak of."""

    rating: str
    rating_of: str
    check_price: str
    price_as_of: str
    offered_at: str


@lru_cache(maxsize=64)
def _words(_language: str | None) -> Words:
    return Words(
        rating=escape(_("Our rating:")),
        rating_of=escape(_("%(rating)s of %(best)d")),
        check_price=escape(_("Check price")),
        price_as_of=escape(_("Price as of")),
        offered_at=escape(_("at %(name)s")),
    )


def _star(number: int) -> str:
    """The outline of one star in a row of them, each on a ground of 10 by 10."""
    turns = [(turn * pi / 5 - pi / 2, 1.9 if turn % 2 else 4.6) for turn in range(10)]
    points = (f"{10 * number + 5 + far * cos(angle):.1f} {5.25 + far * sin(angle):.1f}" for angle, far in turns)
    return f"M{'L'.join(points)}z"


_STARS = "".join(_star(number) for number in range(BEST_RATING))


def card_markup(card: ProductCard) -> SafeString:
    """One product: the link on its name covers the whole card, the picture included."""
    product = card.product
    plain = "" if product.picture else " product-card--plain"
    return mark_safe(  # noqa: S308 - every part is escaped
        f'<article class="product-card product-card--{escape(card.layout)}{plain}">\n{_picture(card)}'
        f'<div class="product-card__words">\n{_line("brand", product.brand)}'
        f'<h3 class="product-card__name"><a class="product-card__link" href="{escape(card.address)}" '
        f'rel="{card.merchant.link_rel}">{escape(product.name)}</a></h3>\n'
        f"{_rating(card)}{_line('description', product.description)}{_points(card)}{_offer(card)}</div>\n</article>"
    )


def _picture(card: ProductCard) -> str:
    found = card.product.picture
    if not found:
        return ""
    sizes = SIZES.get(Layout(card.layout), USUAL_SIZES)
    return f'<div class="product-card__picture">{image_markup(found, ratio=RATIO, sizes=sizes)}</div>\n'


def _line(name: str, words: str) -> str:
    return f'<p class="product-card__{name}">{escape(words)}</p>\n' if words else ""


def _rating(card: ProductCard) -> str:
    """Five stars, filled to the tenth, and the same in words."""
    tenths = card.rating_tenths
    if tenths is None:
        return ""
    words = _words(get_language())
    rated = words.rating_of % {"rating": card.product.rating, "best": BEST_RATING}
    return (
        '<p class="rating"><svg class="rating__stars" viewBox="0 0 50 10" width="80" height="16" aria-hidden="true">'
        f'<path class="rating__empty" d="{_STARS}"/><svg x="0" y="0" width="{tenths}" height="10" '
        f'viewBox="0 0 {tenths} 10" preserveAspectRatio="xMinYMin slice"><path class="rating__full" d="{_STARS}"/>'
        f'</svg></svg> <span class="rating__words"><span class="visually-hidden">{words.rating} </span>'
        f"{rated}</span></p>\n"
    )


def _points(card: ProductCard) -> str:
    """What speaks for it and against it, on a card of its own."""
    if card.layout != Layout.SINGLE:
        return ""
    lists = _listed("for", _("For it"), card.product.pro_points)
    lists += _listed("against", _("Against it"), card.product.con_points)
    return f'<div class="points">{lists}</div>\n' if lists else ""


def _listed(kind: str, label: str, points: Iterable[str]) -> str:
    lines = "".join(f"<li>{escape(point)}</li>" for point in points)
    return f'<ul class="points__list points__list--{kind}" aria-label="{escape(label)}">{lines}</ul>' if lines else ""


def _offer(card: ProductCard) -> str:
    """What it costs where, as of when; a price older than the shop's rule is not shown."""
    words = _words(get_language())
    price = words.check_price if card.offer.is_old else escape(card.price)
    merchant = words.offered_at % {"name": escape(card.merchant.name)}
    said = (
        f'<p class="product-card__offer"><span class="product-card__price">{price}</span> '
        f'<span class="product-card__merchant">{merchant}</span></p>\n'
    )
    if card.offer.is_old:
        return said
    seen = timezone.localtime(card.offer.seen_at)
    return (
        f'{said}<p class="product-card__seen">{words.price_as_of} '
        f'<time datetime="{seen.isoformat()}">{escape(moment_text(seen, "DATE_FORMAT"))}</time></p>\n'
    )
