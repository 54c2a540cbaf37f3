"""Where a story came from when it is not our own."""

from datetime import datetime

from django.db import models
from django.utils.translation import gettext_lazy as _

from pagecache.keyed import Keyed, KeyedQuerySet


class CanonicalRule(models.TextChoices):
    """Which address search engines should take as the original."""

    OWN = "own", _("our page")
    AGENCY = "agency", _("the agency's page")


class FeedTerms(models.TextChoices):
    """What the contract lets us hand on in feeds, where others republish it."""

    NONE = "none", _("nothing")
    SUMMARY = "summary", _("headline and summary")
    FULL = "full", _("the whole story")


class Source(Keyed):
    """An agency or partner, with the credit line its stories carry."""

    name = models.CharField(_("name"), max_length=120, unique=True)
    slug = models.SlugField(max_length=80, unique=True)
    credit = models.CharField(
        _("credit line"),
        max_length=160,
        default="© {name} {year}",
        help_text=_("Printed under the story. {name} and {year} are filled in."),
    )
    url = models.URLField(_("website"), blank=True)
    canonical = models.CharField(
        _("canonical address"), max_length=10, choices=CanonicalRule.choices, default=CanonicalRule.OWN
    )
    feeds = models.CharField(
        _("in feeds"),
        max_length=10,
        choices=FeedTerms.choices,
        default=FeedTerms.NONE,
        help_text=_(
            "What of its stories may stand in our feeds and exports, from which others take them: see your contract. "
            "Readers of our own pages always get the whole story."
        ),
    )

    objects = KeyedQuerySet.as_manager()

    class Meta:
        ordering = ["name"]
        verbose_name = _("source")

    def __str__(self) -> str:
        return self.name

    def credit_line(self, published: datetime) -> str:
        """The credit for a story published at ``published``."""
        return self.credit.replace("{name}", self.name).replace("{year}", str(published.year))

    def page_keys(self) -> set[str]:
        """Every page that prints the credit line, and every page that offers or looked for sources."""
        return {f"source:{self.pk}", "sources"}
