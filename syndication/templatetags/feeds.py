"""``{% feed_links %}``, ``{% feed_address %}`` and ``{% feed_of_page %}``: where a page's feeds are."""

from collections.abc import Iterator
from typing import NamedTuple

from django import template
from django.conf import settings
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from articles.models import Article
from articles.models.source import FeedTerms
from pagecache.addresses import address
from pagecache.templatetags.pieces import piece
from syndication.addresses import FORMATS, SITE, feed_path, story_path
from syndication.terms import terms_of

register = template.Library()

OFFERED = {"rss.xml": "RSS", "atom.xml": "Atom", "feed.json": "JSON Feed"}
"""The forms that feed readers ask for, as people call them."""

KINDS = ("section", "tag", "author")


class Alternate(NamedTuple):
    """One ``<link rel="alternate">``."""

    media_type: str
    title: str
    path: str


@register.simple_tag
def feed_address(form: str, kind: str = SITE, slug: str = "") -> str:
    """The path of a feed: ``{% feed_address "rss.xml" "section" section.slug %}``."""
    return feed_path(form, kind, slug)


@register.simple_tag(takes_context=True)
def feed_links(context: template.Context) -> SafeString:
    """The site's feeds, those of the section, topic or author the page is about, and the comments of its story."""
    found = [*_site(context), *_lists(context)]
    if "head" in context and not context.get("preview"):
        found += _story(context["article"])
    return piece("syndication/_feed_links.html", alternates=tuple(found))


def _site(context: template.Context) -> Iterator[Alternate]:
    forms = OFFERED if "front" in context else ("rss.xml",)
    for form in forms:
        yield Alternate(FORMATS[form], f"{settings.SITE_NAME} ({OFFERED[form]})", feed_path(form))


def _lists(context: template.Context) -> Iterator[Alternate]:
    for kind in KINDS:
        if kind not in context:
            continue
        subject = context[kind]
        for form, words in OFFERED.items():
            yield Alternate(FORMATS[form], f"{subject} ({words})", feed_path(form, kind, subject.slug))


def _story(article: Article) -> Iterator[Alternate]:
    """Nothing for a story of which its source lets us hand on nothing."""
    if terms_of(article) == FeedTerms.NONE:
        return
    path = address("syndication:comments", article.pk, "rss.xml")
    yield Alternate(FORMATS["rss.xml"], _("Comments on “%(headline)s”") % {"headline": article.headline}, path)
    yield Alternate(FORMATS["ninjs.json"], "ninjs", story_path(article.pk))
