"""What a list would change: made again before each rehearsal and, under locks, before it is applied."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import NamedTuple, TypeVar
from urllib.parse import urlsplit

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from products.deliveries.missing import missing_from, named_means_available, names_nobody_can_read
from products.deliveries.sheet import Sheet
from products.deliveries.wanted import Wanted, judge
from products.models import Merchant, Offer, Product
from products.prices import price_text

AT_ONCE = 400
"""Numbers asked for in one question; SQLite takes no more than a few thousand values."""

FARTHEST = 10
"""A price more than ten times, or less than a tenth of, the one we know is a mistake more often than news."""

T = TypeVar("T")


class Terms(NamedTuple):
    """What holds for a whole list."""

    merchant: Merchant
    currency: str
    """Of prices that name none."""

    as_of: datetime
    creates: bool
    """Whether products we do not have are taken over."""

    whole: bool = False
    """Whether what the list does not name is sold out."""


class Refusal(NamedTuple):
    """A row that is left out, and why."""

    line: int
    label: str
    reason: str


class Change(NamedTuple):
    """An offer that is known, and what the list says of it."""

    offer: Offer
    wanted: Wanted


@dataclass
class Plan:
    """What is to be written, and what is not."""

    terms: Terms
    created: list[tuple[Product | None, Wanted]] = field(default_factory=list)
    """Offers that are new, each with the product we have already, if we have."""

    changed: list[Change] = field(default_factory=list)
    same: list[Change] = field(default_factory=list)
    gone: list[Offer] = field(default_factory=list)
    """Offers that a whole list does not name any more."""

    refused: list[Refusal] = field(default_factory=list)
    unknown: int = 0
    """Rows of products we do not have, where none are taken over."""

    notes: list[str] = field(default_factory=list)
    hosts: Counter[str] = field(default_factory=Counter)


def make_plan(sheet: Sheet, terms: Terms, *, lock: bool = False) -> Plan:
    """Judge every row against what we have; ``lock`` holds the offers until the transaction ends.

    Raises ``Unreadable`` for a whole list that lacks too much.
    """
    plan = Plan(terms, notes=list(sheet.notes))
    wanted = _once_each(list(_judged(sheet, plan)), plan)
    known = _Known(terms.merchant, wanted, lock)
    for one in wanted:
        try:
            _sort_in(one, known, plan)
        except ValidationError as error:
            plan.refused.append(Refusal(one.line, one.label, " ".join(error.messages)))
    if terms.whole:
        _take_away(sheet, plan, lock=lock)
    plan.refused.sort()
    _note_long_descriptions(plan)
    return plan


def _take_away(sheet: Sheet, plan: Plan, *, lock: bool) -> None:
    """What the list does not name; nothing while one of its rows may name any of them."""
    missing = missing_from(sheet, plan.terms.merchant, lock=lock)
    unclear = names_nobody_can_read(sheet)
    if missing and unclear:
        words = _("Nothing is taken for sold out, as a row that cannot be read may name any product: line %(lines)s.")
        plan.notes.append(words % {"lines": ", ".join(map(str, unclear[:5]))})
        return
    plan.gone = [offer for offer in missing if offer.seen_at <= plan.terms.as_of]


def _judged(sheet: Sheet, plan: Plan) -> Iterator[Wanted]:
    for row in sheet.rows:
        try:
            wanted = judge(row)
            yield named_means_available(wanted) if plan.terms.whole else wanted
        except ValidationError as error:
            label = (row.fields.get("name") or row.fields.get("sku") or row.fields.get("gtin") or "")[:80]
            plan.refused.append(Refusal(row.line, label, " ".join(error.messages)))


def _once_each(wanted: list[Wanted], plan: Plan) -> list[Wanted]:
    """Those whose numbers stand on one line only: of two that say different things nobody knows which one holds."""
    twice: dict[int, str] = {}
    for numbers in (_lines_of(wanted, "sku"), _lines_of(wanted, "gtin")):
        for number, lines in numbers.items():
            if len(lines) > 1:
                words = _("“%(number)s” stands on lines %(lines)s; leave one.")
                named = ", ".join(map(str, lines[:5]))
                twice |= dict.fromkeys(lines, words % {"number": number, "lines": named})
    plan.refused += [Refusal(one.line, one.label, twice[one.line]) for one in wanted if one.line in twice]
    return [one for one in wanted if one.line not in twice]


def _lines_of(wanted: Iterable[Wanted], number: str) -> dict[str, list[int]]:
    lines: dict[str, list[int]] = {}
    for one in wanted:
        if text := getattr(one, number):
            lines.setdefault(text, []).append(one.line)
    return lines


class _Known:
    """The merchant's offers and the products that the rows may mean: a few questions for ``AT_ONCE`` rows."""

    def __init__(self, merchant: Merchant, wanted: Sequence[Wanted], lock: bool) -> None:
        self.by_sku: dict[str, Offer] = {}
        self.by_product: dict[int, Offer] = {}
        self.products: dict[str, Product] = {}
        self.taken: dict[int, int] = {}
        offers = Offer.objects.filter(merchant=merchant).select_related("product").order_by()
        offers = offers.select_for_update(of=("self",), no_key=True) if lock else offers
        for some in parts([one.gtin for one in wanted if one.gtin]):
            self.products |= {product.gtin: product for product in Product.objects.filter(gtin__in=some).order_by()}
        for some in parts([one.sku for one in wanted if one.sku]):
            self._keep(offers.filter(sku__in=some))
        for ids in parts([product.pk for product in self.products.values()]):
            self._keep(offers.filter(product__in=ids))

    def _keep(self, offers: Iterable[Offer]) -> None:
        for offer in offers:
            self.by_product[offer.product_id] = offer
            if offer.sku:
                self.by_sku[offer.sku] = offer

    def offer(self, wanted: Wanted) -> Offer | None:
        """The offer a row means. Raises ``ValidationError`` where its two numbers mean two."""
        product = self.products.get(wanted.gtin)
        by_sku = self.by_sku.get(wanted.sku)
        by_gtin = self.by_product.get(product.pk) if product else None
        if by_sku and product and by_sku.product_id != product.pk:
            words = _("The article number belongs to “%(one)s”, the GTIN to “%(other)s”.")
            raise ValidationError(words, params={"one": by_sku.product, "other": product})
        if by_gtin and not by_sku and wanted.sku and by_gtin.sku:
            words = _("We have the product from this shop under the article number “%(sku)s”.")
            raise ValidationError(words, params={"sku": by_gtin.sku})
        return by_sku or by_gtin


