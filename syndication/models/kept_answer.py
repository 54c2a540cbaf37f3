"""What a program was answered, so that it may ask again when the answer was lost on its way."""

from django.db import models
from django.utils import timezone

from people.models import AccessToken

LONGEST_KEY = 255
"""Characters; a UUID has 36."""


class KeptAnswer(models.Model):
    """A request under a key of its program's choice: at work while ``answer`` is missing, else answered for good."""

    token = models.ForeignKey(AccessToken, models.CASCADE, related_name="+")
    key = models.CharField(max_length=LONGEST_KEY)
    digest = models.CharField(max_length=64, help_text="SHA-256 of what was asked, in hexadecimal.")
    attempt = models.PositiveIntegerField(default=1, help_text="Only the newest attempt may write.")
    at = models.DateTimeField(default=timezone.now, help_text="When the newest attempt began.")
    answer = models.JSONField(null=True)

    class Meta:
        default_permissions = ()
        constraints = [models.UniqueConstraint(fields=["token", "key"], name="one_answer_a_key")]
        indexes = [models.Index(fields=["at"], name="kept_answer_age")]

    def __str__(self) -> str:
        return self.key
