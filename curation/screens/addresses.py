"""Where the screens lead: to a list's own desk, or to the article while there is none."""

from typing import Any

from django.urls import NoReverseMatch, reverse

from articles.known import known_to, knows_all
from articles.models import Article
from articles.permissions import Actor
from pagecache.admin import row_or_404


def desk_of(article_id: int | None = None, section_id: int | None = None) -> str:
    """The desk of the list beside an article, on a section's page, or (neither) on the front page."""
    if article_id is not None:
        return _reversed("admin:curation_desk_article", article_id) or article_form(article_id)
    if section_id is not None:
        return _reversed("admin:curation_desk_section", section_id)
    return _reversed("admin:curation_desk_front")


def article_form(article_id: int) -> str:
    """The article's form."""
    return reverse("admin:articles_article_change", args=[article_id])


def may_look(actor: Actor) -> bool:
    """Whether the screens about all lists are open to ``actor``: they name articles whoever wrote them."""
    return actor is None or (knows_all(actor) and actor.has_perm("curation.view_pick"))


def article_or_404(actor: Actor, pk: int) -> Article:
    """An article ``actor`` may know of."""
    return row_or_404(known_to(actor), pk)


def inward_of(article_id: int) -> str:
    """Where an article stands."""
    return reverse("admin:curation_inward", args=[article_id])


def record_of(article_id: int) -> str:
    """What a list showed."""
    return reverse("admin:curation_record", args=[article_id])


def _reversed(name: str, *arguments: Any) -> str:
    try:
        return reverse(name, args=arguments)
    except NoReverseMatch:
        return ""
