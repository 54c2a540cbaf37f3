"""What other sites answered when we asked whether a link still leads somewhere."""

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class Trouble(models.TextChoices):
    """Why there was no answer to be had."""

    SILENT = "silent", _("did not answer in time")
    UNKNOWN = "unknown", _("has no such host")
    UNSAFE = "unsafe", _("has a certificate nobody vouches for")
    PRIVATE = "private", _("leads into a private network")
    STRANGE = "strange", _("gave an answer that is none")


class LinkAnswer(models.Model):
    """The last answer to one address: a status, or why there was none."""

    digest = models.CharField(max_length=64, primary_key=True, help_text="SHA-256 of the address.")
    url = models.TextField(_("address"))
    status = models.PositiveSmallIntegerField(_("status"), null=True)
    trouble = models.CharField(_("trouble"), max_length=10, choices=Trouble.choices, blank=True)
    asked_at = models.DateTimeField(_("asked"), default=timezone.now)

    class Meta:
        default_permissions = ()
        verbose_name = _("answer to a link")

    def __str__(self) -> str:
        return f"{self.url[:80]}: {self.status or self.trouble}"
