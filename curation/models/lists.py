"""Curated lists and the picks in them. A list stands beside an article, on a section's page, or on the front page."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from articles.models import Article, Section
from images.models import Image
from images.shown import ShowsPicture
from pagecache.keyed import Keyed, KeyedQuerySet

NOTE_LENGTH = 300


def list_key(article_id: int | None, section_id: int | None) -> str:
    """The page key of a list: beside an article, on a section's page, or (neither) on the front page."""
    if article_id is not None:
        return f"related:{article_id}"
    return "slots" if section_id is None else f"slots:{section_id}"


REFILLED = Q(fills_changed_at__gt=F("looked_at"))
"""Somebody looked at the list, and its fills have changed since."""


class CuratedList(Keyed):
    """What is true of a whole list; a list nobody has touched has no row. Its row lock orders all that change it."""

    article = models.OneToOneField(Article, models.CASCADE, null=True, related_name="curated")
    section = models.OneToOneField(Section, models.CASCADE, null=True, related_name="curated")
    front = models.BooleanField(null=True, unique=True, help_text="True for the front page's list, else empty.")
    off = models.BooleanField(_("switched off"), default=False)
    version = models.PositiveIntegerField(default=0)
    changed_at = models.DateTimeField(null=True)
    changed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    looked_at = models.DateTimeField(null=True)
    fills_changed_at = models.DateTimeField(null=True)

    objects = KeyedQuerySet.as_manager()

    class Meta:
        verbose_name = _("curated list")
        permissions = [("curate_front", _("Can curate the front page and section pages"))]
        constraints = [
            models.CheckConstraint(
                name="list_stands_in_one_place",
                condition=Q(article__isnull=False, section=None, front=None)
                | Q(article=None, section__isnull=False, front=None)
                | Q(article=None, section=None, front=True),
            ),
        ]
        indexes = [
            models.Index(fields=["fills_changed_at"], name="list_refilled", condition=REFILLED),
        ]

    def __str__(self) -> str:
        return str(self.article or self.section or _("Front page"))

    def page_keys(self) -> set[str]:
        """The page the list stands on."""
        return {list_key(self.article_id, self.section_id)}


class Pick(ShowsPicture):
    """An editor's choice to show ``target`` in a list; live at once. Neither article nor section: the front page."""

    article = models.ForeignKey(Article, models.CASCADE, null=True, related_name="picks")
    section = models.ForeignKey(Section, models.CASCADE, null=True, related_name="picks")
    target = models.ForeignKey(Article, models.CASCADE, related_name="picked_by", verbose_name=_("article"))
    position = models.PositiveSmallIntegerField(_("position"), default=0)
    until = models.DateTimeField(_("until"), null=True, blank=True)
    note = models.CharField(_("note"), max_length=NOTE_LENGTH, blank=True)
    headline = models.CharField(_("headline here"), max_length=160, blank=True)
    picture = models.ForeignKey(
        Image, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("picture here")
    )
    picked_at = models.DateTimeField(default=timezone.now, editable=False)
    picked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, editable=False, related_name="+"
    )

    objects = KeyedQuerySet.as_manager()

    class Meta:
        ordering = ["position", "id"]
        verbose_name = _("pick")
        constraints = [
            models.UniqueConstraint(fields=["article", "target"], name="pick_once_per_article"),
            models.UniqueConstraint(fields=["section", "target"], name="pick_once_per_section"),
            models.UniqueConstraint(
                fields=["target"],
                name="pick_once_on_the_front",
                condition=Q(article__isnull=True, section__isnull=True),
            ),
            models.CheckConstraint(
                name="pick_stands_in_one_place", condition=Q(article__isnull=True) | Q(section__isnull=True)
            ),
            models.CheckConstraint(name="pick_is_another_article", condition=~Q(article=F("target"))),
        ]
        indexes = [models.Index(fields=["until"], name="pick_lapsing", condition=Q(until__isnull=False))]

    def __str__(self) -> str:
        return str(self.target)

    def page_keys(self) -> set[str]:
        """The list it stands in."""
        return {list_key(self.article_id, self.section_id)}


class ListRecord(models.Model):
    """What the list beside an article held from this moment on; a new row whenever that changes. Never changed."""

    article = models.ForeignKey(Article, models.CASCADE, related_name="list_records")
    at = models.DateTimeField(default=timezone.now)
    shown = models.JSONField(default=list, help_text="Pairs of article id and origin (pick, pin, fill), in order.")

    class Meta:
        indexes = [models.Index(fields=["article", "-at", "-id"], name="record_of_list")]

    def __str__(self) -> str:
        return f"{self.article_id} at {self.at:%Y-%m-%d %H:%M}"
