"""``{% comments %}``: the section under an article, and filters for the rooms' own pages."""

from datetime import datetime
from typing import Any

from django import template
from django.template import Context
from django.utils import timezone
from django.utils.safestring import SafeString

from comments import markup
from comments.about import Known, headline_of
from comments.models import Comment
from comments.plain_text import neutral, render
from comments.section import section_of
from comments.thread_pages import threads_of

register = template.Library()


@register.inclusion_tag("comments/section.html", takes_context=True)
def comments(context: Context) -> dict[str, Any]:
    """The approved comments of ``article`` and the form to add one: the same for every reader."""
    talk = context["plan"].kept.get("comments") or threads_of(context["article"])
    number: int = context.get("thread_page") or 1
    return section_of(talk, number)


@register.filter
def comment_text(text: str) -> SafeString:
    """A reader's plain text as safe HTML."""
    return render(text)


@register.filter
def comment_signature(comment: Comment) -> SafeString:
    """A comment's writer as safe HTML."""
    return markup.signature(comment)


@register.filter
def inert(text: str) -> str:
    """A reader's single line without characters that act on what stands around them."""
    return neutral(text)


@register.filter
def headline(comment: Comment, known: Known) -> str:
    """The article of a comment, by name where it is among those ``known`` to whoever looks."""
    return headline_of(comment, known)


@register.filter
def machine_time(moment: datetime) -> str:
    """A moment for ``<time datetime>``, to the second: HTML allows no microseconds."""
    return timezone.localtime(moment).isoformat(timespec="seconds")
