"""Places on desks that wait for somebody who was invited."""

from django.db import models

from articles.models.desk import DeskRole
from articles.models.section import Section
from people.models import Invitation


class InvitedPlace(models.Model):
    """A place the invited will have. Without ``section``: that desk is gone, and nothing stands in for it."""

    invitation = models.ForeignKey(Invitation, models.CASCADE, related_name="places")
    section = models.ForeignKey(Section, models.SET_NULL, null=True, related_name="+")
    role = models.CharField(max_length=10, choices=DeskRole.choices, default=DeskRole.WRITER)

    class Meta:
        ordering = ["section__position", "section__name", "id"]
        default_permissions = ()
        constraints = [models.UniqueConstraint(fields=["invitation", "section"], name="invited_once_per_section")]

    def __str__(self) -> str:
        return f"{self.invitation}: {self.section}"
