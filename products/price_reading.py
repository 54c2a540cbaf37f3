"""Prices as people and shops write them, read without guessing."""

import re
from decimal import Decimal
from typing import NamedTuple

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from products.prices import SYMBOLS

LONGEST = 40
"""Characters; the longest sensible price has half as many."""

HIGHEST = Decimal(99_999_999)
"""What the column holds; nothing anybody would put into a box costs more."""

_SIGNS = {sign: code for code, sign in SYMBOLS.items() if len(sign) == 1}
_AMOUNT = re.compile(r"\d+(?:[.,' ]\d+)*", re.ASCII)
_CODE = re.compile(r"[A-Za-z]{3}")
_BLANKS = re.compile(r"[\s\u00a0\u202f\u2009]+")
_DIGITS_OF_A_GROUP = 3
_CENTS = 2


class Price(NamedTuple):
    """An amount, and its currency where it was written beside it."""

    amount: Decimal
    currency: str


def read_price(text: str) -> Price:
    """``74.90``, ``1.234,50``, ``€ 1 234,50`` or ``74.90 EUR``. Raises ``ValidationError`` in words.

    Neither a comma nor a point is believed to mean anything where both
    readings are possible: ``1,234`` is refused.
    """
    words = _BLANKS.sub(" ", text).strip()
    if len(words) > LONGEST or not words.isprintable():
        raise _no_price(text)
    found = _AMOUNT.search(words)
    beside = (words[: found.start()] + words[found.end() :]).strip() if found else ""
    if not found or not _is_currency(beside):
        raise _no_price(text)
    amount = _amount(found[0])
    if amount > HIGHEST:
        raise ValidationError(_("“%(text)s” is higher than any price here can be."), params={"text": text[:LONGEST]})
    return Price(amount, _SIGNS.get(beside, beside.upper()))


def _is_currency(beside: str) -> bool:
    return not beside or beside in _SIGNS or bool(_CODE.fullmatch(beside))


def _amount(digits: str) -> Decimal:
    """What a number with separators means; the last one marks cents only where no other reading is possible."""
    marks = [character for character in digits if not character.isdecimal()]
    groups = re.split(r"[.,' ]", digits)
    if not marks:
        return Decimal(digits)
    cents = marks[-1] in ".," and marks.count(marks[-1]) == 1 and len(groups[-1]) != _DIGITS_OF_A_GROUP
    whole = groups[:-1] if cents else groups
    if not _is_grouped(whole, marks[:-1] if cents else marks) or len(groups[-1]) > _DIGITS_OF_A_GROUP:
        raise _no_price(digits)
    if len(marks) == 1 and not cents and marks[0] in ".,":
        words = _("“%(text)s” could mean two prices: write it with two digits behind the point or comma.")
        raise ValidationError(words, params={"text": digits})
    if cents and len(groups[-1].rstrip("0")) > _CENTS:
        raise _no_price(digits)
    return Decimal("".join(whole) + ("." + groups[-1] if cents else "")).quantize(Decimal("0.01"))


def _is_grouped(groups: list[str], marks: list[str]) -> bool:
    """Whether a whole number is cut into groups of three by one and the same mark."""
    if len(groups) == 1:
        return True
    thirds = all(len(group) == _DIGITS_OF_A_GROUP for group in groups[1:])
    return thirds and len(groups[0]) <= _DIGITS_OF_A_GROUP and len(set(marks)) == 1


def _no_price(text: str) -> ValidationError:
    return ValidationError(_("“%(text)s” is not a price. Write it as 1234.50."), params={"text": text[:LONGEST]})
