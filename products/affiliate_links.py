"""Affiliate links: marked wherever somebody typed one, and disclosed wherever one stands."""

import re
import time
from functools import lru_cache
from html import unescape
from posixpath import normpath
from typing import Any
from urllib.parse import unquote, urlsplit

from django.conf import settings
from django.db.models import Q
from django.template.loader import render_to_string
from django.utils.html import strip_tags

from articles import publishing
from articles.models import Article
from articles.page_plan import PagePlan
from articles.templatetags.link_words import AFFILIATES
from outbox import effects
from pagecache.reading import depends_on
from pagecache.writing import bump
from products.affiliate_networks import NETWORKS, is_tagged
from products.boxes import boxes_on_page
from products.models import RENDER_LINKS, Merchant, host_of, spellings

DISCLOSURE = "products/disclosure.html"
"""The line that pages show by paid links; feeds and programs are told the same."""

HOSTS_KEPT = 5
"""Seconds a process remembers the affiliate merchants' hosts; less than ``models.HOSTS_FRESH_AFTER``."""

SPONSORED = {"sponsored", "nofollow", "noopener"}
_OURS = "/go/"
_SPONSORED_LINK = re.compile(r"<a\s[^>]*\brel=\"[^\"]*\bsponsored\b")


def affiliate_hosts() -> frozenset[str]:
    """The hosts of the merchants who pay us, without ``www.``; this process asks once in ``HOSTS_KEPT`` seconds."""
    return _hosts_known_in(int(time.monotonic() // HOSTS_KEPT))


@lru_cache(maxsize=1)
def _hosts_known_in(_span: int) -> frozenset[str]:
    paying = Merchant.objects.filter(affiliate=True)
    return frozenset(filter(None, (merchant.host for merchant in paying)))


def forget_hosts() -> None:
    """Have this process ask anew; the others do within ``HOSTS_KEPT`` seconds."""
    _hosts_known_in.cache_clear()


def link_rule(url: str) -> set[str]:
    """The ``rel`` words a link needs, wherever it was typed: a paid link's, or none.

    Paid are links to the merchants' hosts and what is below them, to affiliate
    networks, and to our own addresses that lead to a merchant, whichever.
    """
    host = host_of(url)
    paid = _leads_through_us(host, url) or (bool(host) and (is_tagged(host, url) or _is_paid(host)))
    return SPONSORED if paid else set()


def _is_paid(host: str) -> bool:
    """Whether it, or what it lies below, is a network or a merchant; the merchants are asked for last."""
    labels = host.split(".")
    above = {".".join(labels[index:]) for index in range(len(labels))}
    return not above.isdisjoint(NETWORKS) or not above.isdisjoint(affiliate_hosts())


def _leads_through_us(host: str, url: str) -> bool:
    """Whether it is one of our addresses that send on to a shop, as copied from a box."""
    ours = host == host_of(settings.BASE_URL) if host else url.startswith("/") and not url.startswith("//")
    return ours and normpath(unquote(urlsplit(url).path)).startswith(_OURS)


def needs_disclosure(article: Article, plan: PagePlan) -> bool:
    """Whether a paid link stands anywhere on the article's page, in a box or in the story."""
    shown = boxes_on_page(article, plan)
    return any(card.merchant.affiliate for card in (*shown.top, *shown.bottom)) or story_has_paid_link(article)


def story_has_paid_link(article: Article, html: str | None = None) -> bool:
    """Whether the story itself, without the boxes, holds a paid link: in its body, or to its original.

    ``html`` is the body as it is told, where that is not the stored one; empty where no body is told.
    """
    return has_paid_link(article.body_html if html is None else html) or has_paid_original(article)


def has_paid_original(article: Article) -> bool:
    """Whether the address of its original, which page and feeds tell, is a paid link; noted in what is rendered."""
    if not article.source_url:
        return False
    depends_on(AFFILIATES)
    return bool(link_rule(article.source_url))


def disclosure() -> str:
    """The sentence of the line that discloses paid links, for answers that are no page."""
    return " ".join(unescape(strip_tags(render_to_string(DISCLOSURE, {"paid": True}))).split())


def has_paid_link(html: str) -> bool:
    """Whether rendered HTML holds a link marked ``sponsored``."""
    return _SPONSORED_LINK.search(html) is not None


def render_links(payload: dict[str, Any], _key: str) -> None:
    """The effect after a merchant's website or terms changed: stories that link there are rendered anew."""
    forget_hosts()
    bump([AFFILIATES])
    mentions = Q()
    for host in payload["hosts"]:
        for written in spellings(host):
            mentions |= Q(body__icontains=written)
    if mentions:
        publishing.render_again(Article.objects.filter(mentions).values_list("pk", flat=True))


effects.handler(RENDER_LINKS)(render_links)
