"""What a list does not name any more: sold out, where a shop's lists are whole."""

from collections.abc import Iterable, Iterator
from dataclasses import replace

from django.utils.translation import gettext as _

from outbox.inert import neutral
from products.deliveries.sheet import Row, Sheet, Unreadable
from products.deliveries.wanted import Wanted
from products.models import Merchant, Offer

MOST_MISSING = 0.5
"""Of a shop's offers. A list that names fewer was cut off, or is of something else, more often than so much is gone."""


def named_means_available(wanted: Wanted) -> Wanted:
    """In a whole list whatever is named without a word about it can be had."""
    return replace(wanted, available=True) if wanted.available is None else wanted


def names_nobody_can_read(sheet: Sheet) -> list[int]:
    """The lines of rows that may name any product: they are broken, or a number in them is."""
    return [row.line for row in sheet.rows if not row.fields or any(neutral(text) != text for text in _written(row))]


def missing_from(sheet: Sheet, merchant: Merchant, *, lock: bool) -> list[Offer]:
    """The shop's available offers that no row names, not even one that is refused.

    Offers without a number are left alone: no list could name them. Raises
    ``Unreadable`` where it would be more than ``MOST_MISSING`` of them.
    """
    skus, gtins = _numbers(sheet.rows, "sku"), _numbers(sheet.rows, "gtin")
    offers = Offer.objects.filter(merchant=merchant, available=True).select_related("product").order_by("pk")
    offers = offers.select_for_update(of=("self",), no_key=True) if lock else offers
    nameable = [offer for offer in offers if offer.sku or offer.product.gtin]
    missing = [offer for offer in nameable if offer.sku not in skus and offer.product.gtin not in gtins]
    if len(missing) > len(nameable) * MOST_MISSING:
        words = _(
            "%(missing)d of the shop’s %(all)d offers would be sold out, as the list does not name them:"
            " more than half. Nothing is written; look whether the list is whole."
        )
        raise Unreadable(words % {"missing": len(missing), "all": len(nameable)})
    return missing


def _written(row: Row) -> Iterator[str]:
    return (row.fields.get(column, "") for column in ("sku", "gtin"))


def _numbers(rows: Iterable[Row], column: str) -> set[str]:
    return {" ".join(text.split()) for row in rows if (text := row.fields.get(column, ""))}
