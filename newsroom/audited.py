"""Every screen of the admin leaves a row of the audit trail for what is added, changed or deleted on it.

The admin site puts ``Audited`` before each screen that is registered, so that
none can be forgotten. A screen whose verbs leave rows of their own gets no
second one.
"""

import copy
from collections.abc import Iterable
from typing import Any

from django.contrib.admin import ModelAdmin
from django.contrib.admin.utils import unquote
from django.db import transaction
from django.db.models import Model, QuerySet
from django.forms import BaseForm
from django.http import HttpRequest, HttpResponse

from outbox import audit
from outbox.models import AuditEntry

SECRETS = ("password", "secret", "token", "hash", "key", "seed")
"""Words in a field's name that keep its values out of the trail."""

LONGEST = 300
"""Characters of a value that the trail keeps."""

SHOWN = 200
"""Rows of an object's own history."""

HIDDEN = "…"

_CHANGES = "_audited_changes"


class Audited(ModelAdmin[Any]):
    """Notes additions, changes with the old and the new value of each field, and deletions."""

    def _changeform_view(self, *args: Any, **kwargs: Any) -> Any:
        with audit.noting():
            return super()._changeform_view(*args, **kwargs)  # type: ignore[misc]

    def _delete_view(self, *args: Any, **kwargs: Any) -> Any:
        with audit.noting():
            return super()._delete_view(*args, **kwargs)  # type: ignore[misc]

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        """The list; its bulk actions and its editable columns write."""
        with audit.noting():
            return super().changelist_view(request, extra_context)

    def construct_change_message(self, request: HttpRequest, form: Any, formsets: Any, add: bool = False) -> Any:
        """Django's, and the values for our own trail."""
        setattr(request, _CHANGES, changes(form) | _beside(formsets or ()))
        return super().construct_change_message(request, form, formsets, add)

    def log_addition(self, request: HttpRequest, obj: Any, message: Any) -> Any:
        """Note what was added."""
        self._note(request, "added", obj)
        return super().log_addition(request, obj, message)

    def log_change(self, request: HttpRequest, obj: Any, message: Any) -> Any:
        """Note what was changed; a form saved as it stood changed nothing."""
        if getattr(request, _CHANGES, None):
            self._note(request, "changed", obj)
        return super().log_change(request, obj, message)

    def _note(self, request: HttpRequest, verb: str, obj: Model) -> None:
        if not audit.was_noted(obj):
            audit.record(request.user, verb, obj, changes=getattr(request, _CHANGES, {}))

    def delete_model(self, request: HttpRequest, obj: Any) -> None:
        """Delete one, and note it under the number it had."""
        target = copy.copy(obj)
        with transaction.atomic():
            super().delete_model(request, obj)
            _note_deleted(request, [target])

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> None:
        """Delete many, and note each."""
        with transaction.atomic():
            targets = [copy.copy(row) for row in queryset]
            super().delete_queryset(request, queryset)
            _note_deleted(request, targets)

    def history_view(
        self, request: HttpRequest, object_id: str, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Who did what to this object; the values are for those who may read the whole trail."""
        rows = AuditEntry.objects.filter(object_type=self.opts.label_lower, object_id=unquote(object_id)[:60])
        told = {"trail": rows[:SHOWN], "may_read_trail": request.user.has_perm("outbox.view_auditentry")}
        return super().history_view(request, object_id, told | (extra_context or {}))


def audited(admin_class: type[ModelAdmin[Any]]) -> type[ModelAdmin[Any]]:
    """The same screen with a trail; a screen that has one stays as it is."""
    if issubclass(admin_class, Audited):
        return admin_class
    named = {"__module__": admin_class.__module__, "__doc__": admin_class.__doc__}
    return type(admin_class.__name__, (Audited, admin_class), named)


def changes(form: BaseForm) -> dict[str, Any]:
    """Old and new value of each field that ``form`` changed, as words; of secrets only that they changed."""
    return {name: _pair(form, name) for name in form.changed_data}


def _pair(form: BaseForm, name: str) -> list[str]:
    if name not in form.fields or any(word in name for word in SECRETS):
        return [HIDDEN, HIDDEN]
    old = form.get_initial_for_field(form.fields[name], name)
    return [_words(form.fields[name], old), _words(form.fields[name], form.cleaned_data.get(name))]


def _words(field: Any, value: Any) -> str:
    """``value`` for people: rows by their names, in an order, shortened."""
    if value is None:
        return ""
    chosen = _chosen(field, value)
    if chosen is not None:
        return ", ".join(sorted(str(row) for row in chosen))[:LONGEST]
    text = str(value)
    return text if len(text) <= LONGEST else text[:LONGEST] + HIDDEN


def _chosen(field: Any, value: Any) -> Iterable[Any] | None:
    """The rows behind ``value``, where the field chooses rows."""
    if isinstance(value, list | tuple | set | QuerySet):
        return value
    rows = getattr(field, "queryset", None)
    if rows is None or isinstance(value, Model):
        return None
    return list(rows.filter(pk=value)[:1])


def _beside(formsets: Iterable[Any]) -> dict[str, Any]:
    """What the inlines of a form added, changed and deleted."""
    told: dict[str, Any] = {}
    for formset in formsets:
        done = [
            *(["+", str(row)[:LONGEST]] for row in getattr(formset, "new_objects", ())),
            *(["±", str(row)[:LONGEST], fields] for row, fields in getattr(formset, "changed_objects", ())),
            *(["−", str(row)[:LONGEST]] for row in getattr(formset, "deleted_objects", ())),
        ]
        if done:
            told[str(formset.model._meta.verbose_name_plural)] = done
    return told


def _note_deleted(request: HttpRequest, targets: list[Model]) -> None:
    audit.record_all(request.user, "deleted", [(target, {}) for target in targets if not audit.was_noted(target)])
