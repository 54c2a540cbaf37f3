"""Admin screens of this room."""

from typing import Any

from django.contrib import admin
from django.db.models import Count, QuerySet
from django.http import HttpRequest
from django.urls import URLPattern, path
from django.utils.translation import gettext_lazy as _

from articles.article_admin import ArticleAdmin
from articles.models import Article, Section, Source, Tag
from articles.tag_suggestions import suggest
from pagecache.admin import KeyedAdmin

admin.site.register(Article, ArticleAdmin)


@admin.register(Section)
class SectionAdmin(KeyedAdmin):
    """The parts of the paper."""

    list_display = ("name", "slug", "position", "description")
    list_editable = ("position",)
    search_fields = ("name", "slug")
    prepopulated_fields = {"slug": ("name",)}
    autocomplete_fields = ("picture",)
    ordering = ("position", "name")


@admin.register(Source)
class SourceAdmin(KeyedAdmin):
    """Agencies and partners."""

    list_display = ("name", "credit", "canonical", "url")
    search_fields = ("name",)
    prepopulated_fields = {"slug": ("name",)}


@admin.register(Tag)
class TagAdmin(KeyedAdmin):
    """Topics; one with a description and a picture becomes a topic page."""

    list_display = ("name", "slug", "used", "has_description")
    search_fields = ("key", "name")
    prepopulated_fields = {"slug": ("name",)}
    autocomplete_fields = ("picture",)
    fields = ("name", "slug", "description", "picture")
    list_per_page = 50
    show_full_result_count = False

    def get_queryset(self, request: HttpRequest) -> QuerySet[Tag]:
        """With the number of articles that carry each."""
        return Tag.objects.annotate(uses=Count("tagged"))

    def get_urls(self) -> list[URLPattern]:
        """What the article form's tag field asks for."""
        return [path("suggest/", self.admin_site.admin_view(suggest), name="articles_tag_suggest"), *super().get_urls()]

    @admin.display(description=_("articles"), ordering="uses")
    def used(self, tag: Any) -> int:
        """How many articles carry it."""
        return int(tag.uses)

    @admin.display(description=_("topic page"), boolean=True)
    def has_description(self, tag: Tag) -> bool:
        """Whether its page has words of its own."""
        return bool(tag.description)
