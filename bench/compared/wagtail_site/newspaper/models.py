"""A newspaper as one would write it with Wagtail's tutorial at hand: pages, tags, snippets, related stories."""

from django.conf import settings
from django.db import models
from django.db.models import Count
from modelcluster.contrib.taggit import ClusterTaggableManager
from modelcluster.fields import ParentalKey
from taggit.models import TaggedItemBase
from wagtail.blocks import RichTextBlock
from wagtail.fields import StreamField
from wagtail.models import Orderable, Page

RELATED = 5
PRODUCTS = 6


class Author(models.Model):
    """A name under the headline."""

    name = models.CharField(max_length=120)


class Product(models.Model):
    """Something beside the stories of a section."""

    section = models.ForeignKey("wagtailcore.Page", models.CASCADE, related_name="products")
    name = models.CharField(max_length=160)
    url = models.URLField()
    price = models.DecimalField(max_digits=10, decimal_places=2)
    merchant = models.CharField(max_length=120)


class ArticleTag(TaggedItemBase):
    """One tag on one article."""

    content_object = ParentalKey("Article", related_name="tagged_items", on_delete=models.CASCADE)


class HomePage(Page):
    """The newest stories."""

    def get_context(self, request, *args, **kwargs):
        """With forty stories."""
        stories = Article.objects.live().order_by("-published").select_related("author")[:40]
        return super().get_context(request, *args, **kwargs) | {"stories": stories, "sections": sections()}


class SectionPage(Page):
    """The newest stories of a section."""

    def get_context(self, request, *args, **kwargs):
        """With twenty stories."""
        stories = Article.objects.live().child_of(self).order_by("-published").select_related("author")[:20]
        return super().get_context(request, *args, **kwargs) | {"stories": stories, "sections": sections()}


class Article(Page):
    """One story."""

    published = models.DateTimeField(db_index=True)
    standfirst = models.CharField(max_length=300)
    body = StreamField([("paragraph", RichTextBlock())])
    author = models.ForeignKey(Author, models.PROTECT)
    tags = ClusterTaggableManager(through=ArticleTag, blank=True)

    def get_context(self, request, *args, **kwargs):
        """With what stands around the story."""
        comments = self.comments.filter(approved=True).order_by("created", "pk")
        return super().get_context(request, *args, **kwargs) | {
            "sections": sections(),
            "section": self.get_parent(),
            "related": self.related(),
            "products": self.get_parent().products.all()[:PRODUCTS],
            "comments": comments,
        }

    def related(self):
        """What an editor pinned, or the stories that share most tags."""
        if settings.RELATED == "pinned":
            return [pin.target for pin in self.pinned.select_related("target__author")]
        shared = Article.objects.live().filter(tags__in=self.tags.all()).exclude(pk=self.pk)
        counted = shared.annotate(shared=Count("pk")).order_by("-shared", "-published")
        return counted.select_related("author")[:RELATED]


class Pinned(Orderable):
    """A related story an editor chose."""

    article = ParentalKey(Article, related_name="pinned", on_delete=models.CASCADE)
    target = models.ForeignKey(Article, models.CASCADE, related_name="+")


class Comment(models.Model):
    """What a reader wrote."""

    article = models.ForeignKey(Article, models.CASCADE, related_name="comments")
    name = models.CharField(max_length=80)
    text = models.TextField()
    approved = models.BooleanField(default=False)
    created = models.DateTimeField()

    class Meta:
        """Found by article."""

        indexes = [models.Index(fields=["article", "approved", "created"])]


def sections():
    """The menu."""
    return SectionPage.objects.live().in_menu()
