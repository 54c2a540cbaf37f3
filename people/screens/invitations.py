"""Invitations: who was asked to join, what became of it, and asking somebody."""

from typing import Any, cast

from django import forms
from django.contrib import admin, messages
from django.contrib.auth.models import Group
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from pagecache.admin import SeveralField, row_or_404
from people import access, invitations
from people.models import Invitation, User
from people.registries import invitation_parts

SHOWN = 200
"""Invitations on the page, the newest first; a newsroom hardly ever has more."""


class InvitationForm(forms.Form):
    """Whom, and into which roles."""

    name = forms.CharField(label=gettext_lazy("Name"), max_length=120)
    email = forms.EmailField(label=gettext_lazy("E-mail address"), max_length=150)
    roles = SeveralField(
        Group.objects.none(),
        label=gettext_lazy("Roles"),
        widget=forms.CheckboxSelectMultiple,
        error_messages={
            "invalid_choice": gettext_lazy("You can give only roles that allow nothing beyond your own."),
            "required": gettext_lazy("Choose at least one: a role says what somebody may do here."),
        },
    )

    def __init__(self, *args: Any, actor: User, **kwargs: Any) -> None:
        super().__init__(*args, **{"label_suffix": "", **kwargs})
        self.fields["roles"].queryset = access.grantable(actor).order_by("name")  # type: ignore[attr-defined]
        own = set(self.fields)
        for part in invitation_parts:
            self.fields |= part.fields(actor)
        self.further = set(self.fields) - own

    def asked(self) -> dict[str, Any]:
        """The verb's arguments. Only on a valid form."""
        own = {name: value for name, value in self.cleaned_data.items() if name not in self.further}
        return {**own, "further": {name: self.cleaned_data[name] for name in self.further}}


class InvitationAdmin(admin.ModelAdmin[Invitation]):
    """A list with a form above it; everything else are verbs."""

    actions = None

    def get_urls(self) -> list[URLPattern]:
        """Our own addresses only."""
        return [
            path("", self._door(self.listed, "view", "GET", "HEAD"), name="people_invitation_changelist"),
            path("add/", self._door(self.add, "add", "GET", "HEAD", "POST"), name="people_invitation_add"),
            path("<int:pk>/resend/", self._door(self.resend, "add", "POST"), name="people_invitation_resend"),
            path("<int:pk>/revoke/", self._door(self.revoke, "change", "POST"), name="people_invitation_revoke"),
        ]

    def _door(self, view: Any, verb: str, *methods: str) -> Any:
        def opened(request: HttpRequest, **kwargs: Any) -> HttpResponse:
            if not request.user.has_perm(f"people.{verb}_invitation"):
                raise PermissionDenied
            answer: HttpResponse = require_http_methods(methods)(view)(request, **kwargs)
            return answer

        return self.admin_site.admin_view(opened)

    def listed(self, request: HttpRequest) -> HttpResponse:
        """Everybody who was asked, and what became of it."""
        related = [name for part in invitation_parts for name in part.related]
        rows = Invitation.objects.select_related("made_by").prefetch_related("roles", *related)[:SHOWN]
        shown = [(row, state(row), [part.told(row) for part in invitation_parts]) for row in rows]
        return self._screen(request, "invitations", title=_("Invitations"), rows=shown)

    def add(self, request: HttpRequest) -> HttpResponse:
        """Ask somebody."""
        form = InvitationForm(request.POST if request.method == "POST" else None, actor=_actor(request))
        if form.is_valid() and self._invited(request, form):
            return redirect("admin:people_invitation_changelist")
        status = 400 if form.is_bound else 200
        return self._screen(request, "invite", status=status, title=_("Invite a colleague"), form=form)

    def resend(self, request: HttpRequest, pk: int) -> HttpResponse:
        """A new link, by mail."""
        row = row_or_404(Invitation.objects.all(), pk)
        said = _("A new link is on its way to %(email)s; the former one has ended.") % {"email": row.email}
        return self._done(request, said, lambda: invitations.resend(row, actor=_actor(request)))

    def revoke(self, request: HttpRequest, pk: int) -> HttpResponse:
        """The link ends."""
        row = row_or_404(Invitation.objects.all(), pk)
        said = _("The invitation of %(email)s is revoked.") % {"email": row.email}
        return self._done(request, said, lambda: invitations.revoke(row, actor=_actor(request)))

    def _invited(self, request: HttpRequest, form: InvitationForm) -> bool:
        try:
            row = invitations.invite(**form.asked(), actor=_actor(request))
        except ValidationError as refused:
            form.add_error(None, refused)
            return False
        messages.success(request, _("An invitation is on its way to %(email)s.") % {"email": row.email})
        return True

    def _done(self, request: HttpRequest, said: str, verb: Any) -> HttpResponse:
        try:
            verb()
        except ValidationError as refused:
            messages.error(request, " ".join(refused.messages))
        else:
            messages.success(request, said)
        return redirect("admin:people_invitation_changelist")

    def _screen(self, request: HttpRequest, name: str, *, status: int = 200, **context: Any) -> HttpResponse:
        base = {**self.admin_site.each_context(request), "opts": self.opts}
        return TemplateResponse(request, f"admin/people/{name}.html", base | context, status=status)


def state(row: Invitation) -> tuple[str, Any]:
    """What became of an invitation: a name for its look, and words."""
    if row.accepted_at:
        return "published", _("taken up")
    if row.revoked_at:
        return "archived", _("revoked")
    return ("in_review", _("open")) if row.expires_at > timezone.now() else ("archived", _("too old"))


def _actor(request: HttpRequest) -> User:
    return cast("User", request.user)
