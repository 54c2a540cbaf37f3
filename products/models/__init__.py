"""Products, what they cost where, and beside which stories they stand."""

from products.models.delivery import Delivery, MerchantFeed
from products.models.merchant import HOSTS_FRESH_AFTER, RENDER_LINKS, Merchant
from products.models.offer import Offer, SeenHow
from products.models.placement import Placement
from products.models.product import Product, pictures_in_boxes
from products.models.web_addresses import web_address

__all__ = [
    "HOSTS_FRESH_AFTER",
    "RENDER_LINKS",
    "Delivery",
    "Merchant",
    "MerchantFeed",
    "Offer",
    "Placement",
    "Product",
    "SeenHow",
    "pictures_in_boxes",
    "web_address",
]
