"""How a placed product stands, and for how long: the fields that the article's form and a product's rules share."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.forms.models import ModelForm
from django.utils.translation import gettext_lazy as _

from products.models import Layout, Placement
from products.placing import Showing

_MINUTE = "%Y-%m-%dT%H:%M"
SHOWING = ("layout", "starts", "ends")


class _Moment(forms.DateTimeField):
    """A date and a time in one field, in the site's zone."""

    widget = forms.DateTimeInput(attrs={"type": "datetime-local", "class": "placed__moment"}, format=_MINUTE)


class ShowingForm(ModelForm[Placement]):
    """The form of a placement, with its layout and its time."""

    layout = forms.ChoiceField(label=_("stands as"), choices=Layout.choices, required=False, initial=Layout.ROW)
    starts = _Moment(label=_("from"), required=False)
    ends = _Moment(label=_("until"), required=False)

    def clean_layout(self) -> str:
        """Where nobody says how, beside others."""
        return str(self.cleaned_data.get("layout") or self.instance.layout or Layout.ROW)

    def clean(self) -> dict[str, Any]:
        """A time that ends after it begins."""
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        if not self.errors:
            try:
                self.showing().check()
            except ValidationError as error:
                self.add_error("ends", error)
        return cleaned

    def showing(self) -> Showing:
        """What was said."""
        said = self.cleaned_data
        return Showing(said["layout"], said.get("starts"), said.get("ends"))
