"""One row of a list, judged: what it says of a product, or why it cannot be taken."""

from dataclasses import dataclass
from decimal import Decimal

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from outbox.inert import neutral
from products.deliveries.sheet import Row
from products.models import Offer, Product, web_address
from products.models.trade_numbers import trade_number
from products.price_reading import read_price

AVAILABLE = frozenset(
    ["yes", "y", "true", "1", "available", "instock", "in_stock", "limitedavailability", "ja", "oui", "si", "lieferbar"]
)
GONE = frozenset(
    [
        "no",
        "n",
        "false",
        "0",
        "unavailable",
        "outofstock",
        "out_of_stock",
        "soldout",
        "sold_out",
        "discontinued",
        "preorder",
        "backorder",
        "nein",
        "non",
    ]
)


@dataclass(frozen=True)
class Wanted:
    """What a shop says of one product: texts are empty, ``available`` is ``None``, where it says nothing."""

    line: int
    sku: str
    gtin: str
    price: Decimal
    currency: str
    url: str
    available: bool | None
    name: str
    brand: str
    description: str
    left_out: bool = False
    """Whether a description was too long to be taken over."""

    @property
    def label(self) -> str:
        """How the report names it."""
        return self.name or self.sku or self.gtin


def judge(row: Row) -> Wanted:
    """What the row says. Raises ``ValidationError``, in words, for the first thing that is wrong with it."""
    if row.problem:
        raise ValidationError(row.problem)
    fields = {column: _inert(column, text) for column, text in row.fields.items()}
    sku, gtin = _short(fields, "sku", _most(Offer, "sku")), fields.get("gtin", "")
    if gtin:
        trade_number(gtin)
    if not sku and not gtin:
        raise ValidationError(_("It has neither article number nor GTIN."))
    price = read_price(fields.get("price", ""))
    if not price.amount:
        raise ValidationError(_("A price of 0 is no price; leave the row out, or say that it is sold out."))
    description = fields.get("description", "")
    fits = len(description) <= _most(Product, "description")
    return Wanted(
        line=row.line,
        sku=sku,
        gtin=gtin,
        price=price.amount,
        currency=_currency(price.currency, fields.get("currency", "")),
        url=_url(fields),
        available=_available(fields.get("available", "")),
        name=_short(fields, "name", _most(Product, "name")),
        brand=_short(fields, "brand", _most(Product, "brand")),
        description=description if fits else "",
        left_out=not fits,
    )


def _most(model: type[Offer] | type[Product], field: str) -> int:
    """The longest text the column holds."""
    return int(getattr(model._meta.get_field(field), "max_length", 0) or 0)


def _inert(column: str, text: str) -> str:
    if neutral(text) != text and column != "description":
        raise ValidationError(_("“%(column)s” holds characters that nobody sees."), params={"column": column})
    return " ".join(neutral(text).split())


def _short(fields: dict[str, str], column: str, most: int) -> str:
    text = fields.get(column, "")
    if len(text) > most:
        words = _("“%(column)s” is longer than %(most)d characters.")
        raise ValidationError(words, params={"column": column, "most": most})
    return text


def _url(fields: dict[str, str]) -> str:
    url = _short(fields, "url", _most(Offer, "url"))
    if url:
        web_address(url)
    return url


def _currency(beside: str, column: str) -> str:
    code = column.upper()
    if code and not (len(code) == 3 and code.isascii() and code.isalpha()):  # noqa: PLR2004 - ISO 4217
        raise ValidationError(
            _("“%(currency)s” is no currency; write three letters, such as EUR."), params={"currency": column[:20]}
        )
    if code and beside and code != beside:
        raise ValidationError(
            _("The price says %(one)s, the currency %(other)s."), params={"one": beside, "other": code}
        )
    return code or beside


def _available(text: str) -> bool | None:
    word = "".join(text.lower().split()).replace("-", "").rpartition("/")[2]
    if not word:
        return None
    if word in AVAILABLE or word in GONE:
        return word in AVAILABLE
    raise ValidationError(
        _("“%(text)s” does not say whether it is available; write yes or no."), params={"text": text[:40]}
    )
