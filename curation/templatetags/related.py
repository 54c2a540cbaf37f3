"""``{% related_articles %}``: the block *Articles You May Like*."""

from collections.abc import Sequence
from typing import Any

from django import template
from django.utils.safestring import SafeString, mark_safe

from articles.models import Article
from articles.page_markup import card_markup
from articles.page_plan import PagePlan
from curation.related import RelatedItem, related_list

register = template.Library()

FIRST = "(min-width: 60rem) 30rem, (min-width: 48rem) 50vw, 100vw"
OF_FEW = "(min-width: 60rem) 24rem, (min-width: 48rem) 50vw, 8rem"
OF_MANY, MANY = "8rem", 4
"""How wide pictures are: that of the first card, and of the others in a list that is short or long."""


@register.inclusion_tag("curation/related.html", takes_context=True)
def related_articles(context: template.Context) -> dict[str, Any]:
    """The list beside ``article`` without what the ``plan`` shows already; nothing at all when it is empty."""
    article: Article = context["article"]
    plan: PagePlan = context["plan"]
    items = related_list(article, plan.article_ids)
    plan.article_ids |= {item.article.pk for item in items}
    return {"items": items}


@register.simple_tag
def related_cards(items: Sequence[RelatedItem]) -> SafeString:
    """The lines of the list, each with its card; the first says what its story is about."""
    others = OF_FEW if len(items) < MANY else OF_MANY
    lines = [
        f'\n<li class="related__item" data-shown="{item.article.pk}.{place}">'
        f"{_card(item, others if place > 1 else FIRST, first=place == 1)}</li>"
        for place, item in enumerate(items, start=1)
    ]
    return mark_safe("".join(lines))  # noqa: S308 - cards are escaped


def _card(item: RelatedItem, sizes: str, *, first: bool) -> SafeString:
    return card_markup(item.article, headline=item.headline, variant="tile", standfirst=first, sizes=sizes)
