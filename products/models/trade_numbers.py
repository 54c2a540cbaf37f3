"""Numbers of the trade: GTIN, which bar codes carry (GS1 General Specifications; EAN and UPC are shorter ones)."""

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

GTIN_LENGTHS = frozenset({8, 12, 13, 14})


def trade_number(text: str) -> None:
    """Refuse what is no GTIN: 8, 12, 13 or 14 digits, the last of which follows from the others."""
    if len(text) not in GTIN_LENGTHS or not (text.isascii() and text.isdecimal()) or not _checks(text):
        raise ValidationError(_("This is no GTIN: 8, 12, 13 or 14 digits, with the right one at the end."), code="gtin")


def _checks(digits: str) -> bool:
    """Whether the last digit is right: weights 1 and 3 in turn from the end, the sum a multiple of ten."""
    return sum(int(digit) * (3 if place % 2 else 1) for place, digit in enumerate(reversed(digits))) % 10 == 0
