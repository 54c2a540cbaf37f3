"""The base of every admin screen that changes what readers see."""

from collections.abc import Sequence
from contextlib import AbstractContextManager, nullcontext
from typing import Any, TypeVar

from django import forms
from django.contrib import admin
from django.contrib.admin.views.main import ERROR_FLAG, ChangeList
from django.contrib.admin.widgets import AutocompleteSelect
from django.core.exceptions import ValidationError
from django.db import DataError, IntegrityError
from django.db.models import Model, ProtectedError, QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect

from pagecache.writing import writing

M = TypeVar("M", bound=Model)

SAFE = {"GET", "HEAD", "OPTIONS"}

MAX_ID = 100
"""Characters of a row's id in an address; what is longer names nothing."""


def is_id(text: str) -> bool:
    """Whether ``text`` is the number of a row, as every database counts them."""
    return text.isascii() and text.isdecimal() and len(text) < 19  # noqa: PLR2004 - below 2 ** 63


class SeveralField(forms.ModelMultipleChoiceField):  # type: ignore[type-arg]
    """Several rows, by numbers that a database can look for."""

    def clean(self, value: Any) -> Any:
        """The rows; anything else is no choice."""
        for chosen in value or ():
            if not is_id(str(chosen)):
                told = {"value": chosen, "pk": chosen}
                raise ValidationError(self.error_messages["invalid_choice"], code="invalid_choice", params=told)
        return super().clean(value)


def row_or_404(rows: QuerySet[M], pk: int) -> M:
    """The one of ``rows`` with this number. Raises ``Http404``, also for a number that no database counts to."""
    found = rows.filter(pk=pk).first() if pk < 2**63 else None
    if found is None:
        raise Http404
    return found


class Chooser(AutocompleteSelect):
    """Django's chooser, for forms that come back with something that is no choice: it is refused, not looked for."""

    known: Model | None = None
    """The row that stands here already, where the form was read with it: naming it asks the database nothing."""

    def optgroups(self, name: str, value: Sequence[str], attr: dict[str, Any] | None = None) -> list[Any]:
        """The chosen rows."""
        if self.known is not None and list(value) == [str(self.known.pk)]:
            return [(None, [self.create_option(name, self.known.pk, str(self.known), True, 0)], 0)]
        return super().optgroups(name, [chosen for chosen in value if is_id(str(chosen))], attr)


def know(form: forms.BaseForm, field: str, row: Model | None) -> None:
    """Tell the chooser of a form's field which row stands there; no chooser is told nothing."""
    widget: Any = form.fields[field].widget
    chooser = getattr(widget, "widget", widget)
    if isinstance(chooser, Chooser):
        chooser.known = row


class Choosing:
    """For screens and inlines with ``autocomplete_fields``."""

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        """With our chooser."""
        screen: Any = self
        if "widget" not in kwargs and db_field.name in screen.get_autocomplete_fields(request):
            kwargs["widget"] = Chooser(db_field, screen.admin_site, using=kwargs.get("using"))
        return super().formfield_for_foreignkey(db_field, request, **kwargs)  # type: ignore[misc]


class KeptFilters(ChangeList):
    """Builds its filters once, with the choices they read; an action asks for the rows a second time."""

    _kept: Any = None

    def get_filters(self, request: HttpRequest) -> Any:
        """What the first call gave."""
        if self._kept is None:
            self._kept = super().get_filters(request)
        return self._kept


class KeyedAdmin(Choosing, admin.ModelAdmin[Any]):
    """Runs each changing request in one ``writing()`` block: all its page keys rise last, in one order.

    Looking takes no transaction: on SQLite it would take the one write lock.
    """

    show_facets = admin.ShowFacets.NEVER  # each would count the whole table once more

    def changeform_view(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        """Add and change.

        When a colleague takes the same name or address this very moment, the
        form is judged once more, and says so with all that was typed.
        """
        try:
            with _writing_unless_safe(request):
                return super().changeform_view(request, *args, **kwargs)
        except IntegrityError:
            with _writing_unless_safe(request):
                return super().changeform_view(request, *args, **kwargs)

    def get_object(self, request: HttpRequest, object_id: str, from_field: str | None = None) -> Any:
        """The row; nothing for an id that is far too long for one."""
        return super().get_object(request, object_id, from_field) if len(object_id) <= MAX_ID else None

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        """An address fills in nothing beforehand: what it says may mean nothing to a field."""
        return {}

    def delete_view(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        """Delete one; what came into use this very moment is named as what forbids it."""
        try:
            with _writing_unless_safe(request):
                return super().delete_view(request, *args, **kwargs)
        except (ProtectedError, IntegrityError):
            with _writing_unless_safe(request):
                return super().delete_view(request, *args, **kwargs)

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[ChangeList]:
        """Ours."""
        return KeptFilters

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        """The list; its bulk actions write."""
        try:
            with _writing_unless_safe(request):
                return super().changelist_view(request, extra_context)
        except (DataError, OverflowError):
            return HttpResponseRedirect(f"{request.path}?{ERROR_FLAG}=1")  # a filter no row could ever match

    def delete_queryset(self, request: HttpRequest, queryset: Any) -> None:
        """Delete row by row, so that each names its keys."""
        for row in queryset:
            row.delete()


def _writing_unless_safe(request: HttpRequest) -> AbstractContextManager[Any]:
    return nullcontext() if request.method in SAFE else writing()
