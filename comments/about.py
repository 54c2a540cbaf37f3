"""The article a comment stands under, as far as whoever looks may know of it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext as _

from articles.known import known_to
from articles.models import Article
from articles.permissions import Actor
from comments.models import Comment


@dataclass
class About:
    """An article by name; with no address where whoever looks may not know of it."""

    headline: str
    section: str = ""
    url: str = ""
    settings_url: str = ""


Known = Mapping[int, str]
"""The articles that whoever looks may know of: their headlines by their ids."""


def known_articles(comments: Iterable[Comment], actor: Actor, *, also: Iterable[int] = ()) -> Known:
    """Of those comments' articles, and of others by their ids, the ones that ``actor`` may know of, in one query."""
    ids = {comment.article_id for comment in comments} | set(also)
    known = known_to(actor).filter(pk__in=ids).prefetch_related(None).order_by()
    return dict(known.values_list("pk", "headline"))


def about(comment: Comment, known: Known) -> About:
    """The article of ``comment`` as readers saw it; not by name where it is hidden from whoever looks."""
    article: Article = comment.article
    headline = headline_of(comment, known)
    if article.pk not in known:
        return About(headline)
    url = article.get_absolute_url() if article.section_id else ""
    return About(headline, str(article.section or ""), url, reverse("admin:comments_of_article", args=[article.pk]))


def headline_of(comment: Comment, known: Known) -> str:
    """Its article by name, or in words that name none."""
    article: Article = comment.article
    return article.headline if article.pk in known else _("A story that readers cannot see now")
