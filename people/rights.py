"""Whose a session is and what they may: asked on every page of the desk, by queries that are built once.

Django builds the three anew for each request, which takes longer than answering them.
"""

from typing import Any

from allauth.account.auth_backends import AuthenticationBackend
from django.contrib.auth.models import Group, Permission
from django.db.models import BigAutoField, QuerySet

from pagecache.prepared import Prepared
from people.models import User

_ID = BigAutoField[int, int]()


def _named(found: QuerySet[Permission]) -> QuerySet[Any, Any]:
    return found.values_list("content_type__app_label", "codename").order_by()


_USER = Prepared(lambda pk: User.objects.filter(pk=pk), pk=_ID)
_OWN: Prepared[Any] = Prepared(lambda pk: _named(Permission.objects.filter(user=pk)), pk=_ID)
_OF_GROUPS: Prepared[Any] = Prepared(
    lambda pk: _named(Permission.objects.filter(group__in=Group.objects.filter(user=pk))), pk=_ID
)


class Rights(AuthenticationBackend):  # type: ignore[misc]
    """The one place that says who may what; nothing is remembered from one request to the next."""

    def get_user(self, user_id: int) -> User | None:
        """The account, while it is active."""
        user = _USER.first(pk=user_id)
        return user if user is not None and self.user_can_authenticate(user) else None

    def _get_permissions(self, user_obj: Any, obj: Any, from_name: str) -> set[str]:
        """The permissions ``user`` has of their own, or through a ``group``; an object has none of its own here."""
        kept = f"_{from_name}_perm_cache"
        if obj is None and user_obj.is_active and _is_ordinary(user_obj) and not hasattr(user_obj, kept):
            rows = (_OWN if from_name == "user" else _OF_GROUPS).rows(pk=user_obj.pk)
            setattr(user_obj, kept, {f"{app}.{name}" for app, name in rows})
        found: set[str] = super()._get_permissions(user_obj, obj, from_name)
        return found


def _is_ordinary(user: Any) -> bool:
    return bool(user.is_authenticated and not user.is_superuser)
