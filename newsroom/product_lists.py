"""What waits for whoever says what products cost: one query, whatever waits."""

from django.urls import reverse
from django.utils.translation import gettext as _

from newsroom.worklists import SHOWN, Row, Worklist, when
from people.models import User
from products.models import Offer
from products.prices import price_text
from products.pricing import may_note


def prices(user: User) -> list[Worklist]:
    """Prices that are older than their shops' rules, the oldest first; nothing where there are none."""
    offers = Offer.objects.to_look_at().select_related("product", "merchant") if may_note(user) else ()
    rows = [_row(offer) for offer in offers[: SHOWN + 1]]
    more = reverse("admin:products_product_prices")
    return [Worklist("prices", _("Prices to look at"), rows, more, "")] if rows else []


def _row(offer: Offer) -> Row:
    url = f"{reverse('admin:products_product_prices')}#offer-{offer.pk}"
    about = (offer.merchant.name, price_text(offer.price, offer.currency))
    return Row(offer.product.name, url, offer.seen_at, when(offer.seen_at), about)
