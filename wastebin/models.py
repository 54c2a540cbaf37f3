"""Deleted objects, whole, until their time is over."""

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class Binned(models.Model):
    """One object somebody deleted, with every row that went with it, so that it can be brought back as it was.

    ``rows`` are Django's serialised objects in an order in which they can be written again; ``emptied`` names
    relations that pointed to it and were emptied, as ``[model, pk, field, value]``.
    """

    object_type = models.CharField(_("kind"), max_length=100)
    object_id = models.CharField(max_length=60)
    label = models.CharField(_("what"), max_length=200)
    rows = models.JSONField(default=list)
    emptied = models.JSONField(default=list)
    at = models.DateTimeField(_("deleted"), default=timezone.now)
    until = models.DateTimeField(_("kept until"), db_index=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+", verbose_name=_("by"))

    class Meta:
        ordering = ["-at", "-id"]
        verbose_name = _("deleted object")
        verbose_name_plural = _("bin")

    def __str__(self) -> str:
        return self.label
