"""Somebody's own account: name, password, second factors, sessions."""

from typing import Any, cast

from allauth.account.internal.flows.login import record_authentication
from allauth.account.utils import perform_login
from allauth.core import ratelimit
from allauth.mfa.models import Authenticator
from allauth.mfa.webauthn import views as webauthn
from django import forms
from django.contrib import admin, messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from outbox import audit
from pagecache.writing import writing
from people import invitations, second_factor, sessions
from people.models import User


def _owner(request: HttpRequest) -> User:
    return cast("User", request.user)


class NameForm(forms.ModelForm[User]):
    """The name colleagues see."""

    class Meta:
        model = User
        fields = ("name",)


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def home(request: HttpRequest) -> HttpResponse:
    """Everything about one's own account; a post changes the name."""
    owner = _owner(request)
    form = NameForm(request.POST or None, instance=User.objects.get(pk=owner.pk))
    if request.method == "POST" and form.is_valid():
        if form.has_changed():
            with writing():
                audit.record(owner, "changed", form.save(), changes={"name": [owner.name, form.instance.name]})
        messages.success(request, _("Your name is saved."))
        return redirect("account_home")
    status = 400 if request.method == "POST" else 200
    return TemplateResponse(request, "account/home.html", _home_context(request, form), status=status)


def _home_context(request: HttpRequest, form: NameForm) -> dict[str, Any]:
    owner = _owner(request)
    factors = list(Authenticator.objects.filter(user=owner).order_by("type", "created_at"))
    return {
        **admin.site.each_context(request),
        "title": _("My account"),
        "form": form,
        "owner": owner,
        "app": next((one for one in factors if one.type == Authenticator.Type.TOTP), None),
        "keys": [one for one in factors if one.type == Authenticator.Type.WEBAUTHN],
        "codes": next((one for one in factors if one.type == Authenticator.Type.RECOVERY_CODES), None),
        "needed": second_factor.must_have(owner),
        "sessions": sessions.of(owner, request.session.session_key or ""),
    }


@login_required
@never_cache
@require_safe
def secure(request: HttpRequest) -> HttpResponse:
    """Why a second factor is needed, and the two ways to one."""
    if not second_factor.is_missing(_owner(request)):
        return redirect("account_home")
    return TemplateResponse(request, "account/secure.html")


@login_required
@require_POST
def end_session(request: HttpRequest, pk: int) -> HttpResponse:
    """Sign one of one's own sessions out."""
    if sessions.end_one(_owner(request), pk):
        messages.success(request, _("That session has ended."))
    else:
        messages.warning(request, _("That session had ended already."))
    return redirect("account_home")


@login_required
@require_POST
def end_other_sessions(request: HttpRequest) -> HttpResponse:
    """Sign out everywhere else."""
    sessions.end_others(request, _owner(request))
    messages.success(request, _("You are signed out everywhere but here."))
    return redirect("account_home")


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def remove_key(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Remove a passkey, unless it is the last second factor of somebody who must have one."""
    own = Authenticator.objects.filter(user=_owner(request), type=Authenticator.Type.WEBAUTHN)
    key = get_object_or_404(own, pk=pk)
    if second_factor.is_last_needed(key):
        messages.error(request, _("Your role needs a second factor, and this is your last one. Add another one first."))
        return redirect("account_home")
    answer: HttpResponseBase = webauthn.remove_webauthn(request, pk=pk)
    return answer


class JoinForm(forms.Form):
    """What somebody who was invited chooses."""

    name = forms.CharField(label=gettext_lazy("Your name, as colleagues know you"), max_length=120)
    password = forms.CharField(
        label=gettext_lazy("Password"),
        max_length=200,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        help_text=gettext_lazy("At least ten characters; a few words in a row are best."),
    )


@sensitive_post_parameters("password")
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def join(request: HttpRequest, secret: str) -> HttpResponse:
    """Take an invitation up: choose a password, and be signed in."""
    if not ratelimit.consume(request, action="invitation"):
        return cast("HttpResponse", ratelimit.respond_429(request))
    invitation = invitations.find(secret)
    if invitation is None:
        return TemplateResponse(request, "account/invitation_ended.html", status=404)
    form = JoinForm(request.POST if request.method == "POST" else None, initial={"name": invitation.name})
    if form.is_valid() and (joined := _taken_up(secret, form)):
        return _enter(request, joined)
    status = 400 if form.is_bound else 200
    context = {"form": form, "invitation": invitation}
    return TemplateResponse(request, "account/join.html", context, status=status)


def _taken_up(secret: str, form: JoinForm) -> User | None:
    try:
        return invitations.accept(secret, **form.cleaned_data)
    except ValidationError as refused:
        form.add_error(None, refused)
        return None


def _enter(request: HttpRequest, joined: User) -> HttpResponse:
    """Sign in who has just chosen the password, in a session of their own."""
    request.session.flush()
    record_authentication(request, joined, method="password", reauthenticated=True)
    answer = perform_login(request, joined)
    return cast("HttpResponse", answer or HttpResponseRedirect("/admin/"))
