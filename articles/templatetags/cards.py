"""``{% card article … %}``, ``{% kicker article %}`` and ``{% moment when %}``: see ``articles.page_markup``."""

from datetime import datetime
from typing import Any

from django import template
from django.utils.safestring import SafeString

from articles.models import Article
from articles.page_markup import card_markup, kicker_markup, time_markup

register = template.Library()


@register.simple_tag
def card(article: Article, **words: Any) -> SafeString:
    """A story in a list. What is empty, or undefined where the tag stands, is as if it were not given."""
    return card_markup(article, **{name: value for name, value in words.items() if value not in {None, ""}})


@register.simple_tag
def kicker(article: Article, without_section: bool | int | None = None) -> SafeString:
    """Section and kind of a story."""
    return kicker_markup(article, without_section)


@register.simple_tag
def moment(when: datetime | None, clock: bool = False, fixed: bool = False) -> SafeString:
    """A moment as readers see it; nothing for none."""
    return time_markup(when, clock=clock, fixed=fixed)
