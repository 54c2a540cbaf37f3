"""Sections: the one-level division of the site."""

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _

from images.models import Image
from images.shown import ShowsPicture
from pagecache.addresses import address
from pagecache.keyed import KeyedQuerySet

RESERVED_SLUGS = frozenset(
    {
        "admin",
        "archive",
        "search",
        "tag",
        "author",
        "comments",
        "media",
        "static",
        "health",
        "metrics",
        "go",
        "api",
        "feed",
        "feeds",
        "series",
        "preview",
        "corrections",
    }
)
"""First path parts that other views answer."""


class Section(ShowsPicture):
    """A part of the paper, with a page of its own."""

    name = models.CharField(_("name"), max_length=60)
    slug = models.SlugField(_("address"), max_length=60, unique=True)
    description = models.CharField(
        _("description"), max_length=300, blank=True, help_text=_("One line under the name.")
    )
    position = models.PositiveSmallIntegerField(
        _("position"), default=0, help_text=_("Order in lists; low numbers first.")
    )
    picture = models.ForeignKey(
        Image, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("picture")
    )

    objects = KeyedQuerySet.as_manager()

    class Meta:
        ordering = ["position", "name"]
        verbose_name = _("section")

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        """The section's page."""
        return address("pages:first_level", self.slug)

    def clean(self) -> None:
        """Refuse addresses that other pages need."""
        if self.slug in RESERVED_SLUGS:
            raise ValidationError({"slug": _("“%(slug)s” is an address the site itself uses.") % {"slug": self.slug}})

    def page_keys(self) -> set[str]:
        """Its own page, and every page that prints its name or address."""
        return {f"section:{self.pk}", "sections"}
