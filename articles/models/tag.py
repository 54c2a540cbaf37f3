"""Tags, found by a folded key so that “Élan”, “élan” and “ÉLAN” are one."""

import unicodedata
from collections.abc import Iterable
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from taggit.models import ItemBase, TagBase

from articles.folding import MAX_WORD, normal, terms
from images.models import Image
from images.shown import ShowsPicture
from outbox import effects
from pagecache.addresses import address
from pagecache.keyed import KeyedQuerySet
from pagecache.writing import bump, writing

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


def tag_words(name: str) -> list[str]:
    """The folded words of a name as they follow each other in a text: what search makes of it."""
    return [term.word for term in terms(normal(name)) if not term.last]


def first_word(name: str) -> str:
    """The word by which a name is looked up in a text; empty for a name without letters."""
    return next(iter(tag_words(name)), "")


def have_indexed_again(article_ids: Iterable[int], *, why: str) -> None:
    """Ask, in the present transaction, for the articles to be indexed anew, a batch an effect."""
    waiting = sorted(set(article_ids))
    for start in range(0, len(waiting), BATCH):
        key = f"index:{why}:{timezone.now().isoformat()}:{start}"
        effects.enqueue(INDEX_AGAIN, {"articles": waiting[start : start + BATCH]}, key=key)


class Tag(TagBase, ShowsPicture):  # type: ignore[misc, django-manager-missing]
    """A topic. With a description and a lead picture its page becomes a topic page."""

    key = models.CharField(max_length=KEY_LENGTH, unique=True, editable=False)
    first_word = models.CharField(max_length=MAX_WORD, blank=True, editable=False, db_index=True)
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
        synonym = TagSynonym.objects.filter(key=key).exclude(tag=self.pk).select_related("tag").first()
        if synonym is not None:
            words = _("“%(name)s” is another name of the tag “%(tag)s”.")
            raise ValidationError({"name": words % {"name": synonym.name, "tag": synonym.tag.name}})

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Keep the key in step with the name, and search with both."""
        self.key = tag_key(self.name)
        self.first_word = first_word(self.name)
        with writing():
            known = Tag.objects.filter(pk=self.pk).values_list("name", flat=True).first() if self.pk else None
            super().save(*args, **kwargs)
            if known is not None and known != self.name:
                have_indexed_again(self.carriers(), why=f"tag:{self.pk}")

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        """Delete; nothing is found by its name any more."""
        with writing():
            have_indexed_again(self.carriers(), why=f"tag:{self.pk}")
            return super().delete(*args, **kwargs)

    def slugify(self, tag: str, i: int | None = None) -> str:
        """An address even for a name without letters; numbered where two tags would have one."""
        slug = super().slugify(tag)[:SLUG_LENGTH] or "tag"
        return slug if i is None else f"{slug}_{i}"

    def carriers(self) -> list[int]:
        """The ids of the articles that carry it for readers, public or not."""
        return list(TaggedArticle.objects.filter(tag=self.pk).values_list("content_object", flat=True))

    def get_absolute_url(self) -> str:
        """The topic page."""
        return address("pages:tag", self.slug)

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
    """Another name of a tag: whoever types it gets the tag itself, and readers find the tag's stories by it."""

    tag = models.ForeignKey(Tag, models.CASCADE, related_name="synonyms", verbose_name=_("tag"))
    name = models.CharField(_("other name"), max_length=100)
    key = models.CharField(max_length=KEY_LENGTH, unique=True, editable=False)
    first_word = models.CharField(max_length=MAX_WORD, blank=True, editable=False, db_index=True)

    class Meta:
        ordering = ["name"]
        verbose_name = _("other name")
        verbose_name_plural = _("other names")

    def __str__(self) -> str:
        return self.name

    def clean(self) -> None:
        """A name means one tag."""
        key = tag_key(self.name or "")
        if len(key) > KEY_LENGTH or "," in key:
            raise ValidationError({"name": _("This name is too long, or holds a comma.")})
        if key == tag_key(self.tag.name):
            raise ValidationError({"name": _("That is the tag’s own name.")})
        other = Tag.objects.filter(key=key).first()
        if other is not None:
            raise ValidationError({"name": _("There is a tag “%(name)s” already.") % {"name": other.name}})
        taken = TagSynonym.objects.filter(key=key).exclude(pk=self.pk).select_related("tag").first()
        if taken is not None:
            words = _("“%(name)s” is another name of the tag “%(tag)s”.")
            raise ValidationError({"name": words % {"name": taken.name, "tag": taken.tag.name}})

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Keep the key in step with the name, and search with both."""
        self.key = tag_key(self.name)
        self.first_word = first_word(self.name)
        with writing(savepoint=False):
            super().save(*args, **kwargs)
            bump(self.tag.page_keys())
            have_indexed_again(self.tag.carriers(), why=f"synonym:{self.pk}")

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        """Delete; nothing is found by it any more."""
        with writing(savepoint=False):
            bump(self.tag.page_keys())
            have_indexed_again(self.tag.carriers(), why=f"synonym:{self.pk}")
            return super().delete(*args, **kwargs)


class TagsApart(models.Model):
    """Two tags that look alike and are not the same, as an editor said; the lower number first."""

    first = models.ForeignKey(Tag, models.CASCADE, related_name="+")
    second = models.ForeignKey(Tag, models.CASCADE, related_name="+")
    made_at = models.DateTimeField(default=timezone.now)
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["first", "second"], name="tags_apart_once"),
            models.CheckConstraint(name="tags_apart_in_order", condition=models.Q(first__lt=models.F("second"))),
        ]

    def __str__(self) -> str:
        return f"{self.first_id}, {self.second_id}"
