"""Products, what they cost where, and beside which stories they stand."""

from products.models.click import BELOW, ClickCount
from products.models.delivery import Delivery, MerchantFeed
from products.models.match import ArticleBoxes, Match, Phrase
from products.models.merchant import HOSTS_FRESH_AFTER, RENDER_LINKS, Merchant
from products.models.offer import CURRENCY, Offer, SeenHow
from products.models.placement import Layout, Placement
from products.models.product import (
    BEST_RATING,
    WORDS_CHANGED,
    Product,
    pictures_in_boxes,
    show_picture,
    withdraw_picture,
)
from products.models.web_addresses import host_of, spellings, web_address

__all__ = [
    "BELOW",
    "BEST_RATING",
    "CURRENCY",
    "HOSTS_FRESH_AFTER",
    "RENDER_LINKS",
    "WORDS_CHANGED",
    "ArticleBoxes",
    "ClickCount",
    "Delivery",
    "Layout",
    "Match",
    "Merchant",
    "MerchantFeed",
    "Offer",
    "Phrase",
    "Placement",
    "Product",
    "SeenHow",
    "host_of",
    "pictures_in_boxes",
    "show_picture",
    "spellings",
    "web_address",
    "withdraw_picture",
]
