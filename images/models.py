"""Pictures: one row an original, its renditions described in JSON."""

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.core.files.storage import Storage, storages
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from pagecache.keyed import Keyed, KeyedQuerySet
from pagecache.writing import writing

SHOWN_FIELDS = frozenset({"alt", "caption", "credit", "usable_until", "renditions"})
"""What stands in readers' pages. The rest of a picture's row is the newsroom's business."""

after_change: list[Callable[[set[int]], None]] = []
"""Rooms that keep markup of pictures (a story's rendered text) register here in ``ready()``.

Each is given the ids of pictures whose shown fields were saved, inside the
transaction that changed them.
"""


def private_storage() -> Storage:
    """Where originals and renditions that no public page shows are kept."""
    return storages["private"]


class ImageQuerySet(KeyedQuerySet["Image"]):
    """Reads of pictures by name."""

    def usable(self) -> "ImageQuerySet":
        """Pictures whose licence has not run out."""
        now = timezone.now()
        return self.filter(models.Q(usable_until__isnull=True) | models.Q(usable_until__gt=now))


class Image(Keyed):
    """A picture. The original is private; renditions become public when a public page first shows them.

    ``renditions`` is a list of ``{"name", "width", "height", "ratio", "format", "bytes"}``:
    ``name`` is the path in storage and carries 128 random bits, ``ratio`` is
    ``"full"`` or a crop round the focal point such as ``"3:2"`` or ``"1:1"``,
    ``format`` is ``"jpeg"``, ``"webp"`` or ``"avif"``.
    """

    title = models.CharField(_("title"), max_length=160, help_text=_("For finding it again; readers do not see it."))
    alt = models.CharField(
        _("alternative text"),
        max_length=300,
        blank=True,
        help_text=_("What the picture shows, for people who cannot see it. Needed before the picture is published."),
    )
    caption = models.CharField(_("caption"), max_length=400, blank=True)
    credit = models.CharField(_("credit"), max_length=160, blank=True, help_text=_("Photographer or agency."))
    licence = models.CharField(_("licence"), max_length=160, blank=True)
    usable_until = models.DateTimeField(_("usable until"), null=True, blank=True, help_text=_("When the licence ends."))
    original = models.FileField(_("file"), storage=private_storage, max_length=200, editable=False)
    width = models.PositiveIntegerField(_("width"), editable=False)
    height = models.PositiveIntegerField(_("height"), editable=False)
    bytes = models.PositiveIntegerField(_("size"), editable=False)
    checksum = models.CharField(max_length=64, unique=True, editable=False, help_text="SHA-256 of the uploaded file.")
    focal_x = models.FloatField(_("focal point from the left"), default=0.5)
    focal_y = models.FloatField(_("focal point from the top"), default=0.5)
    renditions = models.JSONField(default=list, editable=False)
    public_since = models.DateTimeField(null=True, editable=False)
    uploaded_at = models.DateTimeField(_("uploaded"), default=timezone.now, editable=False)
    uploaded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        editable=False,
        related_name="+",
        verbose_name=_("uploaded by"),
    )

    objects = ImageQuerySet.as_manager()

    class Meta:
        ordering = ["-uploaded_at", "-id"]
        verbose_name = _("picture")
        constraints = [
            models.CheckConstraint(
                name="image_focal_point_inside",
                condition=models.Q(focal_x__gte=0, focal_x__lte=1, focal_y__gte=0, focal_y__lte=1),
            )
        ]
        indexes = [models.Index(fields=["-uploaded_at", "-id"], name="image_newest")]

    def __str__(self) -> str:
        return self.title

    def is_usable(self) -> bool:
        """Whether its licence lasts; what has ended is shown nowhere."""
        return self.usable_until is None or self.usable_until > timezone.now()

    def page_keys(self) -> set[str]:
        """Every page that shows the picture, and what shows too many to name each."""
        return {f"image:{self.pk}", "pictures"}

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Save, and tell the rooms that keep markup of the picture."""
        adding = self._state.adding
        fields = kwargs.get("update_fields")
        with writing():
            super().save(*args, **kwargs)
            if not adding and (fields is None or SHOWN_FIELDS.intersection(fields)):
                tell_changed({self.pk})


def tell_changed(image_ids: set[int]) -> None:
    """Call every room that registered in ``after_change``."""
    for listener in after_change:
        listener(image_ids)


class RenditionName(models.Model):
    """Which picture a rendition belongs to, by its name without the ending: one look-up, however many pictures."""

    stem = models.CharField(max_length=40, primary_key=True)
    image = models.ForeignKey(Image, models.CASCADE, related_name="names")

    class Meta:
        default_permissions = ()

    def __str__(self) -> str:
        return self.stem
