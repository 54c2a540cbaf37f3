"""Noting what products cost: who saw which price, and when."""

from decimal import Decimal

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _

from articles.permissions import Actor, require
from outbox import audit
from pagecache.writing import writing
from people.models import User
from products.models import Offer, SeenHow


def may_note(actor: Actor) -> bool:
    """Whether ``actor`` may say what products cost."""
    return actor is None or actor.has_perm("products.change_offer")


def note_offer(offer: Offer, *, actor: Actor, dated: bool = False) -> Offer:
    """Save an offer. A new or changed price was seen now, by ``actor``, unless the caller ``dated`` it.

    Raises ``PermissionDenied``.
    """
    action = "change" if offer.pk else "add"
    require(actor is None or actor.has_perm(f"products.{action}_offer"), _("change prices"))
    with writing():
        stored = Offer.objects.select_for_update(of=("self",)).filter(pk=offer.pk).first() if offer.pk else None
        was = (stored.price, stored.currency) if stored else None
        if was != (offer.price, offer.currency):
            offer.seen_at = offer.seen_at if dated else timezone.now()
            offer.seen_how = SeenHow.TYPED
            offer.seen_by = actor if isinstance(actor, User) else None
            before = f"{was[0]} {was[1]}" if was else ""
            offer.save()
            after = f"{offer.price} {offer.currency}"
            audit.record(actor, "noted price", offer.product, merchant=offer.merchant.name, before=before, after=after)
        else:
            offer.save()
    return offer


def drop_offer(offer: Offer, *, actor: Actor) -> None:
    """Delete an offer. Raises ``PermissionDenied``."""
    require(actor is None or actor.has_perm("products.delete_offer"), _("remove prices"))
    with writing():
        audit.record(actor, "dropped offer", offer.product, merchant=offer.merchant.name, was=str(offer))
        offer.delete()


def as_seen(offer: Offer) -> str:
    """What somebody saw of an offer before they answered; another one means that a colleague was quicker."""
    return f"{offer.price} {offer.currency} {offer.available:d} {offer.seen_at.isoformat()}"


def look(pk: int, *, saw: str, price: Decimal | None = None, sold_out: bool = False, actor: Actor) -> Offer:
    """Note that ``actor`` looked at an offer now: its price is still the same, or ``price``; or it is sold out.

    ``saw`` is ``as_seen`` of the offer they looked at. Raises
    ``PermissionDenied``, ``Offer.DoesNotExist``, and ``ValidationError`` with
    the code ``changed`` where the offer is another one by now.
    """
    require(may_note(actor), _("change prices"))
    with writing():
        offer = Offer.objects.select_for_update(of=("self",)).select_related("product", "merchant").get(pk=pk)
        if as_seen(offer) != saw:
            raise ValidationError(_("A colleague has changed this price meanwhile; please look again."), code="changed")
        before = f"{offer.price} {offer.currency}"
        offer.price = offer.price if price is None else price
        offer.available = not sold_out
        offer.seen_at, offer.seen_how = timezone.now(), SeenHow.TYPED
        offer.seen_by = actor if isinstance(actor, User) else None
        offer.save()
        after = f"{offer.price} {offer.currency}"
        verb = "sold out" if sold_out else ("confirmed price" if before == after else "noted price")
        audit.record(actor, verb, offer.product, merchant=offer.merchant.name, before=before, after=after)
    return offer
