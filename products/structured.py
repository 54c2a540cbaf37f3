"""What the boxes tell machines: schema.org ``Product``, ``Offer`` and our own ``Review``."""

import json
from collections.abc import Iterable
from typing import Any
from urllib.parse import urljoin

from django.conf import settings
from django.utils.safestring import SafeString, mark_safe

from images.renditions import best, public_address
from products.boxes import ProductCard
from products.models import BEST_RATING

_ESCAPES = {ord("<"): "\\u003C", ord(">"): "\\u003E", ord("&"): "\\u0026", 0x2028: "\\u2028", 0x2029: "\\u2029"}

PICTURE_RATIO, PICTURE_WIDTH = "1:1", 600


def data_block(data: Any) -> SafeString:
    """A data block of JSON-LD, whatever its words hold: nothing in it can end the element or begin another."""
    text = json.dumps(data, ensure_ascii=False, separators=(",", ":")).translate(_ESCAPES)
    return mark_safe(f'<script type="application/ld+json">{text}</script>')  # noqa: S308 - escaped above


def told(cards: Iterable[ProductCard]) -> dict[str, Any]:
    """The graph of a box."""
    return {"@context": "https://schema.org", "@graph": [_product(card) for card in cards]}


def _product(card: ProductCard) -> dict[str, Any]:
    product = card.product
    said: dict[str, Any] = {"@type": "Product", "name": product.name}
    if product.brand:
        said["brand"] = {"@type": "Brand", "name": product.brand}
    if product.description:
        said["description"] = product.description
    made = best(product.picture, PICTURE_RATIO, PICTURE_WIDTH)
    if made and product.picture:
        said["image"] = urljoin(settings.BASE_URL, public_address(product.picture, made))
    if not card.offer.is_old:
        said["offers"] = _offer(card)
    if product.rating is not None:
        said["review"] = _review(card)
    return said


def _offer(card: ProductCard) -> dict[str, Any]:
    return {
        "@type": "Offer",
        "price": f"{card.offer.price:.2f}",
        "priceCurrency": card.offer.currency,
        "availability": "https://schema.org/InStock",
        "url": urljoin(settings.BASE_URL, card.address),
        "seller": {"@type": "Organization", "name": card.merchant.name},
    }


def _review(card: ProductCard) -> dict[str, Any]:
    product = card.product
    review: dict[str, Any] = {
        "@type": "Review",
        "author": {"@type": "Organization", "name": settings.SITE_NAME},
        "reviewRating": {
            "@type": "Rating",
            "ratingValue": str(product.rating),
            "bestRating": str(BEST_RATING),
            "worstRating": "0",
        },
    }
    for name, points in (("positiveNotes", product.pro_points), ("negativeNotes", product.con_points)):
        if points:
            review[name] = {"@type": "ItemList", "itemListElement": _listed(points)}
    return review


def _listed(points: list[str]) -> list[dict[str, Any]]:
    return [{"@type": "ListItem", "position": place, "name": point} for place, point in enumerate(points, start=1)]
