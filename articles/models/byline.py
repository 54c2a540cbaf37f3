"""Bylines: who did what for a story."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from people.models import Author


class BylineRole(models.TextChoices):
    """What somebody did for the story."""

    WORDS = "words", _("words")
    PHOTOS = "photos", _("photos")
    TRANSLATION = "translation", _("translation")
    DATA = "data", _("data")
    REPORTING = "reporting", _("additional reporting")
    ILLUSTRATION = "illustration", _("illustration")


_WORDS = dict(BylineRole.choices)


class Byline(models.Model):
    """One name under the headline, in the order given."""

    article = models.ForeignKey("articles.Article", models.CASCADE, related_name="bylines")
    author = models.ForeignKey(Author, models.PROTECT, related_name="bylines", verbose_name=_("author"))
    role = models.CharField(_("role"), max_length=20, choices=BylineRole.choices, default=BylineRole.WORDS)
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ["position", "id"]
        verbose_name = _("byline")
        constraints = [models.UniqueConstraint(fields=["article", "author", "role"], name="byline_once_per_role")]
        indexes = [
            models.Index(fields=["author", "article"], name="byline_of_author"),
        ]

    def __str__(self) -> str:
        return f"{self.author} ({self.get_role_display()})"

    @property
    def role_in_words(self) -> str:
        """As ``get_role_display``, which makes a table of all roles each time, too dear for readers' pages."""
        return str(_WORDS.get(self.role, self.role))
