"""Several people at one article: who has it open, and what they typed and have not saved."""

import uuid

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class EditSession(models.Model):
    """One window in which somebody has an article's form open; it counts as present while ``seen_at`` is recent."""

    article = models.ForeignKey("articles.Article", models.CASCADE, related_name="edit_sessions")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    window = models.UUIDField(default=uuid.uuid4)
    opened_at = models.DateTimeField(default=timezone.now)
    seen_at = models.DateTimeField(default=timezone.now, db_index=True)
    typed_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("open form")
        constraints = [models.UniqueConstraint(fields=["article", "user", "window"], name="window_once")]

    def __str__(self) -> str:
        return f"{self.user_id} in {self.article_id}"


class WorkingCopy(models.Model):
    """What somebody typed into a form and has not saved: the form's fields by name, as they were sent.

    One per person and article; ``article`` is empty and ``window`` tells for a story that has no row yet.
    ``base`` is the number of the revision it began from.
    """

    article = models.ForeignKey("articles.Article", models.CASCADE, null=True, related_name="working_copies")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    window = models.UUIDField(default=uuid.uuid4)
    base = models.PositiveIntegerField(null=True)
    fields = models.JSONField(default=dict)
    kept_at = models.DateTimeField(default=timezone.now, db_index=True)

    class Meta:
        verbose_name = _("unsaved copy")
        constraints = [
            models.UniqueConstraint(
                fields=["article", "user"], name="copy_once", condition=models.Q(article__isnull=False)
            ),
            models.UniqueConstraint(
                fields=["user", "window"], name="copy_of_new_once", condition=models.Q(article__isnull=True)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user_id} on {self.article_id}"
