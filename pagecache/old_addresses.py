"""Screens of rows that have a page: whoever gives one another address is asked about the old one."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

FIELD = "lead_on"

address_changed: list[Callable[[str, str, object], None]] = []
"""Rooms register in ``ready()``: each is given the old path, the new one and who moved the page, inside the
transaction that moved it. May raise ``ValidationError``; then nothing leads on, and the editor is told."""


class KeepsOldAddress:
    """For an admin whose rows have ``get_absolute_url()`` and ``slug``: before ``KeyedAdmin`` among its bases.

    The form of an existing row asks, next to the address, whether the old one
    shall lead to the new one: yes, unless the editor says no.
    """

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any) -> Any:
        """The form with the question, for a row that has an address already."""
        if obj is not None:
            plain: Any = kwargs.get("form") or self.form  # type: ignore[attr-defined]
            kwargs["form"] = type("MovableForm", (plain,), {FIELD: _question()})
        return super().get_form(request, obj, change=change, **kwargs)  # type: ignore[misc]

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        """The question stands right below the address."""
        sets = super().get_fieldsets(request, obj)  # type: ignore[misc]
        if obj is None or not self.has_change_permission(request, obj):  # type: ignore[attr-defined]
            return sets
        return [(name, {**options, "fields": _with_question(options["fields"])}) for name, options in sets]

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        """Save; an address that moved leads on, if the editor wants it to."""
        old = type(obj)._base_manager.get(pk=obj.pk).get_absolute_url() if change else ""
        super().save_model(request, obj, form, change)  # type: ignore[misc]
        new = obj.get_absolute_url()
        if not change or old == new or not form.cleaned_data.get(FIELD):
            return
        try:
            for tell in address_changed:
                tell(old, new, request.user)
        except ValidationError as refused:
            self.message_user(request, " ".join(refused.messages), level="WARNING")  # type: ignore[attr-defined]


def _question() -> forms.BooleanField:
    return forms.BooleanField(
        label=_("If the address changes, lead the old one to the new one"),
        required=False,
        initial=True,
        help_text=_("Readers, search engines and links of others then still arrive."),
    )


def _with_question(fields: Any) -> list[Any]:
    """The names in order, the question after ``slug``; it is not asked twice."""
    shown: list[Any] = []
    for name in fields:
        if name == FIELD:
            continue
        shown.append(name)
        if name == "slug" or (isinstance(name, list | tuple) and "slug" in name):
            shown.append(FIELD)
    return shown
