"""The form of a campaign, which tells how many pages change before it starts."""

from datetime import datetime, timedelta
from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from curation import campaigns
from curation.campaign_reach import Preview, preview
from curation.campaigns import Plan, Reach
from curation.models import Campaign
from curation.screens.naming import NamesOne

USUAL = "3"
"""Hours a campaign lasts unless somebody says otherwise: the first wave of breaking news."""

EVERYWHERE, IN_SECTION, WITH_TAG = "everywhere", "section", "tag"


class CampaignForm(NamesOne, forms.ModelForm[Campaign]):
    """One campaign. Its hours are a usual length from its beginning, or an end of its own."""

    reach = forms.ChoiceField(
        label=gettext_lazy("Beside"),
        choices=[
            (IN_SECTION, gettext_lazy("every article of a section")),
            (WITH_TAG, gettext_lazy("every article with a tag")),
            (EVERYWHERE, gettext_lazy("every article there is")),
        ],
        widget=forms.RadioSelect,
        initial=IN_SECTION,
    )
    lasts = forms.ChoiceField(
        label=gettext_lazy("For"),
        choices=[
            ("1", gettext_lazy("1 hour")),
            ("3", gettext_lazy("3 hours")),
            ("6", gettext_lazy("6 hours")),
            ("24", gettext_lazy("24 hours")),
            ("", gettext_lazy("until the time below")),
        ],
        widget=forms.RadioSelect,
        initial=USUAL,
        required=False,
    )

    is_preview = False
    now: datetime
    found: Preview | None = None

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.now = timezone.now()
        if self.instance._state.adding:
            self.initial["starts"] = None
        else:
            self.initial.update({"lasts": "", "reach": _reach_of(self.instance)})
            if self.instance.starts <= self.now:
                self._keep_what_has_begun()
        self._word()

    def _keep_what_has_begun(self) -> None:
        for name in ("target", "pasted", "slot", "reach", "section", "tag", "starts"):
            self.fields.pop(name, None)

    def _word(self) -> None:
        for name in ("starts", "ends"):
            if name in self.fields:
                self.fields[name].required = False
        if "slot" in self.fields:
            self.fields["slot"].widget.attrs["max"] = settings.RELATED_SLOTS

    def clean(self) -> dict[str, Any]:
        """The plan as a whole, judged by the verb's own rules."""
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        self.name_target(cleaned)
        self._clean_reach(cleaned)
        if "starts" in self.fields:
            cleaned["starts"] = max(cleaned.get("starts") or self.now, self.now)
        cleaned["ends"] = self._end(cleaned, cleaned.get("starts") or self.instance.starts)
        if not self.errors:
            try:
                campaigns.check(self.plan())
            except ValidationError as error:
                self._blame(error)
        return cleaned

    def is_valid(self) -> bool:
        """A preview is never written, whatever it says."""
        valid = super().is_valid()
        if self.is_preview and not {"reach", "section", "tag"} & self.errors.keys():
            self.found = preview(self._reach(), self.cleaned_data.get("target"))
        return valid and not self.is_preview

    def plan(self) -> Plan:
        """What the form says; what it does not show stays as it was."""
        row, said = self.instance, self.cleaned_data
        begun = "target" not in self.fields
        return Plan(
            target=row.target if begun else said["target"],
            slot=row.slot if begun else said["slot"],
            starts=row.starts if begun else said["starts"],
            ends=said["ends"],
            reach=Reach.of(row) if begun else self._reach(),
            note=said.get("note", ""),
        )

    def _reach(self) -> Reach:
        if "reach" not in self.fields:
            return Reach.of(self.instance)
        chosen = self.cleaned_data.get("reach")
        if chosen == IN_SECTION:
            return Reach(section=self.cleaned_data.get("section"))
        return Reach(tag=self.cleaned_data.get("tag")) if chosen == WITH_TAG else Reach()

    def _clean_reach(self, cleaned: dict[str, Any]) -> None:
        chosen = cleaned.get("reach")
        if chosen == IN_SECTION and not cleaned.get("section") and "section" not in self.errors:
            self.add_error("section", _("Choose the section."))
        if chosen == WITH_TAG and not cleaned.get("tag") and "tag" not in self.errors:
            self.add_error("tag", _("Choose the tag."))
        if "reach" in self.fields:
            cleaned["section"] = cleaned.get("section") if chosen == IN_SECTION else None
            cleaned["tag"] = cleaned.get("tag") if chosen == WITH_TAG else None

    def _end(self, cleaned: dict[str, Any], starts: datetime) -> datetime | None:
        hours = cleaned.get("lasts")
        if hours:
            begins = min(starts, self.now + 2 * campaigns.FURTHEST)  # the last hours of the calendar cannot be added to
            return begins + timedelta(hours=int(hours))
        if cleaned.get("ends") is None and "ends" not in self.errors and "lasts" not in self.errors:
            self.add_error("ends", _("Say until when, or choose a length."))
        ends: datetime | None = cleaned.get("ends")
        return ends

    def _blame(self, error: ValidationError) -> None:
        for name, problems in error.error_dict.items():
            self.add_error(name if name in self.fields else None, problems)


def _reach_of(campaign: Campaign) -> str:
    if campaign.section_id is not None:
        return IN_SECTION
    return WITH_TAG if campaign.tag_id is not None else EVERYWHERE
