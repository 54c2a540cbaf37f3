"""``{% structured_data %}``: what the page says of itself to search engines, as JSON-LD in its head."""

from collections.abc import Iterable
from typing import Any

from django import template
from django.utils.safestring import SafeString, mark_safe

from articles.models import Section, Series, Tag
from outbox.data_blocks import data_block
from pagecache.remembered import remembered
from people.models import Author
from syndication.json import pure
from syndication.structured.news_article import Facts, facts_of, news_article, pictures
from syndication.structured.site import breadcrumbs, person, website

register = template.Library()

KEPT = 1024
"""Stories of which a process remembers what it told search engines, some two kilobytes each."""


@register.simple_tag(takes_context=True)
def structured_data(context: template.Context) -> SafeString:
    """The data of an article's, a section's, a topic's or an author's page, or of the front page.

    A block for each part: readers of several know no ``@graph``.
    """
    if "article" in context:
        facts = facts_of(context["article"], context["head"], context["plan"].comment_count)
        return _of_story(facts)
    return _blocks(_parts(context))


@remembered(KEPT)
def _of_story(facts: Facts) -> SafeString:
    way = [facts.section] if facts.section else []
    return _blocks([news_article(facts), breadcrumbs(*way, (facts.headline, facts.path))])


def _blocks(parts: Iterable[dict[str, Any]]) -> SafeString:
    return mark_safe("\n".join(data_block(pure(part)) for part in parts))  # noqa: S308 - each is safe


def _parts(context: template.Context) -> list[dict[str, Any]]:
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
