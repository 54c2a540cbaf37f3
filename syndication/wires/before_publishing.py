"""What the wire has to say before a story of an agency goes out."""

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from articles.models import Article
from articles.registries import CHIEFS, Finding
from syndication.models import WireItem
from syndication.models.wire import Offer
from syndication.wires.items import Item


def said_by_the_wire(article: Article, state: dict[str, Any]) -> list[Finding]:
    """A version that waits, a story taken back, and the agency's terms."""
    if not article.pk:
        return []
    row = WireItem.behind(article)
    if row is None:
        return []
    return [finding for finding in (_offered(row), _terms(row)) if finding is not None]


def _offered(row: WireItem) -> Finding | None:
    url = reverse("admin:syndication_wireitem_change", args=[row.pk])
    if row.offer in {Offer.KILLED, Offer.WITHHELD}:
        words = _("%(feed)s took this story back.") % {"feed": row.feed}
        return Finding(words, required=True, code=f"wire-back:{row.pk}", waivable_by=CHIEFS, url=url)
    if row.offer:
        words = _("%(feed)s sent a %(what)s that nobody has decided about.")
        told = words % {"feed": row.feed, "what": row.get_offer_display()}
        return Finding(told, code=f"wire-offer:{row.pk}", url=url)
    return None


def _terms(row: WireItem) -> Finding | None:
    terms = Item.from_json(row.story).terms
    if not terms:
        return None
    return Finding(_("The agency's terms: %(terms)s") % {"terms": terms[:300]}, code=f"wire-terms:{row.pk}")
