"""``{% structured_data %}``: what the page says of itself to search engines, as JSON-LD in its head."""

import json
from typing import Any

from django import template
from django.utils.safestring import SafeString, mark_safe

from articles.models import Section, Series, Tag
from people.models import Author
from syndication.json import pure
from syndication.structured.news_article import news_article, pictures
from syndication.structured.site import breadcrumbs, person, website

register = template.Library()

_INERT = {ord("<"): "\\u003C", ord(">"): "\\u003E", ord("&"): "\\u0026", 0x2028: "\\u2028", 0x2029: "\\u2029"}


@register.simple_tag(takes_context=True)
def structured_data(context: template.Context) -> SafeString:
    """The data of an article's, a section's, a topic's or an author's page, or of the front page."""
    return mark_safe("\n".join(map(_script, _parts(context))))  # noqa: S308 - each is a block of data


def _parts(context: template.Context) -> list[dict[str, Any]]:
    if "article" in context:
        article = context["article"]
        way = [(article.section.name, article.section.get_absolute_url())] if article.section else []
        story = news_article(article, context["head"], context["plan"].comment_count)
        return [story, breadcrumbs(*way, (article.headline, article.get_absolute_url()))]
    for name in ("section", "tag", "author", "series"):
        if name in context:
            return _list_page(context[name])
    return [website()]


def _list_page(subject: Section | Tag | Author | Series) -> list[dict[str, Any]]:
    way = breadcrumbs((str(subject), subject.get_absolute_url()))
    if not isinstance(subject, Author):
        return [way]
    portrait = subject.portrait if subject.portrait and subject.portrait.is_usable() else None
    return [person(subject, pictures(portrait)), way]


def _script(part: dict[str, Any]) -> str:
    """A block of data, which no browser runs; nothing in it can end it. Readers of several know no ``@graph``."""
    document = {"@context": "https://schema.org", **part}
    text = json.dumps(pure(document), ensure_ascii=False, separators=(",", ":")).translate(_INERT)
    return f'<script type="application/ld+json">{text}</script>'
