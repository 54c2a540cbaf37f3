"""Applying a list: everything it may change in one transaction, or nothing."""

import secrets
from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import IntegrityError
from django.utils import timezone
from django.utils.text import slugify
from django.utils.translation import gettext as _

from articles.permissions import Actor, require
from outbox import audit, effects
from pagecache.writing import writing
from people.models import User
from products.deliveries.formats import read
from products.deliveries.plan import AT_ONCE, Plan, Terms, differences, make_plan, parts
from products.deliveries.reporting import Report, report_of
from products.deliveries.wanted import Wanted
from products.models import WORDS_CHANGED, Delivery, Merchant, Offer, Product

NEEDED = ("products.add_product", "products.add_offer", "products.change_offer")

CHANGED = ["price", "currency", "url", "sku", "available"]


def may_import(actor: Actor) -> bool:
    """Whether ``actor`` may bring in price lists."""
    return actor is None or actor.has_perms(NEEDED)


def rehearse(delivery: Delivery) -> Report:
    """What applying the delivery now would do; nothing is written. Raises ``Unreadable``."""
    return report_of(make_plan(read(bytes(delivery.content), delivery.kind), _terms(delivery)))


def apply(delivery: Delivery, *, actor: Actor) -> Report:
    """Write everything the list says, but for the rows that are refused; a second time is refused as a whole.

    Raises ``PermissionDenied``, ``Unreadable``, or ``ValidationError`` where it
    was applied before, or a colleague made one of its products meanwhile.
    """
    require(may_import(actor), _("bring in price lists"))
    try:
        return _apply(delivery, actor)
    except IntegrityError:
        words = _("A colleague changed one of these products this very moment; nothing was written. Try again.")
        raise ValidationError(words, code="overtaken") from None


def _apply(delivery: Delivery, actor: Actor) -> Report:
    with writing() as keys:
        Merchant.objects.select_for_update(of=("self",), no_key=True).get(pk=delivery.merchant_id)
        held = Delivery.objects.select_for_update(of=("self",)).select_related("merchant").get(pk=delivery.pk)
        if held.applied_at is not None:
            raise ValidationError(_("This list was applied already."), code="applied")
        plan = make_plan(read(bytes(held.content), held.kind), _terms(held), lock=True)
        report = report_of(plan)
        _carry_out(plan, held, actor, keys)
        held.applied_at, held.content, held.report = timezone.now(), b"", report.as_json()
        held.save(update_fields=["applied_at", "content", "report"])
        counts = {name: getattr(report, name) for name in ("created", "changed", "gone", "refused")}
        audit.record(actor, "applied price list", held.merchant, list=held.name, how=held.how, **counts)
    return report


def _terms(delivery: Delivery) -> Terms:
    return Terms(delivery.merchant, delivery.currency, delivery.as_of, delivery.creates, delivery.whole)


def _carry_out(plan: Plan, delivery: Delivery, actor: Actor, keys: set[str]) -> None:
    seen = {"seen_at": delivery.as_of, "seen_how": delivery.how, "seen_by": actor if isinstance(actor, User) else None}
    told = [_told(change.offer.product, change.offer, change.wanted, plan.terms) for change in plan.changed]
    for change in plan.changed:
        for name, value in differences(*change).items():
            setattr(change.offer, name, value)
    _renew(plan, seen)
    keys |= {f"product:{change.offer.product_id}" for change in (*plan.changed, *plan.same)}
    told += _create(plan, seen)
    audit.record_all(actor, "noted price", told)
    audit.record_all(actor, "sold out", _sell_out(plan, seen, keys))


def _renew(plan: Plan, seen: dict[str, Any]) -> None:
    """All of them were seen now, those that say the same as well."""
    if plan.changed:
        Offer.objects.bulk_update(
            [change.offer for change in plan.changed], CHANGED, batch_size=AT_ONCE // len(CHANGED)
        )
    known = [change.offer.pk for change in (*plan.changed, *plan.same)]
    for some in parts(known):
        Offer.objects.filter(pk__in=some).update(**seen, check_from=holds_until(plan.terms))


def _sell_out(plan: Plan, seen: dict[str, Any], keys: set[str]) -> list[tuple[Product, dict[str, Any]]]:
    """What the list names no more; gives what the history says of each."""
    for some in parts([offer.pk for offer in plan.gone]):
        Offer.objects.filter(pk__in=some).update(available=False, check_from=holds_until(plan.terms), **seen)
    keys |= {f"product:{offer.product_id}" for offer in plan.gone}
    named = plan.terms.merchant.name
    return [
        (offer.product, {"merchant": named, "before": f"{offer.price} {offer.currency}", "after": ""})
        for offer in plan.gone
    ]


def holds_until(terms: Terms) -> datetime:
    """How long the prices of a list hold."""
    return terms.as_of + terms.merchant.prices_hold


def _create(plan: Plan, seen: dict[str, Any]) -> list[tuple[Product, dict[str, Any]]]:
    products = [product or _product(wanted) for product, wanted in plan.created]
    _save_new([product for product in products if product.pk is None])
    made = [
        _offer(product, wanted, plan.terms, seen)
        for product, (_known, wanted) in zip(products, plan.created, strict=True)
    ]
    Offer.objects.bulk_create(made, batch_size=AT_ONCE)
    return [
        _told(product, None, wanted, plan.terms)
        for product, (_known, wanted) in zip(products, plan.created, strict=True)
    ]


def _save_new(products: list[Product]) -> None:
    """As ``Product.save`` does for one: stories are asked whether they call for it."""
    Product.objects.bulk_create(products, batch_size=AT_ONCE)
    now = timezone.now().isoformat()
    wanted = (effects.Wanted({"product": one.pk}, f"{WORDS_CHANGED}:{one.pk}:{now}") for one in products)
    effects.enqueue_all(WORDS_CHANGED, wanted)


def _product(wanted: Wanted) -> Product:
    slug = f"{slugify(wanted.name)[:80] or 'product'}-{secrets.token_hex(4)}"
    return Product(name=wanted.name, slug=slug, brand=wanted.brand, description=wanted.description, gtin=wanted.gtin)


def _offer(product: Product, wanted: Wanted, terms: Terms, seen: dict[str, Any]) -> Offer:
    return Offer(
        product=product,
        merchant=terms.merchant,
        sku=wanted.sku,
        url=wanted.url,
        price=wanted.price,
        currency=wanted.currency or terms.currency,
        available=wanted.available is not False,
        check_from=holds_until(terms),
        **seen,
    )


def _told(product: Product, offer: Offer | None, wanted: Wanted, terms: Terms) -> tuple[Product, dict[str, Any]]:
    """What the history says of one product."""
    before = f"{offer.price} {offer.currency}" if offer else ""
    currency = wanted.currency or (offer.currency if offer else terms.currency)
    return product, {"merchant": terms.merchant.name, "before": before, "after": f"{wanted.price} {currency}"}
