"""Places on desks, given on the section's page and on the account's: both write the same rows."""

from typing import Any

from django.contrib import admin
from django.db.models import Model, Q
from django.forms.models import BaseInlineFormSet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from articles.asking import able_to
from articles.desks import WRITES
from articles.models import DeskMembership, Section
from outbox import audit
from people.models import User


class PlacesFormSet(BaseInlineFormSet):  # type: ignore[type-arg]
    """Whoever gives or takes a place is named in the audit trail."""

    actor: User | None = None

    def save_new(self, form: Any, commit: bool = True) -> Any:
        """A place given."""
        return self._noted(super().save_new(form, commit), "gave a place on a desk")

    def save_existing(self, form: Any, obj: Any, commit: bool = True) -> Any:
        """Another role there."""
        return self._noted(super().save_existing(form, obj, commit), "changed a place on a desk")

    def delete_existing(self, obj: Any, commit: bool = True) -> None:
        """A place taken."""
        self._noted(obj, "took a place on a desk")
        super().delete_existing(obj, commit)

    def _noted(self, place: Any, verb: str) -> Any:
        audit.record(self.actor, verb, place.user, section=str(place.section), role=place.role)
        return place


class PlaceInline(admin.TabularInline[DeskMembership, Any]):
    """Who works in a section, or where somebody works."""

    model = DeskMembership
    formset = PlacesFormSet
    extra = 0
    verbose_name = _("place")
    verbose_name_plural = _("Desk")

    def get_formset(self, request: HttpRequest, obj: Model | None = None, **kwargs: Any) -> Any:
        """With whoever fills it in."""
        formset: Any = super().get_formset(request, obj, **kwargs)
        formset.actor = request.user
        for field in formset.form.base_fields.values():
            field.widget.can_add_related = field.widget.can_change_related = False
        return formset

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        """Only colleagues who work on articles, by name."""
        if db_field.name == "user":
            able = Q(is_active=True, pk__in=able_to(WRITES)) | Q(pk__in=DeskMembership.objects.values("user"))
            kwargs["queryset"] = User.objects.filter(able).order_by("name", "email")
        elif db_field.name == "section":
            kwargs["queryset"] = Section.objects.order_by("position", "name")
        return super().formfield_for_foreignkey(db_field, request, **kwargs)


class DeskInline(PlaceInline):
    """On the section: who writes, who edits and publishes."""

    fields = ("user", "role")


class AccountPlacesInline(PlaceInline):
    """On the account: without any place, somebody works everywhere their role allows."""

    fields = ("section", "role")
    verbose_name_plural = _("Desks (none: everywhere the role allows)")
