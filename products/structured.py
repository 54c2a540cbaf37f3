"""What the boxes tell machines: schema.org ``Product``, ``Offer`` and our own ``Review``."""

from collections.abc import Iterable
from typing import Any
from urllib.parse import urljoin

from django.conf import settings
from django.utils.safestring import SafeString

from images.renditions import best, public_address
from outbox.data_blocks import data_block
from products.boxes import ProductCard
from products.models import BEST_RATING

PICTURE_RATIO, PICTURE_WIDTH = "1:1", 600


def told(cards: Iterable[ProductCard]) -> SafeString:
    """The data block of a box: the products that have a price that holds, or a review of ours; empty without any."""
    graph = [_product(card) for card in cards if not card.offer.is_old or card.product.rating is not None]
    return data_block({"@graph": graph}) if graph else SafeString()


def _product(card: ProductCard) -> dict[str, Any]:
    product = card.product
    said: dict[str, Any] = {"@type": "Product", "name": product.name}
    if product.brand:
        said["brand"] = {"@type": "Brand", "name": product.brand}
    if product.gtin:
        said["gtin"] = product.gtin
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
