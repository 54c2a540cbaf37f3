"""Tags, found by a folded key so that “Élan”, “élan” and “ÉLAN” are one."""

import unicodedata
from collections.abc import Iterable
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from taggit.models import ItemBase, TagBase

from images.models import Image
from images.shown import ShowsPicture
from outbox import effects
from pagecache.keyed import KeyedQuerySet
from pagecache.writing import writing

MAX_TAGS = 30
"""Tags one article may carry; more help nobody and make every list heavier."""

INDEX_AGAIN = "articles.index_again"
"""The effect that makes articles findable by their new labels; payload ``{"articles": [ids]}``."""

BATCH = 100
"""Articles in one effect."""

KEY_LENGTH = 100

SLUG_LENGTH = 90
"""Leaves room for a number behind it, where two tags would have one address."""


def tag_key(name: str) -> str:
    """The form by which a tag is found: NFKC, casefolded, blanks joined."""
    return " ".join(unicodedata.normalize("NFKC", name).casefold().split())


def have_indexed_again(article_ids: Iterable[int], *, why: str) -> None:
    """Ask, in the present transaction, for the articles to be indexed anew, a batch an effect."""
    waiting = sorted(set(article_ids))
    for start in range(0, len(waiting), BATCH):
        key = f"index:{why}:{timezone.now().isoformat()}:{start}"
        effects.enqueue(INDEX_AGAIN, {"articles": waiting[start : start + BATCH]}, key=key)


class Tag(TagBase, ShowsPicture):  # type: ignore[misc, django-manager-missing]
    """A topic. With a description and a lead picture its page becomes a topic page."""

    key = models.CharField(max_length=KEY_LENGTH, unique=True, editable=False)
    description = models.TextField(_("description"), max_length=1000, blank=True)
    picture = models.ForeignKey(
        Image, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("picture")
    )

    objects = KeyedQuerySet.as_manager()

    class Meta:
        ordering = ["name"]
        verbose_name = _("tag")
        verbose_name_plural = _("tags")
        permissions = [("merge_tag", _("Can merge and rename tags"))]

    def clean(self) -> None:
        """Another spelling of a tag that exists is that tag."""
        key = tag_key(self.name or "")
        if len(key) > KEY_LENGTH:
            raise ValidationError({"name": _("This name is too long.")})
        other = Tag.objects.filter(key=key).exclude(pk=self.pk).first()
        if other is not None:
            raise ValidationError({"name": _("There is a tag “%(name)s” already.") % {"name": other.name}})

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Keep the key in step with the name, and search with both."""
        self.key = tag_key(self.name)
        with writing():
            known = Tag.objects.filter(pk=self.pk).values_list("name", flat=True).first() if self.pk else None
            super().save(*args, **kwargs)
            if known is not None and known != self.name:
                have_indexed_again(self._carriers(), why=f"tag:{self.pk}")

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        """Delete; nothing is found by its name any more."""
        with writing():
            have_indexed_again(self._carriers(), why=f"tag:{self.pk}")
            return super().delete(*args, **kwargs)

    def slugify(self, tag: str, i: int | None = None) -> str:
        """An address even for a name without letters; numbered where two tags would have one."""
        slug = super().slugify(tag)[:SLUG_LENGTH] or "tag"
        return slug if i is None else f"{slug}_{i}"

    def _carriers(self) -> list[int]:
        return list(TaggedArticle.objects.filter(tag=self.pk).values_list("content_object", flat=True))

    def get_absolute_url(self) -> str:
        """The topic page."""
        return reverse("pages:tag", args=[self.slug])

    def page_keys(self) -> set[str]:
        """Its own page, every page that prints the tag, and every page that looked for a tag by its name."""
        return {f"tag:{self.pk}", "tags"} if self.pk else set()


class TaggedArticle(ItemBase):  # type: ignore[misc]
    """One tag on one article, as readers see it."""

    tag = models.ForeignKey(Tag, models.CASCADE, related_name="tagged")
    content_object = models.ForeignKey("articles.Article", models.CASCADE, related_name="tagged")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["tag", "content_object"], name="tag_once_per_article")]


class TagSynonym(models.Model):
    """Another name of a tag: whoever types it gets the tag itself."""

    tag = models.ForeignKey(Tag, models.CASCADE, related_name="synonyms", verbose_name=_("tag"))
    name = models.CharField(_("other name"), max_length=100)
    key = models.CharField(max_length=KEY_LENGTH, unique=True, editable=False)

    class Meta:
        ordering = ["name"]
        verbose_name = _("synonym")

    def __str__(self) -> str:
        return self.name

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Keep the key in step with the name."""
        self.key = tag_key(self.name)
        super().save(*args, **kwargs)
