"""A later version of a live article, which readers see from a set time on."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from articles.models.revision import Revision


class ScheduledChange(models.Model):
    """One revision that replaces what readers see at ``due_at``; at most one waits per article.

    Neither ``applied_at`` nor ``cancelled_at``: it waits.
    """

    article = models.ForeignKey("articles.Article", models.CASCADE, related_name="scheduled_changes")
    revision = models.ForeignKey(Revision, models.CASCADE, related_name="+")
    due_at = models.DateTimeField(_("takes effect"))
    prepared = models.JSONField(
        default=dict, help_text="What the page prints from then on, rendered when it was scheduled."
    )
    made_at = models.DateTimeField(default=timezone.now)
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    applied_at = models.DateTimeField(null=True)
    cancelled_at = models.DateTimeField(null=True)
    problem = models.CharField(max_length=500, blank=True, help_text="Why it could not be applied, in words.")

    class Meta:
        ordering = ["due_at", "id"]
        verbose_name = _("later change")
        constraints = [
            models.UniqueConstraint(
                fields=["article"],
                name="one_change_waits",
                condition=Q(applied_at__isnull=True, cancelled_at__isnull=True),
            )
        ]
        indexes = [
            models.Index(
                fields=["due_at"],
                name="change_waiting",
                condition=Q(applied_at__isnull=True, cancelled_at__isnull=True),
            )
        ]

    def __str__(self) -> str:
        return f"{self.article_id} at {self.due_at:%Y-%m-%d %H:%M}"
