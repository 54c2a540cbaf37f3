"""Prices in the words of the site's language."""

from decimal import ROUND_HALF_UP, Decimal
from functools import lru_cache

from django.utils import formats
from django.utils.translation import get_language

SYMBOLS = {"EUR": "€", "GBP": "£", "USD": "$", "JPY": "¥", "CNY": "CN¥", "INR": "₹", "KRW": "₩", "CHF": "CHF"}
"""Currencies readers know by a sign; all others are shown by their three letters."""

WITHOUT_CENTS = frozenset({"JPY", "KRW", "ISK", "CLP", "VND", "HUF", "XOF", "XAF", "UGX", "PYG"})

SIGN_FIRST = frozenset({"en", "ga", "cy", "mt", "ja", "ko", "zh", "th", "hi", "nl", "tr"})
"""Languages that write the sign before the number; the others write it behind (Unicode CLDR)."""

NO_BREAK_SPACE = "\u00a0"


def price_text(amount: Decimal, currency: str) -> str:
    """``€1,234.50`` in English, ``1.234,50 €`` in German; never broken across lines."""
    return _price_text(amount, currency, get_language() or "en")


@lru_cache(maxsize=4_096)
def _price_text(amount: Decimal, currency: str, language: str) -> str:
    places = 0 if currency in WITHOUT_CENTS else 2
    rounded = amount.quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)
    number = formats.number_format(rounded, places, force_grouping=True)
    sign = SYMBOLS.get(currency, currency)
    if language.split("-", maxsplit=1)[0] not in SIGN_FIRST:
        return f"{number}{NO_BREAK_SPACE}{sign}"
    return f"{sign}{NO_BREAK_SPACE}{number}" if sign.isalpha() else f"{sign}{number}"
