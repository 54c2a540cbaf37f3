"""Who may decide about comments."""

from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import PermissionDenied
from django.utils.translation import gettext as _

from people.models import User

Actor = User | AnonymousUser | None
"""``None`` is the system: an import, a rule, the demo."""

PERMISSION = "comments.moderate_comment"


class OvertakenError(Exception):
    """The comment was changed anew in the meantime; ``str()`` says so."""


def may_moderate(actor: Actor) -> bool:
    """Whether ``actor`` may decide about comments and see their writers' addresses."""
    return actor is None or actor.has_perm(PERMISSION)


def require(actor: Actor) -> None:
    """Raise ``PermissionDenied`` for whoever may not moderate."""
    if not may_moderate(actor):
        raise PermissionDenied(_("You may not moderate comments."))
