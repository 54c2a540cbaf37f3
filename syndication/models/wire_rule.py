"""Which items go where: the desk's own rules, in their order."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from articles.models import Section
from syndication.models.feed import Feed


class Part(models.TextChoices):
    """Where a rule looks for its words."""

    SUBJECT = "subject", _("in a subject or code, whole")
    HEADLINE = "headline", _("in the headline")
    TEXT = "text", _("anywhere in its words")
    PROVIDER = "provider", _("in who sent it, or its by-line")


class RuleAction(models.TextChoices):
    """What a rule does besides naming a section and tags."""

    NONE = "", _("nothing else")
    DRAFT = "draft", _("make a draft at once")
    IGNORE = "ignore", _("ignore it")


class WireRule(models.Model):
    """The first rule in force that names a section decides it; tags of all that match are gathered."""

    position = models.PositiveSmallIntegerField(_("place"), default=0, help_text=_("Lower ones are asked first."))
    feed = models.ForeignKey(
        Feed, models.CASCADE, null=True, blank=True, related_name="rules", verbose_name=_("feed"),
        help_text=_("Empty: every feed."),
    )  # fmt: skip
    part = models.CharField(_("look"), max_length=10, choices=Part.choices, default=Part.SUBJECT)
    words = models.CharField(
        _("for"),
        max_length=300,
        help_text=_("Words or codes, parted by commas; any of them will do. Case does not matter."),
    )
    section = models.ForeignKey(
        Section, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("section")
    )
    tags = models.CharField(_("tags"), max_length=300, blank=True, help_text=_("Parted by commas."))
    action = models.CharField(_("then"), max_length=10, choices=RuleAction.choices, default=RuleAction.NONE, blank=True)
    is_on = models.BooleanField(_("in force"), default=True)

    class Meta:
        ordering = ["position", "id"]
        verbose_name = _("wire rule")

    def __str__(self) -> str:
        return f"{self.get_part_display()}: {self.words}"
