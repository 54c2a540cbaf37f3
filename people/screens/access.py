"""A colleague's way in, for those who manage accounts: sessions, second factors, and closing the account."""

from functools import partial
from typing import Any, cast

from allauth.mfa.models import Authenticator
from django import forms
from django.contrib import messages
from django.contrib.admin import ModelAdmin
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from pagecache.admin import row_or_404
from people import access, leaving, second_factor, sessions
from people.models import Author, User

Desk = ModelAdmin[User]


class LeavingForm(forms.Form):
    """What becomes of the work, and of the author's profile."""

    to = forms.ModelChoiceField(
        User.objects.none(),
        label=gettext_lazy("Hand the work to"),
        required=False,
        empty_label=gettext_lazy("nobody: it stays as it is"),
    )
    hide_author = forms.BooleanField(
        label=gettext_lazy("Mark the author's profile as of somebody who left"),
        required=False,
        help_text=gettext_lazy("The profile and every byline stay public."),
    )

    def __init__(self, *args: Any, leaver: User, **kwargs: Any) -> None:
        super().__init__(*args, **{"label_suffix": "", **kwargs})
        self.fields["to"].queryset = leaving.takers(leaver)  # type: ignore[attr-defined]
        if not Author.objects.filter(user=leaver, active=True).exists():
            del self.fields["hide_author"]


def access_urls(desk: Desk) -> list[URLPattern]:
    """The addresses under a colleague's account."""

    def door(view: Any, *methods: str) -> Any:
        return desk.admin_site.admin_view(require_http_methods(methods)(partial(view, desk=desk)))

    return [
        path("<int:pk>/access/", door(page, "GET", "HEAD"), name="people_user_access"),
        path("<int:pk>/access/sessions/end/", door(end_sessions, "POST"), name="people_user_end_sessions"),
        path("<int:pk>/access/factors/reset/", door(reset_factors, "POST"), name="people_user_reset_factors"),
        path("<int:pk>/deactivation/", door(deactivation, "GET", "HEAD", "POST"), name="people_user_deactivation"),
        path("<int:pk>/reactivation/", door(reactivation, "POST"), name="people_user_reactivation"),
    ]


def page(request: HttpRequest, pk: int, *, desk: Desk) -> HttpResponse:
    """Where they are signed in, with what, and what can be done about it."""
    colleague = _colleague(request, pk)
    context = {
        "sessions": sessions.of(colleague),
        "factors": Authenticator.objects.filter(user=colleague).order_by("type", "created_at"),
        "needed": second_factor.must_have(colleague),
        "own": colleague.pk == request.user.pk,
    }
    return _screen(desk, request, "access", colleague, title=_("Access of %(name)s") % {"name": colleague}, **context)


def end_sessions(request: HttpRequest, pk: int, *, desk: Desk) -> HttpResponse:
    """Sign them out everywhere."""
    colleague = _colleague(request, pk)
    access.end_sessions(colleague, actor=_actor(request))
    messages.success(request, _("%(name)s is signed out everywhere.") % {"name": colleague})
    return redirect("admin:people_user_access", pk)


def reset_factors(request: HttpRequest, pk: int, *, desk: Desk) -> HttpResponse:
    """Forgive a lost device."""
    colleague = _colleague(request, pk)
    try:
        access.reset_factors(colleague, actor=_actor(request))
    except ValidationError as refused:
        messages.error(request, " ".join(refused.messages))
    else:
        said = _("The second factor is reset: %(name)s signs in with the password and sets up a new one.")
        messages.success(request, said % {"name": colleague})
    return redirect("admin:people_user_access", pk)


def deactivation(request: HttpRequest, pk: int, *, desk: Desk) -> HttpResponse:
    """What they leave behind, who takes it, and closing the account."""
    colleague = _colleague(request, pk)
    form = LeavingForm(request.POST if request.method == "POST" else None, leaver=colleague)
    if form.is_valid() and _closed(request, colleague, form):
        return redirect("admin:people_user_change", pk)
    context = {"form": form, "left": leaving.left_by(colleague, told=_actor(request))}
    title = _("Close the account of %(name)s") % {"name": colleague}
    status = 400 if form.is_bound else 200
    return _screen(desk, request, "deactivation", colleague, status=status, title=title, **context)


def reactivation(request: HttpRequest, pk: int, *, desk: Desk) -> HttpResponse:
    """Open a closed account again."""
    colleague = _colleague(request, pk)
    leaving.reactivate(colleague, actor=_actor(request))
    messages.success(request, _("%(name)s may sign in again.") % {"name": colleague})
    return redirect("admin:people_user_change", pk)


def _closed(request: HttpRequest, colleague: User, form: LeavingForm) -> bool:
    try:
        handed = leaving.deactivate(colleague, actor=_actor(request), **form.cleaned_data)
    except ValidationError as refused:
        form.add_error(None, refused)
        return False
    words = {"name": colleague, "handed": handed}
    messages.success(request, _("The account of %(name)s is closed. Handed over: %(handed)d.") % words)
    return True


def _actor(request: HttpRequest) -> User:
    return cast("User", request.user)


def _colleague(request: HttpRequest, pk: int) -> User:
    if not request.user.has_perm("people.change_user"):
        raise PermissionDenied
    colleague = row_or_404(User.objects.all(), pk)
    access.check_manages(_actor(request), colleague)
    return colleague


def _screen(
    desk: Desk, request: HttpRequest, name: str, colleague: User, *, status: int = 200, **context: Any
) -> HttpResponse:
    base = {**desk.admin_site.each_context(request), "opts": desk.opts, "colleague": colleague}
    return TemplateResponse(request, f"admin/people/{name}.html", base | context, status=status)
