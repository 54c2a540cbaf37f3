"""Placing products beside stories: the verbs of *Products You May Like*."""

from collections.abc import Iterable, Sequence

from django.core.exceptions import ValidationError
from django.db.models import F
from django.db.models.functions import Least
from django.utils.translation import gettext as _

from articles.models import Article, Section, Tag
from articles.permissions import Actor, may_edit, require
from outbox import audit
from pagecache.writing import writing
from products.models import Placement, Product

Place = Article | Section | Tag

LAST_PLACE = 32_767
"""The column's end; products there stand in the order they were placed."""

MAX_PLACED = 12
"""Products of one article: both boxes twice over, so that some may sell out."""


def may_place(actor: Actor, place: Place | None, action: str) -> bool:
    """Whether ``actor`` may ``add``, ``change`` or ``delete`` placements there."""
    if actor is None:
        return True
    return actor.has_perm(f"products.{action}_placement") and (not isinstance(place, Article) or may_edit(actor, place))


def place(product: Product, where: Place, *, actor: Actor, position: int | None = None) -> Placement:
    """Show ``product`` beside the article, or beside every article of the section or with the tag.

    It stands at ``position`` or last; a second time it only moves. Raises
    ``PermissionDenied``, or ``ValidationError`` for more than ``MAX_PLACED`` beside one article.
    """
    require(may_place(actor, where, "add"), _("place products here"))
    with writing():
        rows = _locked(where)
        row = next((row for row in rows if row.product_id == product.pk), None)
        if row is None:
            if isinstance(where, Article) and len(rows) >= MAX_PLACED:
                raise ValidationError(_("An article shows %(most)d products at most.") % {"most": MAX_PLACED})
            last = max((row.position for row in rows), default=0)
            row = Placement(product=product, position=last + 1, **{_field(where): where})
            row.save()
            audit.record(actor, "placed product", where, product=product.pk, name=product.name)
        if position is not None and row.position != position:
            row.position = position
            row.save(update_fields=["position"])
    return row


def withdraw(product: Product, where: Place, *, actor: Actor) -> None:
    """Take ``product`` away from there; one that is not there is no mistake. Raises ``PermissionDenied``."""
    require(may_place(actor, where, "delete"), _("take products away from here"))
    with writing():
        for row in _locked(where):
            if row.product_id == product.pk:
                row.delete()
                audit.record(actor, "withdrew product", where, product=product.pk, name=product.name)


def arrange(where: Place, product_ids: Sequence[int], *, actor: Actor) -> None:
    """Put the products into this order; those it does not name follow in their own. Raises ``PermissionDenied``."""
    require(may_place(actor, where, "change"), _("change the order of these products"))
    order = {pk: index for index, pk in enumerate(dict.fromkeys(product_ids))}
    with writing():
        rows = _locked(where)
        before = [row.product_id for row in rows]
        rows.sort(key=lambda row: order.get(row.product_id, len(order)))
        for position, row in enumerate(rows, start=1):
            if row.position != position:
                row.position = position
                row.save(update_fields=["position"])
        after = [row.product_id for row in rows]
        if before != after:
            audit.record(actor, "reordered products", where, before=before, after=after)


def restore(article: Article, product_ids: Iterable[int], *, actor: Actor) -> None:
    """Make the article's own products those of an earlier revision, live at once; products deleted since are left out.

    Raises ``PermissionDenied``.
    """
    require(may_restore(actor, article), _("restore the products of this article"))
    wanted = list(dict.fromkeys(product_ids))
    known = Product.objects.in_bulk(wanted)
    with writing():
        for row in _locked(article):
            if row.product_id not in known:
                withdraw(row.product, article, actor=actor)
        for pk in wanted:
            if pk in known:
                place(known[pk], article, actor=actor)
        arrange(article, wanted, actor=actor)


def may_restore(actor: Actor, article: Article) -> bool:
    """Whether ``actor`` may make the article's own products what they were."""
    return all(may_place(actor, article, action) for action in ("add", "change", "delete"))


def follow(gone: Tag, kept: Tag) -> None:
    """Move what stands beside the stories of ``gone`` to those of ``kept``, behind what stands there, each once."""
    with writing() as keys:
        there = {row.product_id: row.position for row in _locked(kept)}
        last = max(there.values(), default=0)
        moving = Placement.objects.filter(tag=gone)
        moving.filter(product__in=there).delete()
        moving.update(tag=kept, position=Least(F("position") + last, LAST_PLACE))
        keys |= {f"products-tag:{gone.pk}", f"products-tag:{kept.pk}"}


def _field(where: Place) -> str:
    return where._meta.model_name or ""


def _locked(where: Place) -> list[Placement]:
    """The placements there, in order; whoever else changes them waits until we are done."""
    type(where)._default_manager.select_for_update(of=("self",), no_key=True).select_related(None).only("pk").get(
        pk=where.pk
    )
    return list(Placement.objects.filter(**{_field(where): where}).select_related("product"))
