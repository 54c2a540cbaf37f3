"""``{% related_articles %}``: the block *Articles You May Like*."""

from typing import Any

from django import template

from articles.models import Article
from articles.page_plan import PagePlan
from curation.related import related_list

register = template.Library()


@register.inclusion_tag("curation/related.html", takes_context=True)
def related_articles(context: template.Context) -> dict[str, Any]:
    """The list beside ``article`` without what the ``plan`` shows already; nothing at all when it is empty."""
    article: Article = context["article"]
    plan: PagePlan = context["plan"]
    items = related_list(article, plan.article_ids)
    plan.article_ids |= {item.article.pk for item in items}
    return {"items": items}
