"""The card of a product, written without a template for each."""

from django.utils import timezone
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from articles.page_markup import moment_text
from images.markup import image_markup
from products.boxes import ProductCard

RATIO, SIZES = "1:1", "(min-width: 48rem) 14rem, 6rem"


def card_markup(card: ProductCard) -> SafeString:
    """One product: the link on its name covers the whole card, the picture included."""
    product, offer = card.product, card.offer
    plain = "" if product.picture else " product-card--plain"
    return mark_safe(  # noqa: S308 - every part is escaped
        f'<article class="product-card{plain}">\n{_picture(card)}<div class="product-card__words">\n'
        f"{_line('brand', product.brand)}"
        f'<h3 class="product-card__name"><a class="product-card__link" href="{escape(offer.url)}" '
        f'rel="{card.merchant.link_rel}">{escape(product.name)}</a></h3>\n'
        f"{_line('description', product.description)}{_offer(card)}</div>\n</article>"
    )


def _picture(card: ProductCard) -> str:
    found = card.product.picture
    return (
        f'<div class="product-card__picture">{image_markup(found, ratio=RATIO, sizes=SIZES)}</div>\n' if found else ""
    )


def _line(name: str, words: str) -> str:
    return f'<p class="product-card__{name}">{escape(words)}</p>\n' if words else ""


def _offer(card: ProductCard) -> str:
    merchant = escape(_("at %(name)s") % {"name": card.merchant.name})
    seen = timezone.localtime(card.offer.seen_at)
    return (
        f'<p class="product-card__offer"><span class="product-card__price">{escape(card.price)}</span> '
        f'<span class="product-card__merchant">{merchant}</span></p>\n'
        f'<p class="product-card__seen">{escape(_("Price as of"))} '
        f'<time datetime="{seen.isoformat()}">{escape(moment_text(seen, "DATE_FORMAT"))}</time></p>\n'
    )
