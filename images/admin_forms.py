"""The forms of the picture library."""

from datetime import date, datetime, time
from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.core.validators import MaxValueValidator, MinValueValidator
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from images.models import Image
from images.reading import FORMATS

ACCEPT = ",".join(sorted({f".{ending}" for ending in FORMATS.values()} | {".jpeg"}))

FIRST_DAY, LAST_DAY = date(1990, 1, 1), date(2200, 1, 1)
"""Licences end between these; beyond them time zones cannot be computed with."""

WORDS = ("alt", "caption", "credit", "title", "licence")
"""The fields of a picture that an editor writes."""

_LAST_DAY_HELP = _("Leave it empty when the licence does not end.")


class LastDayField(forms.DateField):
    """The last day a picture may be used; kept as the instant at which that day ends."""

    def __init__(self) -> None:
        super().__init__(
            label=_("Last day of the licence"),
            required=False,
            widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
            help_text=_LAST_DAY_HELP,
            validators=[MinValueValidator(FIRST_DAY), MaxValueValidator(LAST_DAY)],
        )


def end_of(day: date | None) -> datetime | None:
    """The last instant of the day, where the newsroom is."""
    return timezone.make_aware(datetime.combine(day, time.max)) if day else None


def _text(name: str, *, label: Any = None, rows: int = 0) -> forms.CharField:
    """A form field for one of the picture's texts, as long as the model allows."""
    field = Image._meta.get_field(name)
    widget = forms.Textarea({"rows": rows, "cols": 60}) if rows else forms.TextInput({"class": "vTextField"})
    return forms.CharField(
        label=label or field.verbose_name.capitalize(),  # type: ignore[union-attr]
        max_length=field.max_length,  # type: ignore[union-attr]
        required=False,
        help_text=field.help_text,  # type: ignore[union-attr]
        widget=widget,
    )


class RightsForm(forms.Form):
    """What pictures of one source share."""

    credit = _text("credit")
    licence = _text("licence")
    last_day = LastDayField()

    def rights(self) -> dict[str, Any]:
        """As ``add_image`` takes them."""
        data = self.cleaned_data
        return {"credit": data["credit"], "licence": data["licence"], "usable_until": end_of(data["last_day"])}


class UploadForm(RightsForm):
    """One picture and its words."""

    file = forms.FileField(
        label=_("File"),
        widget=forms.FileInput({"accept": ACCEPT}),
        help_text=_("JPEG, PNG, WebP, GIF or AVIF, at most 25 MB. Location and camera data never reach readers."),
    )
    title = _text("title")
    alt = _text("alt", rows=2)
    caption = _text("caption", rows=2)
    field_order = ("file", "title", "alt", "caption", "credit", "licence", "last_day")

    def words(self) -> dict[str, Any]:
        """As ``add_image`` takes them."""
        return {name: self.cleaned_data[name] for name in ("title", "alt", "caption")} | self.rights()


class SeveralFilesInput(forms.FileInput):
    """A file chooser that takes many."""

    allow_multiple_selected = True


class SeveralFilesField(forms.FileField):
    """Many files; each is checked when it is taken in, so that one bad one does not hold up the others."""

    widget = SeveralFilesInput

    def clean(self, data: Any, initial: Any = None) -> list[UploadedFile[Any]]:
        """The files, of which there must be one at least."""
        files = [file for file in (data or []) if isinstance(file, UploadedFile)]
        if not files:
            raise forms.ValidationError(self.error_messages["required"], code="required")
        return files


class SeveralForm(RightsForm):
    """Many pictures of one source."""

    pictures = SeveralFilesField(
        label=_("Pictures"),
        widget=SeveralFilesInput({"accept": ACCEPT}),
        help_text=_("JPEG, PNG, WebP, GIF or AVIF, at most 25 MB each."),
    )
    field_order = ("pictures", "credit", "licence", "last_day")


class ImageForm(forms.ModelForm[Image]):
    """A picture of the library: its words, its licence, and where the eye should land."""

    last_day = LastDayField()
    focal_left = forms.FloatField(
        label=_("From the left, in per cent"), min_value=0, max_value=100, widget=forms.NumberInput({"step": "any"})
    )
    focal_top = forms.FloatField(
        label=_("From the top, in per cent"), min_value=0, max_value=100, widget=forms.NumberInput({"step": "any"})
    )

    class Meta:
        model = Image
        fields = WORDS
        widgets = {
            "alt": forms.Textarea({"rows": 3, "cols": 60}),
            "caption": forms.Textarea({"rows": 3, "cols": 60}),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        until = self.instance.usable_until
        self.initial["last_day"] = timezone.localdate(until) if until else None
        self.initial["focal_left"] = round(self.instance.focal_x * 100, 1)
        self.initial["focal_top"] = round(self.instance.focal_y * 100, 1)

    def changed_fields(self) -> list[str]:
        """The model's fields whose words were changed; the focal point is cut by its own verb."""
        names = [name for name in self.changed_data if name in WORDS]
        return [*names, "usable_until"] if "last_day" in self.changed_data else names

    def focal_moved(self) -> bool:
        """Whether the focal point was moved."""
        return bool({"focal_left", "focal_top"} & set(self.changed_data))
