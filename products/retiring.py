"""Taking a product off every page at once, and putting another in all its places."""

from typing import NamedTuple

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _

from articles.desks import is_limited
from articles.models import Article
from articles.permissions import Actor, require
from outbox import audit
from pagecache.writing import writing
from products.models import Placement, Product
from products.models.product import show_picture, withdraw_picture

COUNTED = 1_000
"""Stories that are counted before somebody decides; further ones are “more than”."""

PLACES = ("article", "section", "tag")


class Reach(NamedTuple):
    """Where readers meet a product."""

    stories: int
    """Public ones it was chosen for, ``COUNTED`` for more."""

    rules: int
    """Sections and tags beside whose every story it stands."""


def may_retire(actor: Actor) -> bool:
    """Whether ``actor`` may take products off every page."""
    return actor is None or actor.has_perm("products.change_product")


def may_replace(actor: Actor) -> bool:
    """Whether ``actor`` may put another product in all places of one: whoever works on every desk."""
    return actor is None or (
        may_retire(actor) and actor.has_perm("products.change_placement") and not is_limited(actor)
    )


def reach(product: Product) -> Reach:
    """Where readers meet it now. Two queries."""
    stories = Article.objects.public().filter(placements__product=product).order_by()[:COUNTED].count()
    return Reach(stories, Placement.objects.filter(product=product, article=None).count())


def retire(product: Product, *, instead: Product | None = None, actor: Actor) -> Product:
    """Take ``product`` off every page; ``instead`` stands in its places from now on. Once more is no mistake.

    Raises ``PermissionDenied``, or ``ValidationError`` for a product that cannot stand in.
    """
    require(may_retire(actor), _("retire products"))
    with writing():
        held = _held(product)
        if instead is not None:
            _replace(held, instead, actor)
        if held.retired_at is None:
            held.retired_at = timezone.now()
            held.save(update_fields=["retired_at"])
            audit.record(actor, "retired product", held)
    return held


def bring_back(product: Product, *, actor: Actor) -> Product:
    """Let a retired product stand where it stood; one in use is no mistake. Raises ``PermissionDenied``."""
    require(may_retire(actor), _("bring products back"))
    with writing():
        held = _held(product)
        if held.retired_at is not None:
            held.retired_at = None
            held.save(update_fields=["retired_at"])
            audit.record(actor, "brought product back", held)
    return held


def _held(product: Product) -> Product:
    return Product.objects.select_for_update(of=("self",), no_key=True).get(pk=product.pk)


def _replace(product: Product, instead: Product, actor: Actor) -> None:
    """Where the other one stands already it stays as it is; elsewhere it takes the very place."""
    require(may_replace(actor), _("put another product in every place of this one"))
    if instead.pk == product.pk or instead.retired_at is not None:
        raise ValidationError(_("Choose another product, one that is not retired."), code="instead")
    with writing() as keys:
        moving = Placement.objects.filter(product=product)
        for place in PLACES:
            there = Placement.objects.filter(product=instead, **{f"{place}__isnull": False})
            moving.filter(**{f"{place}__in": there.values(place)}).delete()
        for row in moving.iterator():
            keys.update(row.page_keys())
        moved = moving.update(product=instead)
        if moved:
            show_picture(instead.picture_id)
        withdraw_picture(product.picture_id)
        audit.record(actor, "replaced product", product, by=instead.pk, name=instead.name, places=moved)
