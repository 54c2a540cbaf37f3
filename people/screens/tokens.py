"""One's own access tokens, and for those who manage accounts everybody's."""

from typing import Any, cast

from allauth.account.decorators import reauthentication_required
from django import forms
from django.contrib import admin, messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from pagecache.admin import row_or_404
from people import tokens
from people.models import AccessToken, Scope, User

SHOWN = 200
"""Tokens on everybody's page, the newest first."""


def _days(days: int) -> str:
    return ngettext("%(days)d day", "%(days)d days", days) % {"days": days}


class TokenForm(forms.Form):
    """What for, for how long."""

    name = forms.CharField(
        label=gettext_lazy("What it is for"),
        max_length=80,
        help_text=gettext_lazy("So that you recognise it later: “Election night script”."),
    )
    scopes = forms.MultipleChoiceField(
        label=gettext_lazy("What it may do"),
        choices=Scope.choices,
        widget=forms.CheckboxSelectMultiple,
        help_text=gettext_lazy("Never more than you may do yourself. The fewer the better."),
        error_messages={"required": gettext_lazy("Choose what it may be used for.")},
    )
    days = forms.TypedChoiceField(
        label=gettext_lazy("Valid for"),
        coerce=int,
        initial=30,
        choices=lambda: [(days, _days(days)) for days in tokens.LASTING],
    )


@login_required
@reauthentication_required  # type: ignore[untyped-decorator]
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def own(request: HttpRequest) -> HttpResponse:
    """One's own tokens; a post makes one, whose secret this very page shows and no other."""
    form = TokenForm(request.POST if request.method == "POST" else None, label_suffix="")
    if form.is_valid() and (made := _made(request, form)):
        return _page(request, TokenForm(label_suffix=""), made=made[0], secret=made[1])
    return _page(request, form, status=400 if form.is_bound else 200)


@login_required
@never_cache
@require_safe
def everybody(request: HttpRequest) -> HttpResponse:
    """All tokens, for those who manage accounts."""
    if not tokens.may_see_all(_owner(request)):
        raise PermissionDenied
    rows = AccessToken.objects.select_related("owner")[:SHOWN]
    context = {**admin.site.each_context(request), "title": _("Everybody’s access tokens"), "rows": rows, "all": True}
    return TemplateResponse(request, "account/tokens_of_all.html", context)


@login_required
@require_POST
def revocation(request: HttpRequest, pk: int) -> HttpResponse:
    """End a token."""
    token = row_or_404(AccessToken.objects.select_related("owner"), pk)
    actor = _owner(request)
    own_one = token.owner_id == actor.pk
    if tokens.revoke(token, actor=actor):
        messages.success(request, _("“%(name)s” opens nothing any more.") % {"name": token})
    else:
        messages.warning(request, _("“%(name)s” was revoked already.") % {"name": token})
    return redirect("account_tokens" if own_one else "account_all_tokens")


def _made(request: HttpRequest, form: TokenForm) -> tuple[AccessToken, str] | None:
    try:
        return tokens.make(**form.cleaned_data, actor=_owner(request))
    except ValidationError as refused:
        form.add_error(None, refused)
        return None


def _page(request: HttpRequest, form: TokenForm, *, status: int = 200, **made: Any) -> HttpResponse:
    owner = _owner(request)
    context = {
        **admin.site.each_context(request),
        "title": _("Access tokens"),
        "form": form,
        "rows": AccessToken.objects.filter(owner=owner).select_related("owner")[:SHOWN],
        "may_see_all": tokens.may_see_all(owner),
        **made,
    }
    return TemplateResponse(request, "account/tokens.html", context, status=status)


def _owner(request: HttpRequest) -> User:
    return cast("User", request.user)
