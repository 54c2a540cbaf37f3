"""Which colleagues can be asked: to review an article, or to change it."""

from django.db.models import Exists, OuterRef, Q, QuerySet

from articles.desks import EVERY_DESK, WRITES
from articles.models import Article, DeskMembership, DeskRole
from people.models import User


def reviewers_of(article: Article) -> QuerySet[User]:
    """Everybody who may publish the article as it stands, by name: the same as asking ``may_publish`` of each."""
    every = Q(pk__in=able_to(EVERY_DESK)) | ~Exists(DeskMembership.objects.filter(user=OuterRef("pk")))
    by_role = Q(pk__in=able_to("articles.publish_article")) & every
    return User.objects.filter(is_active=True).filter(by_role | _on_the_desk(article)).order_by("name", "email")


def desk_editors_of(article: Article) -> QuerySet[User]:
    """Those of them who have a place on the article's desk."""
    return User.objects.filter(is_active=True).filter(_on_the_desk(article)).order_by("name", "email")


def writers_of(article: Article) -> QuerySet[User]:
    """Who can be asked to change it once it is a draft: who began it, and everybody on its desk."""
    section = article.latest.section_id if article.latest else article.section_id
    placed = Exists(DeskMembership.objects.filter(user=OuterRef("pk"), section=section))
    able = User.objects.filter(is_active=True, pk__in=able_to(WRITES))
    return able.filter(Q(pk=article.created_by_id) | placed).order_by("name", "email")


def _on_the_desk(article: Article) -> Q:
    sections = {article.latest.section_id if article.latest else article.section_id}
    sections |= {article.section_id} if article.section_id else set()
    found = Q(pk__in=able_to(WRITES))
    for section in sections:
        places = DeskMembership.objects.filter(user=OuterRef("pk"), section=section, role=DeskRole.EDITOR)
        found &= Q(Exists(places))
    return found


def able_to(permission: str) -> QuerySet[User]:
    """The ids of everybody whose role, or whose own account, gives ``permission``."""
    return User.objects.with_perm(permission).order_by().values("pk")  # type: ignore[return-value]
