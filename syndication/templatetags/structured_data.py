"""``{% structured_data %}``: what the page says of itself to search engines, as JSON-LD in its head."""

from typing import Any

from django import template
from django.utils.safestring import SafeString, mark_safe

from articles.models import Section, Series, Tag
from outbox.data_blocks import data_block
from people.models import Author
from syndication.json import pure
from syndication.structured.news_article import news_article, pictures
from syndication.structured.site import breadcrumbs, person, website

register = template.Library()


@register.simple_tag(takes_context=True)
def structured_data(context: template.Context) -> SafeString:
    """The data of an article's, a section's, a topic's or an author's page, or of the front page.

    A block for each part: readers of several know no ``@graph``.
    """
    blocks = [data_block(pure(part)) for part in _parts(context)]
    return mark_safe("\n".join(blocks))  # noqa: S308 - each is safe


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
