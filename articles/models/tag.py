"""Tags, found by a folded key so that “Élan”, “élan” and “ÉLAN” are one."""

import unicodedata
from typing import Any

from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from taggit.models import ItemBase, TagBase

from images.models import Image
from images.shown import ShowsPicture
from pagecache.keyed import KeyedQuerySet

MAX_TAGS = 30
"""Tags one article may carry; more help nobody and make every list heavier."""


def tag_key(name: str) -> str:
    """The form by which a tag is found: NFKC, casefolded, blanks joined."""
    return " ".join(unicodedata.normalize("NFKC", name).casefold().split())


class Tag(TagBase, ShowsPicture):  # type: ignore[misc, django-manager-missing]
    """A topic. With a description and a lead picture its page becomes a topic page."""

    key = models.CharField(max_length=100, unique=True, editable=False)
    description = models.TextField(_("description"), max_length=1000, blank=True)
    picture = models.ForeignKey(
        Image, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("picture")
    )

    objects = KeyedQuerySet.as_manager()

    class Meta:
        ordering = ["name"]
        verbose_name = _("tag")
        verbose_name_plural = _("tags")

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Keep the key in step with the name."""
        self.key = tag_key(self.name)
        super().save(*args, **kwargs)

    def get_absolute_url(self) -> str:
        """The topic page."""
        return reverse("pages:tag", args=[self.slug])

    def page_keys(self) -> set[str]:
        """Its own page, and every page that prints the tag."""
        return {f"tag:{self.pk}"} if self.pk else set()


class TaggedArticle(ItemBase):  # type: ignore[misc]
    """One tag on one article, as readers see it."""

    tag = models.ForeignKey(Tag, models.CASCADE, related_name="tagged")
    content_object = models.ForeignKey("articles.Article", models.CASCADE, related_name="tagged")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["tag", "content_object"], name="tag_once_per_article")]
