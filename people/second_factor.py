"""Who must prove at sign-in, beside the password, that they hold something of theirs; nobody else works before.

``REQUIRE_MFA`` says who: nobody, those who publish or manage accounts, or
everybody. Somebody who must and has no second factor is led to setting one
up, whatever page of the desk they ask for.
"""

from collections.abc import Callable, Iterable

from allauth.mfa.models import Authenticator
from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _

from people.models import User

PUBLISHING = (
    "articles.publish_article",
    "articles.kill_article",
    "people.add_user",
    "people.change_user",
    "people.add_invitation",
    "auth.change_group",
)
"""What makes a role worth stealing: the words of the paper, and the accounts."""

FACTORS = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)
"""What counts; recovery codes only stand in for one of them."""

ADMIN, ACCOUNT = "/admin/", "/admin/account/"


def must_have(user: User | AnonymousUser) -> bool:
    """Whether ``user`` may work only with a second factor."""
    if settings.REQUIRE_MFA == "off" or not isinstance(user, User):
        return False
    return settings.REQUIRE_MFA == "all" or user.is_superuser or any(map(user.has_perm, PUBLISHING))


def factors_of(user: User) -> "QuerySet[Authenticator]":
    """The second factors of ``user``."""
    found: QuerySet[Authenticator] = Authenticator.objects.filter(user=user, type__in=FACTORS)
    return found


def is_missing(user: User | AnonymousUser) -> bool:
    """Whether ``user`` must have a second factor and has none."""
    return isinstance(user, User) and must_have(user) and not factors_of(user).exists()


def is_last_needed(authenticator: Authenticator) -> bool:
    """Whether its owner must have a second factor and has only this one."""
    owner = authenticator.user
    return must_have(owner) and not factors_of(owner).exclude(pk=authenticator.pk).exists()


def names(factors: Iterable[Authenticator]) -> list[str]:
    """The kinds of ``factors``, in words."""
    words = {Authenticator.Type.TOTP: _("authenticator app"), Authenticator.Type.WEBAUTHN: _("passkey")}
    return sorted({words.get(factor.type, _("recovery codes")) for factor in factors})


class SecondFactorDoor:
    """Stands before every address of the admin but the account's own pages."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        path = request.path_info
        if path.startswith(ADMIN) and not path.startswith(ACCOUNT) and is_missing(request.user):
            return _led_to_it(request)
        return self.get_response(request)


def _led_to_it(request: HttpRequest) -> HttpResponse:
    """A page asked for becomes the page that explains; anything else is refused."""
    if request.method == "GET" and request.headers.get("Sec-Fetch-Dest", "document") == "document":
        return HttpResponseRedirect(reverse("account_secure"))
    words = _("Your role needs a second factor. Set one up under My account.")
    return HttpResponse(words, status=403, content_type="text/plain; charset=utf-8")