def parts(numbers: Sequence[T]) -> Iterator[Sequence[T]]:
    """``AT_ONCE`` of them at a time."""
    for start in range(0, len(numbers), AT_ONCE):
        yield numbers[start : start + AT_ONCE]


def _sort_in(wanted: Wanted, known: _Known, plan: Plan) -> None:
    offer, product = known.offer(wanted), known.products.get(wanted.gtin)
    if offer is None:
        _new(product, wanted, plan)
        return
    if offer.pk in known.taken:
        words = _("It means the same offer as line %(line)d.")
        raise ValidationError(words, params={"line": known.taken[offer.pk]})
    known.taken[offer.pk] = wanted.line
    if offer.seen_at > plan.terms.as_of:
        raise ValidationError(_("We have a price that was seen later than this list."))
    _refuse_leaps(offer, wanted)
    changed = differences(offer, wanted)
    (plan.changed if changed else plan.same).append(Change(offer, wanted))
    _count_host(wanted.url, plan)


def _new(product: Product | None, wanted: Wanted, plan: Plan) -> None:
    if product is None and not plan.terms.creates:
        plan.unknown += 1
        return
    if not wanted.url:
        raise ValidationError(_("It is new here and has no link."))
    if product is None and not wanted.name:
        raise ValidationError(_("It is new here and has no name."))
    plan.created.append((product, wanted))
    _count_host(wanted.url, plan)


def _refuse_leaps(offer: Offer, wanted: Wanted) -> None:
    same_money = (wanted.currency or offer.currency) == offer.currency
    highest, lowest = max(offer.price, wanted.price), min(offer.price, wanted.price)
    if same_money and lowest > 0 and highest > lowest * FARTHEST:
        words = _("The price would leap from %(before)s to %(after)s; if that is right, type it.")
        before, after = (price_text(price, offer.currency) for price in (offer.price, wanted.price))
        raise ValidationError(words, params={"before": before, "after": after})


def differences(offer: Offer, wanted: Wanted) -> dict[str, object]:
    """Which fields of the offer the row gives another value; what it does not say stays."""
    said: dict[str, object] = {"price": wanted.price, "currency": wanted.currency or offer.currency}
    said["url"] = wanted.url or offer.url
    said["sku"] = wanted.sku or offer.sku
    said["available"] = offer.available if wanted.available is None else wanted.available
    return {name: value for name, value in said.items() if value != getattr(offer, name)}


def _count_host(url: str, plan: Plan) -> None:
    if url:
        plan.hosts[(urlsplit(url).hostname or "").removeprefix("www.")] += 1


def _note_long_descriptions(plan: Plan) -> None:
    count = sum(wanted.left_out for _product, wanted in plan.created)
    if count:
        words = ngettext(
            "%(count)d description is longer than ours may be and was left out.",
            "%(count)d descriptions are longer than ours may be and were left out.",
            count,
        )
        plan.notes.append(words % {"count": count})
