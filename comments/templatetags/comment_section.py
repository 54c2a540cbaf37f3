"""``{% comments %}``: the section under an article, and filters for the rooms' own pages."""

from datetime import datetime
from typing import Any

from django import template
from django.template import Context
from django.utils import timezone
from django.utils.safestring import SafeString

from comments import markup, submission, threads
from comments.forms import TRAP, CommentForm
from comments.models import Comment
from comments.plain_text import neutral, render
from comments.writer_forms import FOLLOW_CHOICES
from pagecache.reading import depends_on

register = template.Library()


@register.inclusion_tag("comments/section.html", takes_context=True)
def comments(context: Context) -> dict[str, Any]:
    """The approved comments of ``article`` and the form to add one: the same for every reader."""
    article = context["article"]
    closes_at = submission.closes_at(article)
    is_open = submission.is_open(article)
    depends_on(f"comments:{article.pk}", until=closes_at)
    thread = threads.of_article(article.pk)
    return {
        "article": article,
        "count": thread.count,
        "threads": markup.ThreadMarkup(article, is_open=is_open).render(thread.roots) if thread.count else "",
        "is_open": is_open,
        "closes_at": closes_at,
        "form": CommentForm(),
        "trap": TRAP,
        "follow_choices": FOLLOW_CHOICES,
    }


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
def machine_time(moment: datetime) -> str:
    """A moment for ``<time datetime>``, to the second: HTML allows no microseconds."""
    return timezone.localtime(moment).isoformat(timespec="seconds")
