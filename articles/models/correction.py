"""Dated notes that a published story was wrong, and what is right."""

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from pagecache.keyed import Keyed, KeyedQuerySet


class CorrectionKind(models.TextChoices):
    """What the note says of the story: it was wrong, it could be misread, or there is news."""

    CORRECTION = "correction", _("correction")
    CLARIFICATION = "clarification", _("clarification")
    UPDATE = "update", _("update")


class Correction(Keyed):
    """A note readers see on the story for good."""

    kind = models.CharField(_("kind"), max_length=13, choices=CorrectionKind.choices, default=CorrectionKind.CORRECTION)
    article = models.ForeignKey("articles.Article", models.CASCADE, related_name="corrections")
    text = models.TextField(_("what was wrong, and what is right"), max_length=1000)
    made_at = models.DateTimeField(_("made"), default=timezone.now)
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+", editable=False)

    objects = KeyedQuerySet.as_manager()

    class Meta:
        ordering = ["made_at", "id"]
        verbose_name = _("correction")
        indexes = [models.Index(fields=["-made_at", "-id"], name="correction_newest")]

    def __str__(self) -> str:
        return self.text[:80]

    def page_keys(self) -> set[str]:
        """The corrected article, and the archive of all corrections."""
        return {f"article:{self.article_id}", "corrections"}
