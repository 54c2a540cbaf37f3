"""Desks given along with an invitation."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django import forms
from django.contrib.auth.models import Permission
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import Prefetch, QuerySet
from django.utils.text import get_text_list
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from articles.desks import EVERY_DESK, GIVES_PLACES, WRITES, is_limited, may_seat, places_of
from articles.models import DeskMembership, DeskRole, InvitedPlace, Section
from pagecache.admin import SeveralField
from people.models import Invitation, User

GAVE = "gave a place on a desk"

_BOUNDLESS = Permission.objects.filter(codename=EVERY_DESK.partition(".")[2], content_type__app_label="articles")


class InvitedPlaces:
    """Which desks the invited join, all in one role; the account's page has more to choose from later."""

    related: Sequence[str | Prefetch[Any]] = (
        "places__section",
        Prefetch("roles__permissions", _BOUNDLESS, to_attr="on_every_desk"),
    )

    def fields(self, actor: User) -> dict[str, forms.Field]:
        """The desks ``actor`` may give, for whoever gives places at all."""
        sections = _sections_of(actor)
        if not actor.has_perm(GIVES_PLACES) or not sections.exists():
            return {}
        return {
            "desks": SeveralField(
                sections,
                required=False,
                widget=forms.CheckboxSelectMultiple,
                label=gettext_lazy("Desks"),
                help_text=gettext_lazy(
                    "None: they work everywhere their role allows. Chief editors and administrators do so on any desk."
                ),
                error_messages={"invalid_choice": gettext_lazy("You can give only places on desks you manage.")},
            ),
            "desk_role": forms.ChoiceField(
                choices=DeskRole.choices,
                initial=DeskRole.WRITER,
                required=False,
                widget=forms.RadioSelect,
                label=gettext_lazy("On these desks, the colleague"),
            ),
        }

    def keep(self, invitation: Invitation, chosen: Mapping[str, Any], actor: User) -> dict[str, Any]:
        """One row for each desk."""
        role = chosen.get("desk_role") or DeskRole.WRITER
        sections = list(chosen.get("desks") or ())
        if role not in DeskRole.values:
            raise ValidationError({"desk_role": _("There is no such role on a desk.")})
        _check(invitation, sections, actor)
        InvitedPlace.objects.bulk_create(
            InvitedPlace(invitation=invitation, section=one, role=role) for one in sections
        )
        return {"desks": sorted(str(one) for one in sections), "desk_role": str(role)} if sections else {}

    def check(self, invitation: Invitation, actor: User) -> None:
        """The desks that are left, as if they were chosen now."""
        rows = list(invitation.places.select_related("section"))
        _refuse_gone(rows)
        _check(invitation, [row.section for row in rows if row.section], actor)

    def give(self, invitation: Invitation, user: User) -> dict[str, Any]:
        """A place on each desk that is left; where none is, the account would work everywhere, and is not made."""
        rows = list(invitation.places.select_related("section"))
        _refuse_gone(rows)
        places = [DeskMembership(user=user, section=row.section, role=row.role) for row in rows if row.section]
        DeskMembership.objects.bulk_create(places)
        return {"desks": sorted(str(place.section) for place in places)} if places else {}

    def told(self, invitation: Invitation) -> str:
        """“City, Sport: writes”, and whether their role takes them to all the others too."""
        rows = list(invitation.places.all())
        if not rows:
            return ""
        names = [str(row.section) if row.section else _("a desk that is gone") for row in rows]
        words = f"{', '.join(names)}: {rows[0].get_role_display()}"
        boundless = any(role.on_every_desk for role in invitation.roles.all())  # type: ignore[attr-defined]
        return _("%(places)s, and works on every desk") % {"places": words} if boundless else words


def _sections_of(actor: User) -> QuerySet[Section]:
    rows = Section.objects.order_by("position", "name")
    return rows.filter(pk__in=places_of(actor).edits) if is_limited(actor) else rows


def _check(invitation: Invitation, sections: Iterable[Section], actor: User) -> None:
    """What an inviter may not do themselves, nobody does on their invitation."""
    wanted = list(sections)
    if wanted and not may_seat(actor, (section.pk for section in wanted)):
        raise PermissionDenied(_("You may not give places on these desks."))
    app, _dot, code = WRITES.partition(".")
    writes = invitation.roles.filter(permissions__codename=code, permissions__content_type__app_label=app).exists()
    if wanted and not writes:
        problem = _("Only who works on articles has a desk: choose a role that writes, or no desk.")
        raise ValidationError({"desks": problem})
    if writes and not wanted and is_limited(actor):
        names = get_text_list([str(section) for section in _sections_of(actor)], _("or"))
        raise ValidationError(_("You work on some desks only: choose which of them they join (%s).") % names)


def _refuse_gone(rows: list[InvitedPlace]) -> None:
    if rows and not any(row.section_id for row in rows):
        raise ValidationError(_("This invitation has ended."))
