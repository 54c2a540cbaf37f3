"""Campaigns: one story at one place of many lists, for some hours."""

from datetime import datetime

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from articles.models import Article, Section, Tag
from pagecache.keyed import Keyed, KeyedQuerySet

MAX_SLOT = 12


class Campaign(Keyed):
    """``target`` stands at place ``slot`` beside every article of a section or tag, or of all, until it ends."""

    target = models.ForeignKey(Article, models.CASCADE, related_name="campaigns", verbose_name=_("article"))
    slot = models.PositiveSmallIntegerField(
        _("place"),
        default=1,
        validators=[MinValueValidator(1), MaxValueValidator(MAX_SLOT)],
        help_text=_("1 is the first place of the list."),
    )
    section = models.ForeignKey(
        Section, models.CASCADE, null=True, blank=True, related_name="+", verbose_name=_("section")
    )
    tag = models.ForeignKey(Tag, models.CASCADE, null=True, blank=True, related_name="+", verbose_name=_("tag"))
    starts = models.DateTimeField(_("from"), default=timezone.now)
    ends = models.DateTimeField(_("until"))
    note = models.CharField(_("note"), max_length=300, blank=True)
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        editable=False,
        related_name="+",
        verbose_name=_("started by"),
    )

    objects = KeyedQuerySet.as_manager()

    class Meta:
        ordering = ["-ends", "-id"]
        verbose_name = _("campaign")
        constraints = [
            models.CheckConstraint(name="campaign_ends_after_it_starts", condition=Q(ends__gt=F("starts"))),
            models.CheckConstraint(
                name="campaign_has_one_reach", condition=Q(section__isnull=True) | Q(tag__isnull=True)
            ),
            models.CheckConstraint(name="campaign_slot_exists", condition=Q(slot__gte=1, slot__lte=MAX_SLOT)),
        ]
        indexes = [models.Index(fields=["ends"], name="campaign_by_end")]

    def __str__(self) -> str:
        return str(self.target)

    def page_keys(self) -> set[str]:
        """Every list it may stand in."""
        return {campaign_key(self.section_id, self.tag_id)}

    def is_running(self, now: datetime) -> bool:
        """Whether it stands in lists at ``now``."""
        return self.starts <= now < self.ends


def campaign_key(section_id: int | None = None, tag_id: int | None = None) -> str:
    """The page key of the campaigns of a section, of a tag, or of all articles."""
    if section_id is not None:
        return f"campaigns:section:{section_id}"
    return "campaigns" if tag_id is None else f"campaigns:tag:{tag_id}"
