"""What happens to a story once readers have seen it: it is corrected, and it may lead on to another page."""

from datetime import datetime, timedelta

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from articles.models.section import Section


class AfterPublication(models.Model):
    """What only ``articles.corrections`` and ``articles.departure`` write."""

    corrected_at = models.DateTimeField(null=True, editable=False, help_text="When it was last corrected.")
    clarified_at = models.DateTimeField(null=True, editable=False, help_text="When it was last clarified.")
    moved_to = models.ForeignKey(
        "self",
        models.SET_NULL,
        null=True,
        blank=True,
        editable=False,
        related_name="moved_from",
        help_text="Where readers are sent once it is taken down or expired; a killed article sends nobody anywhere.",
    )
    moved_to_section = models.ForeignKey(
        Section,
        models.SET_NULL,
        null=True,
        blank=True,
        editable=False,
        related_name="+",
        help_text="The same, to the page of a section.",
    )

    class Meta:
        abstract = True

    @property
    def mark(self) -> str | Promise:
        """The word on its card: *Corrected* while a correction is new, else *Clarified*, else nothing."""
        now = timezone.now()
        if self.corrected_at and now < _ends(self.corrected_at):
            return _("Corrected")
        return _("Clarified") if self.clarified_at and now < _ends(self.clarified_at) else ""

    @property
    def mark_changes_at(self) -> datetime | None:
        """When the word on its card changes next by itself."""
        now = timezone.now()
        ends = (_ends(moment) for moment in (self.corrected_at, self.clarified_at) if moment)
        return min((moment for moment in ends if moment > now), default=None)


def _ends(moment: datetime) -> datetime:
    return moment + timedelta(days=settings.CORRECTED_FOR_DAYS)
