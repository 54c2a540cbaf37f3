"""An inline of things chosen and ordered by an editor, whose rows the verbs of another room write."""

from typing import Any

from django import forms
from django.contrib import admin
from django.contrib.admin.widgets import RelatedFieldWidgetWrapper
from django.db.models import Field, Model
from django.forms.models import BaseInlineFormSet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from articles.permissions import Actor
from pagecache.admin import Choosing, know


class ChosenForm(forms.ModelForm[Any]):
    """One chosen thing and its place; an empty place means last."""

    position = forms.IntegerField(
        label=_("place"),
        required=False,
        min_value=0,
        max_value=1_000,
        widget=forms.NumberInput(attrs={"class": "chosen__place", "data-place": ""}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk is None:
            self.initial["position"] = None
        for name, row in self.instance._state.fields_cache.items():
            if name in self.fields:
                know(self, name, row)

    def clean_position(self) -> int:
        """An empty place is behind every number."""
        place = self.cleaned_data.get("position")
        return 1_000 if place is None else int(place)


class ChosenFormSet(BaseInlineFormSet[Any, Any, Any]):
    """Compares what the form says with what it showed, and calls the verbs for the differences only.

    So two editors at one list lose nothing: what a colleague added meanwhile
    is in nobody's difference and stays.
    """

    chosen = ""
    actor: Actor = None

    def add(self, thing: Any) -> Any:
        """Choose ``thing``; returns its row."""
        raise NotImplementedError

    def remove(self, thing_id: int) -> None:
        """Choose it no longer."""
        raise NotImplementedError

    def arrange(self, thing_ids: list[int]) -> None:
        """Put the chosen things into this order."""
        raise NotImplementedError

    def save(self, commit: bool = True) -> list[Any]:
        """Write the differences; ``actor`` is who pressed the button."""
        self.new_objects: list[Any] = []
        self.changed_objects: list[tuple[Model, list[str]]] = []
        self.deleted_objects: list[Model] = []
        before = [form.initial[self.chosen] for form in self.initial_forms]
        wanted = self._wanted()
        for form in self.initial_forms:
            if form.initial[self.chosen] not in wanted:
                self.remove(form.initial[self.chosen])
                self.deleted_objects.append(form.instance)
        for pk, form in wanted.items():
            if pk not in before:
                self.new_objects.append(self.add(form.cleaned_data[self.chosen]))
        if list(wanted) != [pk for pk in before if pk in wanted]:
            self.arrange(list(wanted))
        self.changed_objects = [(form.instance, ["position"]) for form in self._moved(wanted)]
        return self.new_objects

    def _wanted(self) -> dict[int, forms.ModelForm[Any]]:
        """The forms of what stays or comes, in the order of their places, by the id of what they choose."""
        filled = [
            form
            for form in self.forms
            if form not in self.deleted_forms and form.cleaned_data.get(self.chosen) is not None
        ]
        filled.sort(key=lambda form: form.cleaned_data["position"])
        return {form.cleaned_data[self.chosen].pk: form for form in filled}

    def _moved(self, wanted: dict[int, forms.ModelForm[Any]]) -> list[forms.ModelForm[Any]]:
        return [form for form in wanted.values() if form in self.initial_forms and "position" in form.changed_data]


class ChosenInline(Choosing, admin.TabularInline[Any, Any]):
    """Rows to drag into order; with the place typed as a number when no script runs."""

    form = ChosenForm
    formset: type[BaseInlineFormSet[Any, Any, Any]] = ChosenFormSet
    extra = 1
    classes: tuple[str, ...] = ("chosen",)
    template = "admin/edit_inline/chosen.html"

    @property
    def media(self) -> forms.Media:
        """The look of the rows, and the module that drags them."""
        module: Any = forms.Script("desk/chosen-rows.js", type="module")
        return super().media + forms.Media(css={"all": ["desk/chosen-rows.css"]}, js=[module])

    def formfield_for_dbfield(self, db_field: Field[Any, Any], request: HttpRequest, **kwargs: Any) -> Any:
        """Here things are chosen, not made or changed; they can be looked at."""
        field = super().formfield_for_dbfield(db_field, request, **kwargs)
        if field is not None and isinstance(field.widget, RelatedFieldWidgetWrapper):
            field.widget.can_add_related = field.widget.can_change_related = False
        return field
