"""Rows for what must happen after a commit, and for who did what."""

from datetime import timedelta
from typing import Self

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

TOKEN = "token"  # noqa: S105 - a word, no secret
"""Where the details of an audit row name the access token with which a program acted for somebody."""

SEEN_LATELY = timedelta(minutes=1)
"""A worker is seen every ten seconds, unless one effect takes it longer."""


class EffectQuerySet(models.QuerySet["Effect"]):
    """Effects by what is to be done about them."""

    def waiting(self) -> Self:
        """Those that a worker runs, now or later."""
        return self.filter(done_at__isnull=True, given_up=False)

    def due(self) -> Self:
        """Those that a worker runs now, the one that has waited longest first."""
        return self.waiting().filter(due_at__lte=timezone.now()).order_by("due_at", "id")

    def failing(self) -> Self:
        """Those that failed and will be tried again."""
        return self.waiting().filter(attempts__gt=0).exclude(last_error="")

    def lost(self) -> Self:
        """Those that failed for a day and wait for a person."""
        return self.filter(done_at__isnull=True, given_up=True)


class Effect(models.Model):
    """One thing to do once, written in the transaction of the verb that wants it."""

    kind = models.CharField(max_length=60)
    payload = models.JSONField(default=dict)
    key = models.CharField(
        max_length=200, unique=True, help_text="Two effects with one key are one effect; also the stable message id."
    )
    due_at = models.DateTimeField(default=timezone.now)
    created_at = models.DateTimeField(default=timezone.now)
    done_at = models.DateTimeField(null=True)
    attempts = models.PositiveIntegerField(default=0)
    last_error = models.TextField(blank=True)
    given_up = models.BooleanField(default=False)

    objects = EffectQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(
                fields=["due_at", "id"],
                name="effect_waiting",
                condition=models.Q(done_at__isnull=True, given_up=False),
            ),
            models.Index(fields=["done_at"], name="effect_done", condition=models.Q(done_at__isnull=False)),
            models.Index(fields=["kind"], name="effect_given_up", condition=models.Q(given_up=True)),
        ]

    def __str__(self) -> str:
        return f"{self.kind} ({self.key})"


class HeartbeatQuerySet(models.QuerySet["Heartbeat"]):
    """Workers by when they were seen."""

    def alive(self) -> Self:
        """Those that worked within the last minute."""
        return self.filter(seen_at__gt=timezone.now() - SEEN_LATELY)


class Heartbeat(models.Model):
    """A worker that lives, and when it was last seen to."""

    worker = models.CharField(max_length=200, unique=True, help_text="Machine and process.")
    started_at = models.DateTimeField(default=timezone.now)
    seen_at = models.DateTimeField(default=timezone.now)

    objects = HeartbeatQuerySet.as_manager()

    def __str__(self) -> str:
        return self.worker


class AuditEntry(models.Model):
    """Who did what to which object; never changed, never deleted with the object."""

    at = models.DateTimeField(_("when"), default=timezone.now)
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, verbose_name=_("who"), related_name="+"
    )
    actor_name = models.CharField(_("who"), max_length=200)
    verb = models.CharField(_("what"), max_length=60)
    object_type = models.CharField(_("kind of object"), max_length=100)
    object_id = models.CharField(max_length=60)
    object_label = models.CharField(_("object"), max_length=200)
    details = models.JSONField(default=dict, blank=True)

    class Meta:
        ordering = ["-at", "-id"]
        verbose_name = _("audit entry")
        verbose_name_plural = _("audit trail")
        indexes = [
            models.Index(fields=["object_type", "object_id", "-at"], name="audit_of_object"),
            models.Index(fields=["-at", "-id"], name="audit_by_time"),
            models.Index(fields=["actor", "-at", "-id"], name="audit_by_person"),
            models.Index(fields=["verb", "-at", "-id"], name="audit_by_verb"),
            models.Index(fields=["object_type", "-at", "-id"], name="audit_by_kind"),
        ]

    def __str__(self) -> str:
        return f"{self.who} {self.verb} {self.object_label}"

    @property
    def who(self) -> str:
        """Whose deed it was; of a program's also with which of their access tokens."""
        return f"{self.actor_name} ({self.program})" if self.program else self.actor_name

    @property
    def program(self) -> str:
        """The name of the token a program acted with, in words; empty for what a person did by hand."""
        told = self.details.get(TOKEN) if isinstance(self.details, dict) else None
        name = told.get("name") if isinstance(told, dict) else None
        return str(_("token “%(name)s”") % {"name": name}) if isinstance(name, str) else ""
