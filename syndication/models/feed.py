"""Where wires come from: an address that is asked, or a folder that an agency fills."""

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from articles.models import Section, Source


class Drafting(models.TextChoices):
    """When an item becomes a draft."""

    WHEN_TAKEN = "taken", _("when somebody takes it from the wire desk")
    AT_ONCE = "at_once", _("as soon as it arrives")


class Feed(models.Model):
    """One wire. Nothing is read from it until somebody switches it on."""

    name = models.CharField(_("name"), max_length=120, unique=True)
    address = models.URLField(
        _("address"), max_length=500, blank=True, help_text=_("RSS, Atom, JSON Feed, ninjs, NewsML or NITF on the web.")
    )
    folder = models.CharField(
        _("folder"),
        max_length=200,
        blank=True,
        help_text=_("Instead of an address: a folder that an agency delivers into, below the one the operator named."),
    )
    is_on = models.BooleanField(_("is read"), default=False)
    every_minutes = models.PositiveSmallIntegerField(
        _("minutes between two looks"), default=15, validators=[MinValueValidator(1), MaxValueValidator(1440)]
    )
    source = models.ForeignKey(
        Source,
        models.PROTECT,
        related_name="wires",
        verbose_name=_("source"),
        help_text=_("Its credit line stands under every story, and its rule says whose address is the original."),
    )
    section = models.ForeignKey(
        Section, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("section")
    )
    tags = models.CharField(_("tags"), max_length=300, blank=True, help_text=_("Parted by commas."))
    drafts = models.CharField(
        _("a draft is made"), max_length=10, choices=Drafting.choices, default=Drafting.WHEN_TAKEN
    )

    etag = models.CharField(max_length=300, blank=True, editable=False)
    last_modified = models.CharField(max_length=100, blank=True, editable=False)
    asked_at = models.DateTimeField(_("last look"), null=True, editable=False)
    read_at = models.DateTimeField(_("last read"), null=True, editable=False)
    next_at = models.DateTimeField(default=timezone.now, editable=False)
    failures = models.PositiveSmallIntegerField(default=0, editable=False, help_text="Looks that failed in a row.")
    problem = models.CharField(_("problem"), max_length=500, blank=True, editable=False)
    remarks = models.JSONField(default=list, editable=False, help_text="What was odd about the last document.")
    format = models.CharField(_("format"), max_length=30, blank=True, editable=False)

    class Meta:
        ordering = ["name"]
        verbose_name = _("feed")
        constraints = [
            models.CheckConstraint(
                name="feed_has_one_place",
                condition=(Q(address="") & ~Q(folder="")) | (~Q(address="") & Q(folder="")),
            ),
        ]
        indexes = [models.Index(fields=["next_at"], name="feed_due", condition=Q(is_on=True))]

    def __str__(self) -> str:
        return self.name


class FeedFile(models.Model):
    """A file of a feed's folder that was read, by its name, size and time of change."""

    feed = models.ForeignKey(Feed, models.CASCADE, related_name="files")
    name = models.CharField(max_length=255)
    stamp = models.CharField(max_length=60)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["feed", "name"], name="feed_file_once")]

    def __str__(self) -> str:
        return self.name
