"""What this room hangs into articles: copies in revisions, a line in the checklist, and where things are used."""

from typing import Any

from django.db.models import Model, Q
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from articles.body import clean_href
from articles.models import Article, Tag
from articles.permissions import Actor
from articles.readiness.story import read
from articles.registries import PUBLISHERS, Finding, PartChange, Use
from articles.tag_names import tag_ids
from images.models import Image
from products import placing
from products.affiliate_links import link_rule
from products.candidates import SENSITIVE
from products.models import Match, Merchant, Placement, Product
from products.placing import Showing

PAID_LINKS = "products-paid-links"
"""The line of the checklist about paid links in the words of a sensitive story."""

USES_SHOWN = 50
"""Uses named one by one; a person reads no more."""


class PlacementsPart:
    """The products placed beside one article, as a revision keeps them."""

    title = gettext_lazy("Products You May Like")

    def dump(self, article: Article) -> list[dict[str, Any]]:
        """The article's own placements in order."""
        rows = Placement.objects.filter(article=article)
        return [{"product": row.product_id, **Showing.of(row).to_json()} for row in rows]

    def diff(self, old: Any, new: Any, actor: Actor) -> list[PartChange]:
        """What was placed and withdrawn, and whether the order changed. One query."""
        before, after = _products(old), _products(new)
        names = {row.pk: f"“{row.name}”" for row in Product.objects.filter(pk__in={*before, *after})}
        gone = _("a product deleted since")
        lines = [PartChange("gone", _("Withdrawn: %s") % names.get(pk, gone)) for pk in before if pk not in after]
        lines += [PartChange("new", _("Placed: %s") % names.get(pk, gone)) for pk in after if pk not in before]
        if [pk for pk in before if pk in after] != [pk for pk in after if pk in before]:
            order = ", ".join(names.get(pk, gone) for pk in after)
            lines.append(PartChange("changed", _("New order: %s") % order))
        was, now = _showings(old), _showings(new)
        other = [names.get(pk, gone) for pk in after if pk in was and was[pk] != now[pk]]
        lines += [PartChange("changed", _("Stands otherwise, or for another time: %s") % name) for name in other]
        return lines

    def holds(self, dumped: Any) -> set[int]:
        """No article but the one itself."""
        return set()

    def may_restore(self, actor: Actor, article: Article) -> bool:
        """Whoever may place, withdraw and order here."""
        return placing.may_restore(actor, article)

    def restore(self, article: Article, dumped: Any, *, actor: Actor) -> None:
        """Make the placements what ``dump`` gave. Raises ``PermissionDenied``."""
        placing.restore(article, _showings(dumped).items(), actor=actor)


def _products(dumped: Any) -> list[int]:
    return list(_showings(dumped))


def _showings(dumped: Any) -> dict[int, Showing]:
    return {int(entry["product"]): Showing.read(entry) for entry in dumped or ()}


def sensitive_has_no_boxes(article: Article, state: dict[str, Any]) -> list[Finding]:
    """Tell the editor of a sensitive story why its products do not show."""
    if not state.get("sensitive"):
        return []
    here = Q(article=article) | Q(section=state.get("section") or 0) | Q(tag__in=tag_ids(state.get("tags", ())))
    if not (Placement.objects.filter(here).exists() or Match.objects.filter(article=article).exists()):
        return []
    message = _(
        "The story is marked sensitive: the boxes “Products You May Like” are shown beside it"
        " only while somebody answers for them by name."
    )
    return [Finding(message, field="sensitive", code=SENSITIVE, waivable_by=PUBLISHERS)]


def sensitive_has_paid_links(article: Article, state: dict[str, Any]) -> list[Finding]:
    """Tell the editor of a sensitive story that somebody typed paid links into it: no switch takes those away."""
    if not state.get("sensitive"):
        return []
    story = read(str(state.get("body", "")))
    count = sum(bool(link_rule(clean_href(href))) for href in (*(link.href for link in story.links), *story.embeds))
    words = ngettext(
        "The story is marked sensitive and holds %(count)d link that may pay us.",
        "The story is marked sensitive and holds %(count)d links that may pay us.",
        count,
    )
    return [Finding(words % {"count": count}, field="body", code=PAID_LINKS, waivable_by=PUBLISHERS)] if count else []


class PlacementsFollow:
    """Products that stand beside every story of a tag that is merged into another."""

    def foretell(self, gone: Tag, kept: Tag) -> list[str]:
        """How many move."""
        count = Placement.objects.filter(tag=gone).count()
        words = ngettext("%(count)d product moves along.", "%(count)d products move along.", count)
        return [words % {"count": count}] if count else []

    def move(self, gone: Tag, kept: Tag, actor: Actor) -> None:
        """Behind those of the other tag, each product once."""
        placing.follow(gone, kept)


def placed_where(item: Model) -> list[Use]:
    """Where a product or a merchant's products stand, and which products show a picture."""
    if isinstance(item, Product):
        rows = Placement.objects.filter(product=item).select_related("article", "article__latest", "section", "tag")
        return [_use(row) for row in rows[:USES_SHOWN]]
    if isinstance(item, Merchant):
        return [_product_use(product) for product in Product.objects.filter(offers__merchant=item)[:USES_SHOWN]]
    if isinstance(item, Image):
        return [_product_use(product) for product in Product.objects.filter(picture=item)[:USES_SHOWN]]
    return []


def _product_use(product: Product) -> Use:
    words = _("Product “%(name)s”") % {"name": product.name}
    return Use(words, reverse("admin:products_product_change", args=[product.pk]))


def _use(row: Placement) -> Use:
    if row.article_id:
        words = _("Beside “%(article)s”") % {"article": row.article}
        return Use(words, reverse("admin:articles_article_change", args=[row.article_id]), row.article_id)
    if row.section_id:
        words = _("Beside every story in %(section)s") % {"section": row.section}
        return Use(words, reverse("admin:articles_section_change", args=[row.section_id]))
    words = _("Beside every story about %(tag)s") % {"tag": row.tag}
    return Use(words, reverse("admin:articles_tag_change", args=[row.tag_id]))
