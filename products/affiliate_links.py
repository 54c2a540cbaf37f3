"""Affiliate links: marked wherever somebody typed one, and disclosed wherever one stands."""

import re
from typing import Any
from urllib.parse import urlsplit

from django.core.cache import cache
from django.db.models import Q

from articles import publishing
from articles.models import Article
from articles.page_plan import PagePlan
from articles.templatetags.link_words import AFFILIATES
from outbox import effects
from pagecache.reading import depends_on
from pagecache.writing import bump
from products.boxes import boxes_on_page
from products.models import RENDER_LINKS, Merchant

HOSTS_KEY = "products:affiliate-hosts"
HOSTS_KEPT = 5
"""Seconds a process remembers the affiliate merchants' hosts; less than ``models.HOSTS_FRESH_AFTER``."""

SPONSORED = {"sponsored", "nofollow", "noopener"}
_SPONSORED_LINK = re.compile(r"<a\s[^>]*\brel=\"[^\"]*\bsponsored\b")


def affiliate_hosts() -> frozenset[str]:
    """The hosts of the merchants who pay us, without ``www.``."""
    hosts: frozenset[str] | None = cache.get(HOSTS_KEY)
    if hosts is None:
        hosts = frozenset(merchant.host for merchant in Merchant.objects.filter(affiliate=True))
        cache.set(HOSTS_KEY, hosts, HOSTS_KEPT)
    return hosts


def link_rule(url: str) -> set[str]:
    """The ``rel`` words a link in a story needs: a paid link's for the merchants' hosts and what is below them."""
    try:
        host = (urlsplit(url).hostname or "").rstrip(".")
    except ValueError:
        return set()
    parts = host.split(".")
    above = {".".join(parts[index:]) for index in range(len(parts))}
    return SPONSORED if above & affiliate_hosts() else set()


def needs_disclosure(article: Article, plan: PagePlan) -> bool:
    """Whether a paid link stands anywhere on the article's page, in a box or in the story."""
    shown = boxes_on_page(article, plan)
    return any(card.merchant.affiliate for card in (*shown.top, *shown.bottom)) or story_has_paid_link(article)


def story_has_paid_link(article: Article) -> bool:
    """Whether the story itself, without the boxes, holds a paid link, in its stored body or to its original."""
    return has_paid_link(article.body_html) or has_paid_original(article)


def has_paid_original(article: Article) -> bool:
    """Whether the address of its original, which page and feeds tell, is a paid link; noted in what is rendered."""
    if not article.source_url:
        return False
    depends_on(AFFILIATES)
    return bool(link_rule(article.source_url))


def has_paid_link(html: str) -> bool:
    """Whether rendered HTML holds a link marked ``sponsored``."""
    return _SPONSORED_LINK.search(html) is not None


def render_links(payload: dict[str, Any], _key: str) -> None:
    """The effect after a merchant's website or terms changed: stories that link there are rendered anew."""
    cache.delete(HOSTS_KEY)
    bump([AFFILIATES])
    mentions = Q()
    for host in payload["hosts"]:
        mentions |= Q(body__icontains=host)
    if mentions:
        publishing.render_again(Article.objects.filter(mentions).values_list("pk", flat=True))


effects.handler(RENDER_LINKS)(render_links)
