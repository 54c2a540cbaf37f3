"""The way of an article through the desk: who handed it on to whom, and what colleagues noted beside it."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from articles.models.revision import Revision


class Handover(models.Model):
    """One step of an article from state to state, or a request that changes none; never changed afterwards.

    ``verb`` is the word of the audit trail (``submitted``, ``approved``, ``changes asked``…). ``to`` is the
    colleague who is asked; empty: whoever edits on that desk.
    """

    article = models.ForeignKey("articles.Article", models.CASCADE, related_name="handovers")
    verb = models.CharField(max_length=30)
    from_status = models.CharField(max_length=10)
    to_status = models.CharField(max_length=10)
    note = models.TextField(_("note"), max_length=2000, blank=True)
    revision = models.ForeignKey(Revision, models.SET_NULL, null=True, related_name="+")
    made_at = models.DateTimeField(default=timezone.now)
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    to = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="handed")

    class Meta:
        ordering = ["-made_at", "-id"]
        verbose_name = _("handover")

    def __str__(self) -> str:
        return f"{self.article_id}: {self.verb}"


class EditorialNote(models.Model):
    """A remark between colleagues on an article, open until somebody resolves it; readers never see it.

    ``quote`` holds the words of the story it is about, as they were; answers point to the remark that began the talk.
    """

    article = models.ForeignKey("articles.Article", models.CASCADE, related_name="notes")
    answers = models.ForeignKey("self", models.CASCADE, null=True, blank=True, related_name="replies")
    text = models.TextField(_("note"), max_length=4000)
    quote = models.CharField(_("about the words"), max_length=500, blank=True)
    made_at = models.DateTimeField(default=timezone.now)
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    resolved_at = models.DateTimeField(null=True, blank=True)
    resolved_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")

    class Meta:
        ordering = ["made_at", "id"]
        verbose_name = _("editorial note")
        indexes = [
            models.Index(
                fields=["article"], name="note_open", condition=Q(answers__isnull=True, resolved_at__isnull=True)
            )
        ]

    def __str__(self) -> str:
        return self.text[:80]
