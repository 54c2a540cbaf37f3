"""A row for every key a page can depend on, with a version that grows with each change."""

from django.db import models


class Key(models.Model):
    """One thing that pages show, such as ``article:42``, ``section:3`` or ``front``."""

    name = models.CharField(max_length=120, primary_key=True)
    version = models.PositiveBigIntegerField(default=0)

    def __str__(self) -> str:
        return f"{self.name} v{self.version}"
