"""What somebody at the desk may know of: editors all, others what readers see, and their own."""

from django.db.models import Case, Exists, F, OuterRef, Prefetch, Q, When

from articles.models import Article, ArticleQuerySet, Revision
from articles.permissions import Actor
from articles.state import WorkingState


def knows_all(actor: Actor) -> bool:
    """Whether nothing at the desk is hidden from ``actor``."""
    return actor is None or actor.has_perm("articles.edit_others_article")


def knows_newest(actor: Actor, article: Article) -> bool:
    """Whether ``actor`` may read words of ``article`` that readers do not see yet."""
    return knows_all(actor) or article.created_by_id == getattr(actor, "pk", 0)


def known_to(actor: Actor) -> ArticleQuerySet:
    """The articles ``actor`` may know of, with their newest revision where they may read it.

    For all others ``latest`` is ``None``: the article then stands for what
    readers see, its name and its working state included. ``known_headline``
    is the headline to search in.
    """
    if actor is None or knows_all(actor):
        return Article.objects.for_desk().annotate(known_headline=F("latest__headline"))
    own = Q(created_by=actor.pk)
    newest = Revision.objects.filter(article__created_by=actor.pk).select_related("section", "made_by")
    public = Exists(Article.objects.public().filter(pk=OuterRef("pk")))  # IN makes SQLite read the whole archive
    rows = Article.objects.filter(own | public)
    headline = Case(When(own, then=F("latest__headline")), default=F("headline"))
    return rows.select_related("section").prefetch_related(Prefetch("latest", newest)).annotate(known_headline=headline)


def known_state(actor: Actor, article: Article) -> WorkingState:
    """The words of ``article`` that ``actor`` may read: the newest, or those readers see."""
    return WorkingState.of(article) if knows_newest(actor, article) else WorkingState.of_article(article)
