"""Who may do what with an article. Every verb asks here; views only hide what would be refused."""

from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import PermissionDenied
from django.utils.translation import gettext as _

from articles.models import Article, Status
from people.models import User

Actor = User | AnonymousUser | None
"""``None`` is the system: an import, a periodic job, the demo."""


def may_write(actor: Actor) -> bool:
    """Start a new article."""
    return actor is None or actor.has_perm("articles.add_article")


def may_edit(actor: Actor, article: Article) -> bool:
    """Save a revision: one's own drafts, or anything for those who edit others' work."""
    if actor is None:
        return True
    if not actor.has_perm("articles.change_article"):
        return False
    if actor.has_perm("articles.edit_others_article"):
        return True
    return article.created_by_id == actor.pk and article.status == Status.DRAFT


def may_publish(actor: Actor, article: Article | None = None) -> bool:
    """Publish, schedule, send back, take down."""
    return actor is None or actor.has_perm("articles.publish_article")


def may_delete(actor: Actor, article: Article) -> bool:
    """Delete for good: only what no reader ever saw."""
    if article.once_public():
        return False
    if actor is None:
        return True
    own = article.created_by_id == actor.pk and article.status == Status.DRAFT
    return actor.has_perm("articles.delete_article") and (own or actor.has_perm("articles.edit_others_article"))


def require(allowed: bool, action: str) -> None:
    """Raise ``PermissionDenied`` naming ``action`` unless ``allowed``."""
    if not allowed:
        raise PermissionDenied(_("You may not %(action)s.") % {"action": action})
