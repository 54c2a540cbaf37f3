"""What every format is read into: rows of named columns, with the lines they stood on."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.utils.translation import gettext as _

MOST_BYTES = 10_000_000
"""Of a list or a feed, unpacked: with ``MOST_ROWS`` what is read and written in a few seconds."""

MOST_ROWS = 10_000
LONGEST_FIELD = 10_000
"""Characters; shops put whole brochures into descriptions, which nobody takes over."""

COLUMNS = {
    "sku": "sku id articlenumber articleno itemnumber itemid productid merchantproductid artikelnummer artnr",
    "gtin": "gtin gtin8 gtin12 gtin13 gtin14 ean ean13 upc barcode",
    "name": "name title productname product producttitle bezeichnung titel",
    "brand": "brand brandname manufacturer marke hersteller",
    "description": "description shortdescription beschreibung",
    "url": "url link deeplink producturl productlink awdeeplink",
    "price": "price searchprice preis grossprice",
    "currency": "currency currencycode waehrung wahrung währung",
    "available": "available availability instock stockstatus verfügbar lieferbar",
}
"""Our columns, and the names under which shops send them: small letters, nothing between the words."""

_BY_NAME = {name: column for column, names in COLUMNS.items() for name in names.split()}


class Unreadable(Exception):  # noqa: N818 - it says what was wrong with the list, not with us
    """Why nothing of a list could be read, in words."""


@dataclass(frozen=True)
class Row:
    """One product as it was sent, by our columns, and the line it began on."""

    line: int
    fields: Mapping[str, str]
    problem: str = ""


@dataclass(frozen=True)
class Sheet:
    """A whole list, and what had to be assumed to read it."""

    rows: list[Row]
    notes: tuple[str, ...] = ()


def column_of(name: str) -> str:
    """Which of our columns somebody's heading means; empty for none."""
    return _BY_NAME.get("".join(character for character in name.casefold() if character.isalnum()), "")


def require_columns(found: set[str]) -> None:
    """A list that names no product or no price is no price list. Raises ``Unreadable``."""
    if not found & {"sku", "gtin"}:
        raise Unreadable(_("No column names the products: one must be called “sku” or “gtin”."))
    if "price" not in found:
        raise Unreadable(_("No column is called “price”."))


def too_many() -> Unreadable:
    """For a list with more rows than are taken at a time."""
    return Unreadable(_("The list has more than %(most)d rows; send it in parts.") % {"most": MOST_ROWS})
