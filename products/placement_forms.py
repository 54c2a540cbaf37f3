"""How a placed product stands, and for how long: the fields that the article's form and a product's rules share."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.forms.models import ModelForm
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from products.models import Layout, Placement
from products.placing import Showing

_MINUTE = "%Y-%m-%dT%H:%M"
_LOCAL = {"type": "datetime-local", "class": "placed__moment"}
SHOWING = ("layout", "starts", "ends")


class Worded:
    """A widget with its own words before it, for rows of a table that has no room for a heading of each column."""

    words: Any = ""

    def render(self, *args: Any, **kwargs: Any) -> SafeString:
        """The widget inside its label."""
        shown = super().render(*args, **kwargs)  # type: ignore[misc]
        return format_html('<label class="placed__field"><span>{}</span>{}</label>', self.words, shown)


class WordedSelect(Worded, forms.Select):
    """A choice."""


class WordedMoment(Worded, forms.DateTimeInput):
    """A date and a time."""


class _Moment(forms.DateTimeField):
    """A date and a time in one field, in the site's zone."""

    widget = forms.DateTimeInput(attrs=_LOCAL, format=_MINUTE)


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

    def word(self) -> None:
        """Let each of the three fields carry its own words."""
        worded: dict[str, Any] = {
            "layout": WordedSelect(choices=Layout.choices),
            "starts": WordedMoment(attrs=_LOCAL, format=_MINUTE),
            "ends": WordedMoment(attrs=_LOCAL, format=_MINUTE),
        }
        for name, widget in worded.items():
            widget.words = self.fields[name].label
            self.fields[name].widget = widget

    def showing(self) -> Showing:
        """What was said."""
        said = self.cleaned_data
        return Showing(said["layout"], said.get("starts"), said.get("ends"))
