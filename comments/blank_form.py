"""The comment form under an article, as it stands before anybody typed: the same under each but for its address."""

from functools import lru_cache
from typing import Any

from django.core.signals import setting_changed
from django.template.loader import render_to_string
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language

from articles.models import Article
from comments.forms import TRAP, CommentForm
from comments.pipeline.trust import promise
from comments.writer_forms import FOLLOW_CHOICES
from pagecache.addresses import address


def blank_form(article: Article, promised: str) -> SafeString:
    """The form to comment on ``article``; ``promised`` says when it will be looked at.

    A template for each of its fields is rendered once, not for every page.
    """
    form = _form_for_nobody(promise(article), promised, get_language())
    return mark_safe(form.replace(_sent_to(0), _sent_to(article.pk)))  # noqa: S308 - rendered by a template


@lru_cache(maxsize=64)
def _form_for_nobody(who_reads: str, promised: str, _language: str | None) -> str:
    context = {
        "article": {"pk": 0},
        "form": CommentForm(),
        "trap": TRAP,
        "follow_choices": FOLLOW_CHOICES,
        "who_reads": who_reads,
        "promised": promised,
    }
    return render_to_string("comments/_form.html", context)


def _sent_to(article_id: int) -> str:
    return f' action="{address("comments:article", article_id)}"'


def _forget(**_kwargs: Any) -> None:
    _form_for_nobody.cache_clear()


setting_changed.connect(_forget, dispatch_uid="comments.blank_form")
