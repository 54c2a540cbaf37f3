"""Revisions: the working state of an article, whole, at each save."""

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from articles.models.section import Section


class Revision(models.Model):
    """What the editor's form held at one save. Never changed afterwards.

    ``state`` is ``articles.state.WorkingState`` as JSON; ``parts`` holds the
    copies other rooms keep through ``registries.revision_parts``. ``headline``,
    ``section`` and ``planned_at`` repeat the state for lists and the calendar.
    """

    article = models.ForeignKey("articles.Article", models.CASCADE, related_name="revisions")
    number = models.PositiveIntegerField(_("number"), help_text="1 for the first of its article.")
    state = models.JSONField(default=dict)
    parts = models.JSONField(default=dict)
    headline = models.CharField(max_length=200, blank=True)
    section = models.ForeignKey(Section, models.SET_NULL, null=True, related_name="+")
    planned_at = models.DateTimeField(null=True, editable=False, help_text="The state's own time of publication.")
    digest = models.CharField(max_length=64, help_text="SHA-256 of the state in canonical JSON.")
    made_at = models.DateTimeField(_("saved"), default=timezone.now)
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")

    class Meta:
        ordering = ["-number"]
        verbose_name = _("revision")
        constraints = [models.UniqueConstraint(fields=["article", "number"], name="revision_number_once_per_article")]
        indexes = [
            models.Index(fields=["planned_at"], name="revision_planned", condition=models.Q(planned_at__isnull=False)),
        ]

    def __str__(self) -> str:
        return f"{self.headline} (revision {self.number})"
