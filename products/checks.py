"""What must hold wherever readers meet a paid link; ``manage.py check`` fails otherwise."""

from collections.abc import Sequence
from decimal import Decimal
from html.parser import HTMLParser
from typing import Any

from django.apps import AppConfig
from django.core.checks import CheckMessage, Error, register
from django.template.base import Template
from django.template.loader import get_template, render_to_string
from django.utils import timezone

from articles.body.links import link_rules
from products.affiliate_links import SPONSORED, link_rule
from products.boxes import ProductCard, groups
from products.models import Layout, Merchant, Offer, Product

STORY_PAGES = ("pages/article.html", "products/framed.html")
"""Pages that may hold boxes, and so the line that discloses them."""

_LINK = "/go/1/"


@register()
def paid_links_are_marked(app_configs: Sequence[AppConfig] | None, **kwargs: Any) -> list[CheckMessage]:
    """Links typed into stories, and each link of a box, are marked (``products.E001``, ``products.E002``)."""
    found: list[CheckMessage] = []
    if link_rule not in link_rules:
        hint = "Register products.affiliate_links.link_rule in articles.body.link_rules."
        found.append(Error("Paid links in stories are not marked.", hint=hint, id="products.E001"))
    for layout in Layout.values:
        rels = _rels_of(layout)
        if not rels or not all(rel >= SPONSORED for rel in rels):
            hint = "Give every link of products.markup.card_markup the rel of its merchant."
            found.append(Error(f"A box has a paid link that is not marked ({layout}).", hint=hint, id="products.E002"))
    return found


@register()
def paid_links_are_disclosed(app_configs: Sequence[AppConfig] | None, **kwargs: Any) -> list[CheckMessage]:
    """Pages with boxes disclose paid links before the first of them (``products.E003``)."""
    hint = "Put {% affiliate_disclosure %} before the first box and the story's body."
    return [
        Error(f"{name} does not disclose paid links.", hint=hint, id="products.E003")
        for name in STORY_PAGES
        if not _discloses(get_template(name))
    ]


class _Links(HTMLParser):
    """Gathers the ``rel`` words of each link."""

    def __init__(self) -> None:
        super().__init__()
        self.rels: list[set[str]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """One more link."""
        if tag in {"a", "area", "form"}:
            self.rels.append(set((dict(attrs).get("rel") or "").split()))


def _rels_of(layout: str) -> list[set[str]]:
    """The ``rel`` words of each link in a sample box."""
    merchant = Merchant(name="Shop", url="https://shop.example/", affiliate=True)
    product = Product(pk=1, name="Pot", pros="Even", cons="Heavy", rating=4)
    offer = Offer(pk=1, product=product, merchant=merchant, price=Decimal(1), check_from=timezone.now())
    card = ProductCard(product, offer, layout=layout, address=_LINK)
    context = {"cards": [card], "groups": groups([card]), "place": "top", "paid": True, "data": ""}
    reader = _Links()
    reader.feed(render_to_string("products/box.html", context))
    return reader.rels


def _discloses(template: Any) -> bool:
    """Whether the disclosure stands in the template's source, and before boxes and body."""
    inner: Template = template.template
    source = inner.source
    places = [source.find(mark) for mark in ("{% affiliate_disclosure %}", "products/disclosure.html")]
    first = min((place for place in places if place >= 0), default=-1)
    later = [source.find(mark) for mark in ('{% products "top" %}', "article.body_html|safe", "products/box.html")]
    return first >= 0 and all(place < 0 or place > first for place in later)
