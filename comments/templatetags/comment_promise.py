"""``{% who_reads article %}``: what the form, the preview and the receipt promise of a comment's way."""

from django import template

from articles.models import Article
from comments.pipeline.trust import promise

register = template.Library()


@register.simple_tag
def who_reads(article: Article) -> str:
    """Who reads a comment on the article before it appears: true whatever the settings are."""
    return promise(article)
