"""``{% who_reads %}``: what the form, the preview and the receipt promise of a comment's way."""

from django import template

from comments.pipeline.trust import promise

register = template.Library()


@register.simple_tag
def who_reads() -> str:
    """Who reads a comment before it appears: true whatever the settings are."""
    return promise()
