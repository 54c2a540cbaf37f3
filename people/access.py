"""What an administrator does about a colleague's way in: roles to give, sessions to end, a lost device to forgive."""

from allauth.mfa.models import Authenticator
from django.contrib.auth.models import AnonymousUser, Group, Permission
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from outbox import audit
from pagecache.writing import writing
from people import letters, second_factor, sessions, tokens
from people.models import User

Person = User | AnonymousUser


def permissions_of(user: User) -> "QuerySet[Permission]":
    """What ``user``'s roles and own permissions allow, active or not."""
    return Permission.objects.filter(Q(group__user=user) | Q(user=user))


def is_above(user: User, actor: Person) -> bool:
    """Whether ``user`` may do something that ``actor`` may not: then with the account goes more than was given."""
    if getattr(actor, "is_superuser", False):
        return False
    if user.is_superuser:
        return True
    rights = permissions_of(user).values_list("content_type__app_label", "codename")
    return not {f"{app}.{name}" for app, name in rights} <= actor.get_all_permissions()


def may_manage(actor: Person, user: User) -> bool:
    """Whether ``actor`` may change the account of ``user``."""
    return actor.has_perm("people.change_user") and not is_above(user, actor)


def grantable(actor: Person) -> "QuerySet[Group]":
    """The roles ``actor`` may give: those that allow nothing beyond their own."""
    if getattr(actor, "is_superuser", False):
        return Group.objects.all()
    own = {tuple(name.split(".", 1)) for name in actor.get_all_permissions()}
    rows = Permission.objects.values_list("pk", "content_type__app_label", "codename")
    beyond = [pk for pk, app, name in rows if (app, name) not in own]
    return Group.objects.exclude(pk__in=Group.objects.filter(permissions__in=beyond).values("pk"))


def check_manages(actor: Person, user: User) -> None:
    """Raises ``PermissionDenied`` unless ``actor`` may change the account of ``user``."""
    if not may_manage(actor, user):
        raise PermissionDenied


def end_sessions(user: User, *, actor: User) -> None:
    """End every session of a colleague, and revoke their tokens. Raises ``PermissionDenied``."""
    check_manages(actor, user)
    with writing():
        sessions.end_all(user, actor=actor)
        tokens.revoke_all(user, actor=actor)


def reset_factors(user: User, *, actor: User) -> None:
    """Take all second factors and recovery codes from a colleague who lost a device, and end all sessions.

    Nobody does it for themselves: whoever has their session could. Raises
    ``PermissionDenied``, or ``ValidationError`` when there is nothing to take.
    """
    check_manages(actor, user)
    if actor.pk == user.pk:
        raise PermissionDenied
    with writing():
        User.objects.select_for_update().get(pk=user.pk)
        factors = Authenticator.objects.filter(user=user)
        had = second_factor.names(factors)
        if not had:
            raise ValidationError(_("%(name)s has no second factor.") % {"name": user})
        factors.delete()
        entry = audit.record(actor, "reset the second factor", user, had=had)
        sessions.end_all(user, actor=actor)
        tokens.revoke_all(user, actor=actor)
        letters.write(user.email, "factor_reset", key=str(entry.pk), who=str(actor))
