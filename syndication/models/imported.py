"""What moved in from another system, so that nothing moves in twice."""

from django.db import models
from django.utils import timezone


class Imported(models.Model):
    """One thing of another system, and what it is here; the row outlives both, so that what was deleted stays away."""

    class Kind(models.TextChoices):
        """What it was there."""

        POST = "post", "post or page"
        COMMENT = "comment", "comment"
        PICTURE = "picture", "attachment"
        RELATED = "related", "list of related posts"

    site = models.CharField(max_length=200, help_text="Which system: its address without scheme.")
    kind = models.CharField(max_length=10, choices=Kind.choices)
    source = models.CharField(max_length=190, help_text="Its number or name there.")
    object_id = models.BigIntegerField(help_text="The number of the row it became: article, comment or picture.")
    stamp = models.CharField(max_length=32, blank=True, help_text="Tells whether another thing carries its number.")
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        default_permissions = ()
        constraints = [models.UniqueConstraint(fields=["source", "kind", "site"], name="imported_once")]

    def __str__(self) -> str:
        return f"{self.site} {self.kind} {self.source}"
