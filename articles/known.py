"""What somebody at the desk may know of: their desk's, their own, and what readers see.

Whoever has places on desks, and not the right to work on every desk, knows
their desks; other editors know all.
"""

from django.db.models import Case, Exists, F, OuterRef, Prefetch, Q, When

from articles.desks import belongs_to, is_limited, is_on, places_of
from articles.models import Article, ArticleQuerySet, Revision
from articles.permissions import Actor, is_own
from articles.state import WorkingState


def knows_all(actor: Actor) -> bool:
    """Whether nothing at the desk is hidden from ``actor``."""
    return actor is None or (actor.has_perm("articles.edit_others_article") and not is_limited(actor))


def knows_newest(actor: Actor, article: Article) -> bool:
    """Whether ``actor`` may read words of ``article`` that readers do not see yet."""
    return knows_all(actor) or is_own(actor, article) or is_on(places_of(actor).all, article)


def known_to(actor: Actor) -> ArticleQuerySet:
    """The articles ``actor`` may know of, with their newest revision where they may read it.

    For all others ``latest`` is ``None``: the article then stands for what
    readers see, its name and its working state included. ``known_headline``
    is the headline to search in.
    """
    if actor is None or knows_all(actor):
        return Article.objects.for_desk().annotate(known_headline=F("latest__headline"))
    own = of_concern(actor)
    newest = Revision.objects.filter(Exists(Article.objects.filter(own, latest=OuterRef("pk"))))
    public = Exists(Article.objects.public().filter(pk=OuterRef("pk")))  # IN makes SQLite read the whole archive
    rows = Article.objects.filter(own | public)
    headline = Case(When(own, then=F("latest__headline")), default=F("headline"))
    chosen = Prefetch("latest", newest.select_related("section", "made_by"))
    return rows.select_related("section").prefetch_related(chosen).annotate(known_headline=headline)


def of_concern(actor: Actor) -> Q:
    """Articles whose newest words ``actor`` may read: all, or those of their desks and their own."""
    if actor is None or knows_all(actor):
        return Q()
    own = Q(created_by=actor.pk)
    sections = places_of(actor).all
    return own | belongs_to(sections) if sections else own


def known_state(actor: Actor, article: Article) -> WorkingState:
    """The words of ``article`` that ``actor`` may read: the newest, or those readers see."""
    return WorkingState.of(article) if knows_newest(actor, article) else WorkingState.of_article(article)
