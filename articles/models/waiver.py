"""Waivers: a line of the checklist that somebody answers for."""

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from articles.models.revision import Revision


class Waiver(models.Model):
    """One finding of one article that need not be mended, with the name and reason of whoever says so."""

    article = models.ForeignKey("articles.Article", models.CASCADE, related_name="waivers")
    code = models.CharField(max_length=60, help_text="The finding's code.")
    reason = models.CharField(_("reason"), max_length=500)
    revision = models.ForeignKey(Revision, models.SET_NULL, null=True, related_name="+")
    made_at = models.DateTimeField(default=timezone.now)
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    withdrawn_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-made_at", "-id"]
        verbose_name = _("waiver")
        constraints = [
            models.UniqueConstraint(
                fields=["article", "code"], name="waiver_once", condition=models.Q(withdrawn_at__isnull=True)
            )
        ]

    def __str__(self) -> str:
        return f"{self.article_id}: {self.code}"
