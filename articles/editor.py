"""The story's form field."""

from django import forms


class BodyField(forms.CharField):
    """A plain text area until the editor stands."""

    widget = forms.Textarea
