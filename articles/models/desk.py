"""Desks: who does what in which section."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from articles.models.section import Section


class DeskRole(models.TextChoices):
    """What somebody may do with the articles of a section."""

    WRITER = "writer", _("writes")
    EDITOR = "editor", _("edits and publishes")


class DeskMembership(models.Model):
    """One person on one section's desk."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="desks", verbose_name=_("colleague")
    )
    section = models.ForeignKey(Section, models.CASCADE, related_name="desk", verbose_name=_("section"))
    role = models.CharField(_("role"), max_length=10, choices=DeskRole.choices, default=DeskRole.EDITOR)

    class Meta:
        ordering = ["section", "user"]
        verbose_name = _("place on a desk")
        verbose_name_plural = _("desks")
        constraints = [models.UniqueConstraint(fields=["user", "section"], name="desk_once_per_section")]

    def __str__(self) -> str:
        return f"{self.user}: {self.section} ({self.get_role_display()})"
