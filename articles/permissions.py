"""Who may do what with an article. Every verb asks here; views only hide what would be refused.

A role gives rights everywhere. Somebody who has places on desks, and not the
right to work on every desk, has them on those desks only; a place where one
edits and publishes gives these rights there whatever the role. Why, and the
whole table: ``docs/developers/decisions/roles-and-desks.md``.
"""

from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import PermissionDenied
from django.utils.translation import gettext as _

from articles.desks import EVERY_DESK, WRITES, is_limited, is_on, places_of
from articles.models import Article, Status
from people.models import User

Actor = User | AnonymousUser | None
"""``None`` is the system: an import, a periodic job, the demo."""


def may_write(actor: Actor) -> bool:
    """Start a new article."""
    return actor is None or actor.has_perm("articles.add_article")


def works_on_articles(actor: Actor) -> bool:
    """Start an article or change one at all, whichever it is."""
    return may_write(actor) or (actor is not None and actor.has_perm("articles.change_article"))


def may_edit(actor: Actor, article: Article) -> bool:
    """Save a revision: one's own drafts, drafts of a desk one writes for, all of a desk one edits; nothing killed."""
    if article.status == Status.KILLED:
        return False
    if actor is None:
        return True
    if article.status == Status.DRAFT:
        return may_draft(actor, article)
    return actor.has_perm(WRITES) and _leads(actor, article, "articles.edit_others_article")


def may_draft(actor: User | AnonymousUser, article: Article) -> bool:
    """Save a revision of the article while it is a draft."""
    if not actor.has_perm(WRITES):
        return False
    own = is_own(actor, article) or is_on(places_of(actor).all, article)
    return own or _leads(actor, article, "articles.edit_others_article")


def may_publish(actor: Actor, article: Article | None = None) -> bool:
    """Publish, schedule, approve, send back, take down; without ``article``: whether there is anything they could."""
    if article is None:
        return actor is None or _leads_somewhere(actor, "articles.publish_article")
    if article.status == Status.KILLED:
        return False
    return actor is None or _leads(actor, article, "articles.publish_article")


def may_kill(actor: Actor, article: Article | None = None) -> bool:
    """Make it gone everywhere at once, and bring a killed one back to the desk."""
    if actor is None or not actor.has_perm("articles.kill_article"):
        return actor is None
    return article is None or not is_limited(actor) or is_on(places_of(actor).edits, article)


def may_delete(actor: Actor, article: Article) -> bool:
    """Delete for good: only what no reader ever saw, and nothing killed, as its reason must stay."""
    if article.once_public() or article.status == Status.KILLED:
        return False
    if actor is None:
        return True
    own = is_own(actor, article) and article.status == Status.DRAFT
    return actor.has_perm("articles.delete_article") and (own or _leads(actor, article, "articles.edit_others_article"))


def may_place(actor: Actor, section: int | None) -> bool:
    """Publish in this section, whatever the article: who moves a story there keeps it in their hands."""
    if actor is None:
        return True
    if is_limited(actor):
        return section in places_of(actor).edits
    return actor.has_perm("articles.publish_article") or section in places_of(actor).edits


def works_everywhere(actor: Actor) -> bool:
    """Whether ``actor`` leads the desk as a whole: the rule of four eyes does not bind them."""
    return actor is None or actor.has_perm(EVERY_DESK)


def is_own(actor: Actor, article: Article) -> bool:
    """Whether ``actor`` began the article."""
    return isinstance(actor, User) and article.created_by_id == actor.pk


def require(allowed: bool, action: str) -> None:
    """Raise ``PermissionDenied`` naming ``action`` unless ``allowed``."""
    if not allowed:
        raise PermissionDenied(_("You may not %(action)s.") % {"action": action})


def _leads(actor: User | AnonymousUser, article: Article, permission: str) -> bool:
    """By role where one works everywhere, else by the place on the article's desk."""
    if is_limited(actor):
        return is_on(places_of(actor).edits, article)
    return actor.has_perm(permission) or is_on(places_of(actor).edits, article)


def _leads_somewhere(actor: User | AnonymousUser, permission: str) -> bool:
    edits = bool(places_of(actor).edits)
    return edits or (actor.has_perm(permission) and not is_limited(actor))
