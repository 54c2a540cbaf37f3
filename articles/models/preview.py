"""Previews for people without an account: a link for one article, and what they answered."""

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from articles.models.revision import Revision


class PreviewLink(models.Model):
    """Lets whoever has its address read one article before readers do, until it expires or is revoked.

    The address holds a secret of which only the hash is kept. ``revision`` is fixed; empty: the newest one.
    """

    article = models.ForeignKey("articles.Article", models.CASCADE, related_name="preview_links")
    revision = models.ForeignKey(Revision, models.CASCADE, null=True, blank=True, related_name="+")
    reader = models.CharField(_("for whom"), max_length=120)
    secret_hash = models.CharField(max_length=64, unique=True)
    may_answer = models.BooleanField(_("asks for approval"), default=True)
    made_at = models.DateTimeField(default=timezone.now)
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    expires_at = models.DateTimeField(_("valid until"))
    revoked_at = models.DateTimeField(null=True)
    opened_at = models.DateTimeField(null=True, help_text="When it was last opened.")

    class Meta:
        ordering = ["-made_at", "-id"]
        verbose_name = _("preview link")

    def __str__(self) -> str:
        return f"{self.reader}: {self.article_id}"


class Verdict(models.TextChoices):
    """What somebody outside said of the story."""

    APPROVED = "approved", _("approved")
    CHANGES = "changes", _("asks for changes")


class PreviewAnswer(models.Model):
    """An answer through a preview link, with the very words it was given for; never changed."""

    link = models.ForeignKey(PreviewLink, models.CASCADE, related_name="answers")
    revision = models.ForeignKey(Revision, models.SET_NULL, null=True, related_name="+")
    digest = models.CharField(max_length=64, help_text="The digest of the revision that was read.")
    name = models.CharField(_("name"), max_length=120)
    verdict = models.CharField(max_length=10, choices=Verdict.choices)
    text = models.TextField(_("words"), max_length=4000, blank=True)
    made_at = models.DateTimeField(default=timezone.now)
    form_key = models.CharField(  # noqa: DJ001 - unique, and empty for what came by no form
        max_length=64, null=True, unique=True, help_text="SHA-256 of the form's token: a form is taken once."
    )

    class Meta:
        ordering = ["-made_at", "-id"]
        verbose_name = _("answer to a preview")

    def __str__(self) -> str:
        return f"{self.name} {self.verdict}"
