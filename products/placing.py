"""Placing products beside stories: the verbs of *Products You May Like*."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import F
from django.db.models.functions import Least
from django.utils import timezone
from django.utils.translation import gettext as _

from articles.models import Article, Section, Tag
from articles.permissions import Actor, may_edit, require
from outbox import audit
from outbox.periodic import every
from pagecache.writing import writing
from products.models import ArticleBoxes, Layout, Placement, Product

Place = Article | Section | Tag

LAST_PLACE = 32_767
"""The column's end; products there stand in the order they were placed."""

MAX_PLACED = 12
"""Products of one article: both boxes twice over, so that some may sell out."""

ENDED_KEPT = timedelta(days=30)
"""How long a campaign that is over stays on the forms, to be looked up or prolonged."""

CLEARED_AT_ONCE = 1_000


@dataclass(frozen=True)
class Showing:
    """How a placed product stands, and from when until when; ``None`` is always."""

    layout: str = Layout.ROW
    starts: datetime | None = None
    ends: datetime | None = None

    @classmethod
    def of(cls, row: Placement) -> "Showing":
        """As a placement stands."""
        return cls(row.layout, row.starts, row.ends)

    @classmethod
    def read(cls, kept: Any) -> "Showing":
        """From what ``to_json`` gave, or an older copy that knew nothing of it."""
        starts, ends = (datetime.fromisoformat(kept[name]) if kept.get(name) else None for name in ("starts", "ends"))
        layout = kept.get("layout", Layout.ROW)
        return cls(layout if layout in Layout.values else Layout.ROW, starts, ends)

    def check(self) -> None:
        """Raise ``ValidationError`` for a layout there is not, or a time that ends before it begins."""
        if self.layout not in Layout.values:
            raise ValidationError(_("Choose how it stands."))
        if self.starts and self.ends and self.ends <= self.starts:
            raise ValidationError(_("It has to end after it begins."))

    def to_json(self) -> dict[str, str]:
        """For the audit and for copies: what is said, times in ISO 8601; nothing of what is as usual."""
        said = {"layout": "" if self.layout == Layout.ROW else str(self.layout)}
        said |= {name: moment.isoformat() for name, moment in (("starts", self.starts), ("ends", self.ends)) if moment}
        return {name: words for name, words in said.items() if words}


def may_place(actor: Actor, place: Place | None, action: str) -> bool:
    """Whether ``actor`` may ``add``, ``change`` or ``delete`` placements there."""
    if actor is None:
        return True
    return actor.has_perm(f"products.{action}_placement") and (not isinstance(place, Article) or may_edit(actor, place))


def place(
    product: Product, where: Place, *, actor: Actor, position: int | None = None, showing: Showing | None = None
) -> Placement:
    """Show ``product`` beside the article, or beside every article of the section or with the tag.

    It stands at ``position`` or last, as ``showing`` says; a second time it
    only moves, and stands otherwise. Raises ``PermissionDenied``, or
    ``ValidationError`` for more than ``MAX_PLACED`` beside one article, and a
    time that ends before it begins.
    """
    require(may_place(actor, where, "add"), _("place products here"))
    if showing is not None:
        showing.check()
    with writing():
        rows = _locked(where)
        row = next((row for row in rows if row.product_id == product.pk), None)
        if row is None:
            if isinstance(where, Article) and len(rows) >= MAX_PLACED:
                raise ValidationError(_("An article shows %(most)d products at most.") % {"most": MAX_PLACED})
            last = max((row.position for row in rows), default=0)
            row = Placement(product=product, position=last + 1, **{_field(where): where})
            _set(row, showing or Showing())
            row.save()
            told = Showing.of(row).to_json()
            audit.record(actor, "placed product", where, product=product.pk, name=product.name, **told)
        elif showing is not None and showing != Showing.of(row):
            _show_as(row, where, showing, actor)
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


def switch(article: Article, *, off: bool, actor: Actor) -> None:
    """Show no products at all beside the article, or show them again. Raises ``PermissionDenied``."""
    require(may_place(actor, article, "change"), _("switch the products of this article on or off"))
    with writing():
        Article.objects.select_for_update(of=("self",), no_key=True).only("pk").get(pk=article.pk)
        row = ArticleBoxes.objects.filter(article=article).first()
        if off == (row is not None and row.off):
            return
        row = row or ArticleBoxes(article=article)
        row.off = off
        row.save()
        audit.record(actor, "switched products off" if off else "switched products on", article)


def restore(article: Article, kept: Iterable[tuple[int, Showing]], *, actor: Actor) -> None:
    """Make the article's own products those of an earlier revision, live at once; products deleted since are left out.

    Raises ``PermissionDenied``.
    """
    require(may_restore(actor, article), _("restore the products of this article"))
    showings = dict(kept)
    wanted = list(showings)
    known = Product.objects.in_bulk(wanted)
    with writing():
        for row in _locked(article):
            if row.product_id not in known:
                withdraw(row.product, article, actor=actor)
        for pk in wanted:
            if pk in known:
                place(known[pk], article, actor=actor, showing=showings[pk])
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


@every(timedelta(hours=6))
def clear_ended() -> None:
    """Take away what ended ``ENDED_KEPT`` ago, so that campaigns of years do not stand in the way of those that run."""
    over = Placement.objects.filter(ends__lt=timezone.now() - ENDED_KEPT).order_by("ends")
    for row in over.select_related("product", "article", "section", "tag")[:CLEARED_AT_ONCE]:
        place_of_row = row.article or row.section or row.tag
        if place_of_row is not None:
            withdraw(row.product, place_of_row, actor=None)


def _show_as(row: Placement, where: Place, showing: Showing, actor: Actor) -> None:
    require(may_place(actor, where, "change"), _("change how these products stand"))
    before = Showing.of(row).to_json()
    _set(row, showing)
    row.save(update_fields=["layout", "starts", "ends"])
    told = {"before": before, "after": showing.to_json()}
    audit.record(actor, "showed product otherwise", where, product=row.product_id, name=row.product.name, **told)


def _set(row: Placement, showing: Showing) -> None:
    row.layout, row.starts, row.ends = showing.layout, showing.starts, showing.ends


def _field(where: Place) -> str:
    return where._meta.model_name or ""


def _locked(where: Place) -> list[Placement]:
    """The placements there, in order; whoever else changes them waits until we are done."""
    type(where)._default_manager.select_for_update(of=("self",), no_key=True).select_related(None).only("pk").get(
        pk=where.pk
    )
    return list(Placement.objects.filter(**{_field(where): where}).select_related("product"))
