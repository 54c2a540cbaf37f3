"""Admin screens of this room."""

import taggit.models
from django.contrib import admin

from articles.article_admin import ArticleAdmin
from articles.models import Article, Section, Series, Source, Tag
from articles.series_admin import SeriesAdmin
from articles.tag_admin import TagAdmin
from pagecache.admin import KeyedAdmin

admin.site.register(Article, ArticleAdmin)
admin.site.register(Series, SeriesAdmin)
admin.site.register(Tag, TagAdmin)
admin.site.unregister(taggit.models.Tag)  # ours is articles.Tag


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
